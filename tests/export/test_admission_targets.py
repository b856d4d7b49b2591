"""Policies for Kyverno, policy-controller and nri: of known fields, and never milder in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from gate.cli.reads.find_policy import find_policy
from gate.export.account import Exported, Fate
from gate.export.kyverno import export_kyverno
from gate.export.nri import export_nri
from gate.export.policy_controller import export_policy_controller, image_glob, within
from gate.export.targets import TARGETS
from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.model.image import Digest
from gate.policy.document import Policy
from gate.policy.glob import spans
from tests.fakes.sigstore import LocalSigstore, trusted_root

Written: TypeAlias = Callable[[str], Policy]
SIGNATURE = "https://sigstore.dev/cosign/sign/v1"
GITHUB = "https://token.actions.githubusercontent.com"
WORKFLOW = "https://github.com/acme/shop/.github/workflows/release.yml@refs/tags"
GITLAB = "https://gitlab.com/acme/shop//.gitlab-ci.yml@refs/heads/main"
ACME = "https://acme.example/gate"
DIGEST = "1" * 64
SIGNERS = f"""\
version: 1
signers:
  ci: {{key: ci.pub}}
  other: {{key: other.pub}}
  tags: {{issuer: {GITHUB}, identity: "{WORKFLOW}/v*"}}
  gitlab: {{issuer: "https://gitlab.com", identity: "GITLAB"}}
  ours: {{issuer: "https://id.acme.example", identity: release@acme.example, root: ours}}
