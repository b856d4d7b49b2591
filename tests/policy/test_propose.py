"""What `gate init` proposes: policies that load, and that ask no more than was seen."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gate.checks import proposals
from gate.policy.propose import Project, SeenImage, SeenSigner, propose
from tests.builders.policies import load
from tests.builders.proposals import CI, EXPECTED, GITHUB, PROJECT, WORKFLOW


def proposed(*images: SeenImage, project: Project = PROJECT) -> dict[str, Any]:
    text = propose(project, images, ".gate.schema.json", proposals())
    load(text, {"root.json": b"{}"})
    value: dict[str, Any] = yaml.safe_load(text)
    return value


def image(name: str = "ghcr.io/acme/shop", **evidence: tuple[SeenSigner, ...]) -> SeenImage:
    return SeenImage(repository=name, evidence=evidence)


def test_each_kind_of_evidence_that_was_seen_is_demanded_of_who_signed_it() -> None:
    scanner = SeenSigner("https://accounts.google.com", "scanner@acme.example")
    policy = proposed(image(signature=(CI,), sbom=(CI,), vulnerabilities=(scanner,)))
    assert policy["images"] == [
        {
            "match": "ghcr.io/acme/shop",
            "signature": {"by": ["release"]},
            "sbom": {"by": ["release"]},
            "scan-age": {"by": ["scanner"], "max-age": "7d"},
            "vulnerabilities": {"by": ["scanner"], "fail-on": "critical"},
        }
    ]


def test_a_tag_that_signed_is_opened_for_the_next_tag_and_nothing_else() -> None:
    policy = proposed(image(signature=(CI,)))
    assert policy["signers"] == {
        "release": {
            "issuer": GITHUB,
            "identity": WORKFLOW.replace("v1.2.3", "v*"),
        }
    }


def test_a_branch_that_signed_stays_that_branch() -> None:
    main = SeenSigner(GITHUB, WORKFLOW.replace("tags/v1.2.3", "heads/main"))
    policy = proposed(image(signature=(main,)))
    assert policy["signers"]["release"]["identity"] == main.identity


def test_one_workflow_at_two_tags_is_one_signer() -> None:
    later = SeenSigner(CI.issuer, CI.identity.replace("v1.2.3", "v1.3.0"), CI.source_repository)
    policy = proposed(image(signature=(CI,)), image("ghcr.io/acme/cart", signature=(later,)))
    assert list(policy["signers"]) == ["release"]
    assert [entry["signature"] for entry in policy["images"]] == [{"by": ["release"]}] * 2


def test_a_reusable_workflow_is_held_to_the_repository_that_called_it() -> None:
    shared = "https://github.com/acme/workflows/.github/workflows/build.yml@refs/heads/main"
    signer = SeenSigner(GITHUB, shared, "https://github.com/acme/shop")
    policy = proposed(image(signature=(signer,)))
    assert policy["signers"]["build"]["source-repository"] == "https://github.com/acme/shop"


def test_provenance_is_demanded_of_the_builder_and_source_that_were_seen() -> None:
    seen = SeenImage(
        repository="ghcr.io/acme/shop",
        evidence={"provenance": (CI,)},
        builds=(("https://builder.example/b@refs/tags/v1.10.0", "https://github.com/acme/shop"),),
    )
    assert proposed(seen)["images"][0]["provenance"] == {
        "by": ["release"],
        "builder": "https://builder.example/b@refs/tags/v*",
        "source": "https://github.com/acme/shop",
    }


def test_a_builder_that_is_one_run_of_github_actions_is_opened_for_every_run() -> None:
    runs = "https://github.com/acme/shop/actions/runs"
    seen = SeenImage(
        repository="ghcr.io/acme/shop",
        evidence={"provenance": (CI,)},
        builds=((f"{runs}/17/attempts/1", ""), (f"{runs}/18/attempts/2", "")),
    )
    (entry,) = proposed(seen)["images"]
    assert entry["provenance"]["builder"] == f"{runs}/*/attempts/*"


def test_provenance_by_two_builders_is_left_for_people_to_decide() -> None:
    seen = SeenImage(
        repository="ghcr.io/acme/shop",
        evidence={"provenance": (CI,)},
        builds=(("https://a.example", ""), ("https://b.example", "")),
    )
    assert proposed(seen)["images"] == [{"match": "ghcr.io/acme/shop", "digest": "required"}]


def test_an_own_image_without_evidence_is_demanded_to_be_signed_by_its_ci() -> None:
    policy = proposed(SeenImage(repository="ghcr.io/acme/shop", note="Nothing is attached to it"))
    assert policy["signers"]["release"]["identity"] == EXPECTED.identity
    assert policy["images"][0]["signature"] == {"by": ["release"]}


def test_another_image_without_evidence_is_held_to_its_digest() -> None:
    policy = proposed(SeenImage(repository="docker.io/library/nginx", note="Nothing"))
    assert policy["images"] == [{"match": "docker.io/library/nginx", "digest": "required"}]
    assert "signers" not in policy


def test_a_pass_is_signed_keyless_only_where_the_ci_has_an_identity() -> None:
    without = Project(verifier="urn:gate:shop")
    assert "pass" not in proposed(image(signature=(CI,)), project=without)
    assert proposed(image(signature=(CI,)))["pass"]["sign"] == {"keyless": True}


def test_another_sigstore_is_pinned_by_its_digest() -> None:
    own = Project(verifier="urn:gate:shop", trusted_root=("root.json", "0" * 64))
    policy = proposed(image(signature=(CI,)), project=own)
    assert policy["trusted-roots"] == {"own": {"file": "root.json", "sha256": "0" * 64}}
    assert policy["signers"]["release"]["root"] == "own"


def test_only_the_repositories_that_were_named_are_allowed() -> None:
    policy = proposed(image(signature=(CI,)), image("docker.io/library/nginx", sbom=(CI,)))
    assert policy["registries"] == {"allow": ["docker.io/library/nginx", "ghcr.io/acme/shop"]}


SIGNERS = st.builds(
    SeenSigner,
    issuer=st.sampled_from([GITHUB, "https://gitlab.example:8443/x", "https://a.example/#f"]),
    identity=st.one_of(
        st.just(WORKFLOW),
        st.builds(
            "{}@mail.example".format, st.from_regex(r"[a-z0-9.+'#!%&-]{1,20}", fullmatch=True)
        ),
        st.builds(
            "https://gitlab.com/a/b//{}.yml@refs/heads/{}".format,
            st.from_regex(r"[a-z0-9._-]{1,12}", fullmatch=True),
            st.from_regex(r"[a-z0-9._#:,'\"-]{1,12}", fullmatch=True),
        ),
    ).filter(lambda text: "github" not in text or "@refs" in text),
)


@given(st.lists(st.lists(SIGNERS, min_size=1, max_size=3, unique=True), min_size=1, max_size=3))
def test_whatever_identities_were_seen_the_proposal_loads_and_names_them(
    signers: list[list[SeenSigner]],
) -> None:
    images = [
        image(f"ghcr.io/acme/i{number}", signature=tuple(sorted(some, key=lambda s: s.order)))
        for number, some in enumerate(signers)
        if all(s.issuer != GITHUB or s.identity == WORKFLOW for s in some)
    ]
    if not images:
        return
    policy = proposed(*images)
    named = {(s["issuer"], s["identity"]) for s in policy["signers"].values()}
    seen = {
        (s.issuer, s.pattern)
        for one in images
        for s in one.evidence["signature"]
        if isinstance(s, SeenSigner)
    }
    assert named == seen


def many(count: int, folder: str = "registry.example/team") -> list[SeenImage]:
    signer = SeenSigner("https://issuer.example", "ci@acme.example")
    return [
        SeenImage(repository=f"{folder}/s{number:02}", evidence={"signature": (signer,)})
        for number in range(count)
    ]


def test_many_repositories_of_one_folder_that_show_the_same_are_one_entry() -> None:
    policy = proposed(*many(30))
    assert [entry["match"] for entry in policy["images"]] == ["registry.example/team/**"]
    assert policy["registries"]["allow"] == ["registry.example/team"]


def test_a_few_repositories_of_one_folder_stay_one_by_one() -> None:
    assert len(proposed(*many(9))["images"]) == 9


def test_a_repository_that_shows_something_else_comes_before_the_folder() -> None:
    odd = SeenImage(repository="registry.example/team/s99", note="Nothing is attached to it")
    images = proposed(*many(12), odd, *many(11, "registry.example/team/sub"))["images"]
    assert [entry["match"] for entry in images] == [
        "registry.example/team/s99",
        "registry.example/team/sub/**",
        "registry.example/team/**",
    ]


def test_many_foreign_images_without_any_signature_open_no_folder() -> None:
    images = [SeenImage(repository=f"quay.io/x/i{number:02}", note="-") for number in range(20)]
    assert len(proposed(*images)["images"]) == 20


@pytest.mark.parametrize(
    ("signer", "told"),
    [
        (CI, False),
        (SeenSigner(GITHUB, WORKFLOW.replace("acme/shop", "acme/flows")), False),
        (SeenSigner(GITHUB, WORKFLOW.replace("acme/", "acme-evil/")), True),
        (SeenSigner("https://evil.example", WORKFLOW), True),
        (SeenSigner("https://accounts.google.com", "eve@evil.example"), True),
    ],
)
def test_a_signer_of_another_owner_is_told_apart(signer: SeenSigner, *, told: bool) -> None:
    text = propose(PROJECT, [image(signature=(signer,))], ".gate.schema.json", proposals())
    assert ("keep it if you know it" in text) == told


def test_where_no_owner_is_known_each_signer_is_told() -> None:
    project = Project(verifier="urn:gate:shop")
    text = propose(project, [image(signature=(CI,))], ".gate.schema.json", proposals())
    assert text.count("keep it if you know it") == 1