trusted-roots: {{ours: {{file: root.json, sha256: ROOT}}}}
"""
PASS = (
    f"verifier: {ACME}, environment: production, policies: ['sha256:{DIGEST}'], max-age: 24h, "
    "manifests: images"
)
WHOLE = f"""\
registries: {{allow: [ghcr.io/acme]}}
images:
  - match: ghcr.io/acme/shop
    digest: required
    signature: {{by: [ci, tags], at-least: 2}}
    sbom: {{by: [tags]}}
    scan-age: {{by: [ci], max-age: 2d}}
  - match: ghcr.io/acme/**
    pass: {{by: [tags], {PASS}}}
"""
FIELDS = {
    target: set(names.split())
    for target, names in {
        "policy-controller": """
            apiVersion kind metadata name namespace data no-match-policy spec mode images glob
            authorities static action message signatureFormat key hashAlgorithm ctlog url
            keyless identities issuer subject subjectRegExp attestations predicateType policy type
        """,
        "kyverno": """
            apiVersion kind metadata name spec validationActions failurePolicy matchConstraints
            resourceRules apiGroups apiVersions operations resources matchImageReferences
            expression validationConfigurations mutateDigest required verifyDigest attestors cosign
            key data hashAlgorithm ctlog url insecureIgnoreTlog insecureIgnoreSCT keyless
            identities issuer subject subjectRegExp attestations intoto type validations message
        """,
        "nri": """
            mode slsa vsa missingPolicy policy maxAge rules images trust verifiers id keys issuers
            sanPatterns signatures requireTransparencyLog
        """,
    }.items()
}
"""What each target's own description knows, of what is written: one that it does not is refused
there, or left out in silence."""


@pytest.fixture
def written(tmp_path: Path) -> Written:
    for name in ("ci", "other"):
        (tmp_path / f"{name}.pub").write_bytes(public_pem(generate().public_key()))
    root = json.dumps(trusted_root(LocalSigstore())).encode()
    (tmp_path / "root.json").write_bytes(root)
    signers = SIGNERS.replace("GITLAB", GITLAB).replace("ROOT", Digest.of(root).hex)

    def write(images: str) -> Policy:
        (tmp_path / "p.yaml").write_text(signers + images)
        return find_policy(str(tmp_path / "p.yaml"), None)

    return write


def entry(demand: str) -> str:
    return f"images: [{{match: ghcr.io/acme/shop, {demand}}}]\n"


def documents(made: Exported) -> list[dict[str, Any]]:
    if made.target == "nri":
        return [json.loads(made.body)]
    return list(yaml.safe_load_all(made.body))


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for one in value.values() for key in keys(one)}
    return {key for one in value for key in keys(one)} if isinstance(value, list) else set()


def fates(made: Exported) -> dict[str, str]:
    short = {Fate.EXPRESSED: "as it is", Fate.APPROXIMATED: "another way", Fate.LOST: "not"}
    kept = (e.demand.removeprefix("images ghcr.io/acme/") for e in made.entries)
    return dict(zip(kept, (short[e.fate] for e in made.entries), strict=True))


@pytest.mark.parametrize("target", sorted(FIELDS))
def test_only_fields_that_the_target_knows_are_written(written: Written, target: str) -> None:
    assert keys(documents(TARGETS[target](written(WHOLE)))) <= FIELDS[target]


def test_each_target_says_what_becomes_of_each_demand(written: Written) -> None:
    policy = written(WHOLE)
    told = {name: fates(TARGETS[name](policy)) for name in sorted(FIELDS)}
    table = {demand: tuple(found[demand] for found in told.values()) for demand in told["kyverno"]}
    other, lost, done = "another way", "not", "as it is"
    assert table == {  # kyverno, nri, policy-controller
        "registries.allow": (other, lost, other),
        "shop digest": (other, lost, other),
        "shop signature": (other, lost, other),
        "shop signature.by.ci.key": (done, lost, done),
        "shop signature.by.tags.issuer": (done, lost, done),
        "shop signature.by.tags.identity": (other, lost, other),
        "shop signature.at-least": (other, lost, done),
        "shop sbom": (other, lost, other),
        "shop sbom.by.tags.issuer": (done, lost, done),
        "shop sbom.by.tags.identity": (other, lost, other),
        "shop scan-age": (other, lost, other),
        "shop scan-age.by.ci.key": (done, lost, done),
        "shop scan-age.max-age": (lost, lost, lost),
        "** pass": (other, other, other),
        "** pass.by.tags.issuer": (done, done, done),
        "** pass.by.tags.identity": (other, other, other),
        "** pass.verifier": (done, done, done),
        "** pass.environment": (done, lost, done),
        "** pass.policies": (done, other, done),
        "** pass.max-age": (lost, done, lost),
        "** pass.manifests": (lost, lost, lost),
    }


def test_kyverno_judges_an_image_by_the_first_entry_that_matches(
    written: Written,
) -> None:
    (made,) = documents(export_kyverno(written(WHOLE)))
    (asked,) = (
        v["expression"] for v in made["spec"]["validations"] if "asks for pass" in v["message"]
    )
    first, second = re.findall(r'(!?)image\.matches\("\^ghcr', asked)[:2]
    assert (first, second) == ("", "!")
    assert made["spec"]["matchImageReferences"] == [{"expression": "true"}]


def test_kyverno_counts_each_signer_once(written: Written) -> None:
    (made,) = documents(export_kyverno(written(entry("signature: {by: [ci, other], at-least: 2}"))))
    expression = made["spec"]["validations"][-1]["expression"]
    assert expression.count("> 0 ? 1 : 0)") == 2
    assert ">= 2" in expression


def test_a_signature_is_what_has_the_type_of_one_and_no_other_attestation(
    written: Written,
) -> None:
    policy = written(entry("signature: {by: [ci, tags]}"))
    (made,) = documents(export_kyverno(policy))
    expression = made["spec"]["validations"][-1]["expression"]
    assert "verifyImageSignatures" not in expression
    assert "verifyAttestationSignatures(image, attestations.sign, " in expression
    assert {"name": "sign", "intoto": {"type": SIGNATURE}} in made["spec"]["attestations"]
    _, made = documents(export_policy_controller(policy))
    asked = {one["name"]: one.get("attestations") for one in made["spec"]["authorities"]}
    # Of a key policy-controller reads the older form alone, in which nothing else is one.
    wanted = [{"name": "signature", "predicateType": SIGNATURE}]
    assert asked == {"ci-0": None, "tags-0": wanted}


def test_what_kyverno_would_believe_of_another_sigstore_is_denied(
    written: Written,
) -> None:
    (made,) = documents(export_kyverno(written(entry("signature: {by: [ours]}"))))
    assert made["spec"]["validations"][-1]["expression"].endswith("|| (false))")
    assert "release@acme.example" not in json.dumps(made["spec"]["attestors"])


def test_what_policy_controller_would_believe_of_another_sigstore_is_denied(
    written: Written,
) -> None:
    _, made = documents(export_policy_controller(written(entry("signature: {by: [ours]}"))))
    (authority,) = made["spec"]["authorities"]
    assert authority["static"]["action"] == "fail"


def test_policy_controller_takes_any_one_signer_or_demands_each(
    written: Written,
) -> None:
    def counts(demand: str) -> list[int]:
        _, *made = documents(export_policy_controller(written(entry(demand))))
        return [len(one["spec"]["authorities"]) for one in made]

    assert counts("signature: {by: [ci, other]}") == [2]
    assert counts("signature: {by: [ci, other], at-least: 2}") == [1, 1]
    # Two of three cannot be said: all three are demanded, which is more and never less.
    assert counts("signature: {by: [ci, other, gitlab], at-least: 2}") == [1, 1, 1]
    assert counts("sbom: {by: [ci]}") == [2]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("ghcr.io/acme/shop", ["ghcr.io/acme/shop"]),
        ("ghcr.io/acme/*", ["ghcr.io/acme/shop"]),
        ("ghcr.io/acme/**", ["ghcr.io/acme/shop", "ghcr.io/acme/a/b/c"]),
        ("ghcr.io/**/shop", ["ghcr.io/shop", "ghcr.io/a/b/shop"]),
        ("docker.io/library/*", ["docker.io/library/nginx"]),
        ("**", ["ghcr.io/acme/shop", "docker.io/library/nginx"]),
    ],
)
def test_policy_controller_sees_every_image_of_a_pattern(pattern: str, names: list[str]) -> None:
    glob = image_glob(pattern)
    assert re.fullmatch(r"[a-zA-Z0-9-_:/*.]+", glob)
    # As its documentation says: ** is anything, and * anything but a slash.
    parts = (re.escape(p).replace(r"\*", "[^/]*") for p in glob.split("**"))
    expression = re.compile(".*".join(parts))
    for name in names:
        assert spans(pattern, name)
        seen = name.replace("docker.io/", "index.docker.io/")
        assert expression.fullmatch(f"{seen}@sha256:{DIGEST}")
        assert expression.fullmatch(f"{seen}:1.4")


@pytest.mark.parametrize(
    ("pattern", "allowed", "named"),
    [
        ("**", ["ghcr.io"], ["ghcr.io/**"]),
        ("**", ["ghcr.io/acme", "quay.io"], ["ghcr.io/acme", "ghcr.io/acme/**", "quay.io/**"]),
        ("ghcr.io/**", ["ghcr.io/acme"], ["ghcr.io/acme", "ghcr.io/acme/**"]),
        ("ghcr.io/acme/*", ["ghcr.io", "ghcr.io/acme"], ["ghcr.io/acme/*"]),
        ("ghcr.io/acme/shop", ["ghcr.io/acme", "quay.io"], ["ghcr.io/acme/shop"]),
        ("ghcr.io/acme", ["ghcr.io/acme/shop"], []),
        ("ghcr.io/acme-too/**", ["ghcr.io/acme"], []),
        ("ghcr.io/*/shop", ["ghcr.io/acme"], []),
        ("ghcr.io/*", ["ghcr.io/acme", "ghcr.io"], []),
        ("**/shop", ["ghcr.io/acme"], []),
    ],
)
def test_the_images_of_a_pattern_that_are_from_an_allowed_registry_are_patterns_or_cannot_be_said(
    pattern: str, allowed: list[str], named: list[str]
) -> None:
    assert list(within(pattern, allowed)) == named
    images = [
        f"{host}/{path}"
        for host in ("ghcr.io", "quay.io")
        for path in ("acme", "shop", "acme/shop", "acme/shop/web", "acme-too/shop")
    ]
    if named:
        below = [f"{one}/**" for one in allowed] + [one for one in allowed if "/" in one]
        for image in images:
            within_one = any(spans(one, image) for one in below)
            meant = spans(pattern, image) and within_one
            assert any(spans(one, image) for one in named) is meant


@pytest.mark.parametrize(
    ("patterns", "denied"),
    [
        (("ghcr.io/acme/**", "**"), True),
        (("ghcr.io/acme/**", "*.io/**"), True),
        (("ghcr.io/acme/**", "quay.io/**"), False),
        (("**",), False),
    ],
)
def test_policy_controller_denies_another_spelling_that_would_meet_a_later_entry(
    written: Written, patterns: tuple[str, ...], *, denied: bool
) -> None:
    entries = "".join(f'  - {{match: "{p}", signature: {{by: [ci]}}}}\n' for p in patterns)
    _, *made = documents(export_policy_controller(written(f"images:\n{entries}")))
    names = [one for one in made if one["metadata"]["name"] == "gate-names"]
    assert bool(names) is denied
    for policy in names:
        globs = [one["glob"] for one in policy["spec"]["images"]]
        assert seen_by(globs, "ghcr.io:443/acme/shop")
        assert seen_by(globs, "GHCR.io/acme/shop")
        assert seen_by(globs, "localhost:05000/acme/shop")
        assert not seen_by(globs, "ghcr.io/acme/shop:RC1")
        assert not seen_by(globs, "registry:443/acme/shop")


def seen_by(globs: list[str], name: str) -> bool:
    parts = ([re.escape(p).replace(r"\*", "[^/]*") for p in glob.split("**")] for glob in globs)
    return any(re.fullmatch(".*".join(one), name) for one in parts)


@pytest.mark.parametrize(("pattern", "told"), [("**", True), ("ghcr.io/*/shop", False)])
def test_policy_controller_denies_another_registry_where_its_globs_can_say_so(
    written: Written, pattern: str, *, told: bool
) -> None:
    images = f'images: [{{match: "{pattern}", signature: {{by: [ci]}}}}]\n'
    made = export_policy_controller(written(f"registries: {{allow: [ghcr.io/acme]}}\n{images}"))
    _, document = documents(made)
    globs = [one["glob"] for one in document["spec"]["images"]]
    assert globs == (["ghcr.io/acme*", "ghcr.io/acme/**"] if told else ["ghcr.io/*/shop*"])
    assert (fates(made)["registries.allow"] == "another way") is told


@pytest.mark.parametrize(
    "by", ["[ci, tags]", "[tags, gitlab]", "[ours]", "[ci, other], at-least: 2"]
)
def test_nri_trusts_nobody_where_the_signers_cannot_be_said_together(
    written: Written, by: str
) -> None:
    (made,) = documents(export_nri(written(entry(f"pass: {{by: {by}, {PASS}}}"))))
    assert made["rules"][0]["trust"] == {}
    assert made["rules"][0]["vsa"] == {"missingPolicy": "deny"}


def test_nri_asks_for_the_pass_of_keys_and_its_age(written: Written) -> None:
    (made,) = documents(export_nri(written(entry(f"pass: {{by: [ci, other], {PASS}}}"))))
    (rule,) = made["rules"]
    folder = "/etc/nri-supply-chain/keys"
    keyed = {"id": ACME, "keys": [f"{folder}/ci.pub", f"{folder}/other.pub"]}
    assert rule["trust"] == {"verifiers": [keyed]}
    assert rule["vsa"] == {"missingPolicy": "deny", "policy": f"{ACME}/policy", "maxAge": "86400s"}
    assert (made["mode"], made["vsa"]) == ("enforce", {"missingPolicy": "deny"})
