"""The whole flow, with a registry and a verifier that say what a test wants."""

from __future__ import annotations

import gc
import itertools
import json
import weakref
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from gate.errors import RegistryError, UsageError
from gate.lint.settings import lint_settings
from gate.manifests.load import load_manifests
from gate.manifests.manifests import Manifests
from gate.model.evidence import (
    Attached,
    AttachedKind,
    Clock,
    ImageEvidence,
    Rejection,
    SigningTime,
    Storage,
    Unread,
    VerifiedAttestation,
)
from gate.model.image import Digest, ResolvedImage
from gate.model.predicates import Predicate
from gate.model.review import Review
from gate.model.verdict import Blocked, Cleared, Failed, Finding, Result
from gate.pipeline.review import review
from gate.predicates import verification_summary
from gate.predicates.verification_summary import EXTENSION
from gate.registry.attempt import Told
from gate.reports.assemble import assemble, exit_code
from gate.reports.json_v1 import render
from gate.signing.statement import statements
from gate.signing.summary import Issuer
from tests.builders.reviews import NOW, OTHER, POD, POLICY, SHOP, Registry, Verifier, judge, load


class BrokenVerifier(Verifier):
    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        raise AssertionError(attached, image)


def codes(done: Review) -> list[str]:
    report = assemble(done, command="check", tool_version="0", policy_path="p.yaml")
    return [f.code for f in report.findings] + [u.outcome.code for u in report.undecided]


def test_a_release_in_order_is_cleared() -> None:
    done = judge(SHOP, OTHER)
    assert isinstance(done.verdict, Cleared)
    assert exit_code(done) == 0
    assert [str(i) for i in done.verdict.plan.release.images] == [
        f"ghcr.io/acme/{name}@{Digest.of(f'ghcr.io/acme/{name}'.encode())}"
        for name in ("other", "shop")
    ]
    assert [o.name for o in done.verdict.plan.release.objects] == ["Pod/p0", "Pod/p1"]


def test_an_image_of_the_call_is_judged_like_one_of_a_manifest() -> None:
    assert isinstance(judge(names=(SHOP,)).verdict, Cleared)
    assert codes(judge(names=("ghcr.io/evil/x:1",))) == [
        "image-not-covered",
        "registry-not-allowed",
    ]


@pytest.mark.parametrize("order", [*itertools.permutations(["ok", "unsigned", "elsewhere"])])
def test_r025_r028_one_bad_image_blocks_wherever_it_stands(order: tuple[str, ...]) -> None:
    names = {"ok": SHOP, "unsigned": OTHER, "elsewhere": "quay.io/x/y:1"}
    registry = Registry(unsigned=frozenset({"ghcr.io/acme/other"}))
    done = judge(*(names[o] for o in order), registry=registry)
    assert isinstance(done.verdict, Blocked)
    assert sorted(codes(done)) == ["image-not-covered", "registry-not-allowed", "signature-absent"]
    assert exit_code(done) == 1


def test_an_image_that_its_name_blocks_is_never_asked_for() -> None:
    registry = Registry()
    judge(SHOP, "quay.io/x/y:1", registry=registry)
    assert registry.asked == ["ghcr.io/acme/shop"]


def test_r119_a_registry_that_does_not_answer_is_undecided_and_hides_no_other_image() -> None:
    down = RegistryError("unreachable", "ghcr.io did not answer", remedy="run again")
    done = judge(SHOP, OTHER, registry=Registry(failing={"ghcr.io/acme/shop": down}))
    assert codes(done) == ["unreachable"]
    assert exit_code(done) == 3
    report = assemble(done, command="check", tool_version="0", policy_path="p.yaml")
    assert [(i.name, [c.status.value for c in i.checks]) for i in report.images] == [
        (OTHER, ["passed", "passed", "passed"]),
        (SHOP, ["passed", "passed", "undecided"]),
    ]


def test_a_failure_beside_what_is_undecided_is_a_failure() -> None:
    down = RegistryError("unreachable", "ghcr.io did not answer", remedy="run again")
    registry = Registry(
        unsigned=frozenset({"ghcr.io/acme/other"}), failing={"ghcr.io/acme/shop": down}
    )
    assert exit_code(judge(SHOP, OTHER, registry=registry)) == 1


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("y"), AssertionError(), MemoryError()])
def test_r110_whatever_breaks_on_an_image_leaves_it_undecided(error: Exception) -> None:
    done = judge(SHOP, OTHER, registry=Registry(failing={"ghcr.io/acme/shop": error}))
    assert codes(done) == ["internal-error"]
    assert exit_code(done) == 3
    assert codes(judge(SHOP, verifier=BrokenVerifier())) == ["internal-error"]


def test_a_name_that_is_no_reference_fails_at_its_place() -> None:
    done = judge(SHOP, "Not_A_Reference!")
    report = assemble(done, command="check", tool_version="0", policy_path="p.yaml")
    assert [(f.code, str(f.location)) for f in report.findings] == [
        ("image-reference-malformed", "m.yaml:15:7")
    ]
    assert report.exit_code == 1


def test_r033_r135_one_name_is_resolved_once_however_often_it_stands() -> None:
    registry = Registry()
    done = judge(SHOP, SHOP, "ghcr.io/acme/shop:1", registry=registry)
    assert registry.asked == ["ghcr.io/acme/shop"]
    assert len(done.images[0].uses) == 3


def test_r041_r316_where_digests_are_required_a_tag_alone_blocks() -> None:
    done = judge(SHOP, digests_required=True)
    assert codes(done) == ["digest-required"]
    assert isinstance(judge(f"{SHOP}@{Digest('5' * 64)}", digests_required=True).verdict, Cleared)


def test_a_tag_and_the_digest_it_resolves_to_make_the_same_release() -> None:
    digest = Digest.of(b"ghcr.io/acme/shop")
    tagged, pinned = judge(SHOP), judge(f"{SHOP}@{digest}")
    assert tagged.verdict.plan.release.digest == pinned.verdict.plan.release.digest


HELD = Digest.of(b"ghcr.io/acme/shop")
NAMES = {
    "none": "ghcr.io/acme/shop",
    "tag": SHOP,
    "digest": f"ghcr.io/acme/shop@{HELD}",
    "both": f"{SHOP}@{HELD}",
}
ISSUER = Issuer(
    verifier="https://acme.example/gate",
    environment="production",
    valid_for=timedelta(hours=24),
    tool_version="0",
    manifests_bound=True,
)


@pytest.mark.parametrize("called", [False, True], ids=["manifests", "call"])
@pytest.mark.parametrize(("one", "other"), [*itertools.combinations_with_replacement(NAMES, 2)])
def test_an_image_may_have_any_two_names_and_is_one_image_of_the_release(
    one: str, other: str, *, called: bool
) -> None:
    named = (NAMES[one], NAMES[other])
    done = judge(named[0], names=named[1:]) if called else judge(*named)
    assert isinstance(done.verdict, Cleared)
    assert [i.name for i in done.images] == sorted(set(named))
    assert [str(i) for i in done.verdict.plan.release.images] == [NAMES["digest"]]
    (stated,) = statements(done.verdict, ISSUER)
    said = json.loads(stated.payload)
    assert said["predicate"]["resourceUri"] == NAMES["digest"]
    assert [(c["check"], c["subject"]) for c in said["predicate"][f"{EXTENSION}checks"]] == [
        ("images", NAMES["digest"]),
        ("manifests", "manifests"),
        ("registry", NAMES["digest"]),
        ("signature", NAMES["digest"]),
    ]
    assert len(said["subject"]) == 1


def test_what_is_wrong_with_an_image_of_two_names_is_said_once_for_each_place() -> None:
    unsigned = Registry(unsigned=frozenset({"ghcr.io/acme/shop"}))
    names = tuple(NAMES.values())
    assert codes(judge(names=names, registry=unsigned)) == ["signature-absent"]
    assert codes(judge(*names, registry=unsigned)) == ["signature-absent"] * len(names)


def test_r003_nothing_to_judge_is_an_error_and_no_verdict() -> None:
    with pytest.raises(UsageError) as caught:
        judge()
    assert caught.value.code == "nothing-to-judge"
    assert caught.value.exit_code == 2


CONFIGURATION = (
    b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: acme}\ndata: {a: b}\n"
)


def judge_objects(policy: str) -> Review:
    loaded = load(policy)
    return review(
        load_manifests([("m.yaml", CONFIGURATION)]),
        (),
        loaded,
        registry=Registry(),
        verifier=Verifier(),
        rules=lint_settings(loaded.manifests) if loaded.manifests else None,
        now=NOW,
    )


def test_a_release_of_configuration_alone_is_judged_by_the_rules_of_the_policy() -> None:
    done = judge_objects(POLICY + "manifests: {profile: gate}\n")
    assert isinstance(done.verdict, Cleared)
    assert (done.objects, done.images, exit_code(done)) == (1, (), 0)
    assert statements(done.verdict, ISSUER) == ()


@pytest.mark.parametrize(
    ("policy", "remedy"),
    [
        (POLICY, "add `manifests: {profile: gate}` to the policy"),
        (
            POLICY.replace("signature: {by: [ci]}", "without-pass: x\n    digest: required")
            + "manifests: {profile: gate}\n",
            "its pass then covers these objects too",
        ),
    ],
)
def test_configuration_of_which_nothing_is_asked_or_no_pass_can_be_there_is_not_cleared(
    policy: str, remedy: str
) -> None:
    with pytest.raises(UsageError) as caught:
        judge_objects(policy)
    assert (caught.value.code, remedy in caught.value.remedy) == ("nothing-to-judge", True)


def test_r026_the_order_of_documents_changes_no_byte_of_the_report() -> None:
    def text(*images: str) -> object:
        done = judge(*images, names=(OTHER, "ghcr.io/acme/third"))
        value = json.loads(
            render(assemble(done, command="check", tool_version="0", policy_path="p"))
        )
        for image in value["images"]:
            image["uses"] = []
        value["release"] = None
        return value

    assert text(SHOP, OTHER) == text(OTHER, SHOP)


def test_an_image_volume_and_an_init_container_are_judged_too() -> None:
    registry = Registry(unsigned=frozenset({"ghcr.io/acme/init", "ghcr.io/acme/volume"}))
    extra = (
        "  initContainers:\n    - {name: i, image: ghcr.io/acme/init}\n"
        "  volumes:\n    - {name: v, image: {reference: ghcr.io/acme/volume}}\n"
    )
    text = POD.replace("IMAGE", SHOP) + extra
    loaded = load(POLICY)
    done = review(
        load_manifests([("m.yaml", text.encode())]),
        (),
        loaded,
        registry=registry,
        verifier=Verifier(),
        rules=None,
        now=NOW,
    )
    assert codes(done) == ["signature-absent", "signature-absent"]


def test_a_manifest_that_does_not_parse_is_a_located_failure_beside_the_rest() -> None:
    loaded = load(POLICY)
    files = [("bad.yaml", b"a: [\n"), ("good.yaml", POD.replace("IMAGE", SHOP).encode())]
    done = review(
        load_manifests(files),
        (),
        loaded,
        registry=Registry(),
        verifier=Verifier(),
        rules=None,
        now=NOW,
    )
    report = assemble(done, command="check", tool_version="0", policy_path="p.yaml")
    assert [(f.code, f.location.path) for f in report.findings if f.location] == [
        ("yaml-parse-error", "bad.yaml")
    ]
    assert report.exit_code == 1
    assert [c.status.value for c in report.images[0].checks] == ["passed"] * 3


NESTED = """\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: List
    items:
      - {apiVersion: v1, kind: Pod, spec: {containers: [{name: c, image: IMAGE}]}}
"""


@pytest.mark.parametrize(
    "text",
    [POD.replace("IMAGE", SHOP) + "---\n" + POD, NESTED, "---\n---\n" + POD],
    ids=["second document", "list in a list", "after empty documents"],
)
def test_r030_an_image_is_found_wherever_it_stands(text: str) -> None:
    registry = Registry(unsigned=frozenset({"ghcr.io/acme/other"}))
    done = review(
        load_manifests([("m.yaml", text.replace("IMAGE", OTHER).encode())]),
        (),
        load(POLICY),
        registry=registry,
        verifier=Verifier(),
        rules=None,
        now=NOW,
    )
    assert codes(done) == ["signature-absent"]


class TwiceVerifier(Verifier):
    """Finds a log entry with the same bytes where the annotations have one."""

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        found = super().verify(attached, image)
        assert isinstance(found, VerifiedAttestation)
        times = (SigningTime(NOW, Clock.LOG, "log"),) if attached.annotations else ()
        return replace(found, times=times)


@dataclass
class TwiceRegistry(Registry):
    """Holds the same bytes twice, with a log entry and without."""

    turned: bool = False

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> tuple[Told, ...]:
        (one,) = super().attached(image, wanted)
        assert isinstance(one, Attached)
        both = (one, replace(one, annotations={"log": "entry"}))
        return both[::-1] if self.turned else both


def test_the_same_bytes_with_two_proofs_are_reported_in_one_order() -> None:
    one, other = (
        render(assemble(done, command="check", tool_version="0", policy_path="p.yaml"))
        for turned in (False, True)
        for done in (
            judge(
                "ghcr.io/acme/a:1", registry=TwiceRegistry(turned=turned), verifier=TwiceVerifier()
            ),
        )
    )
    assert one == other


@pytest.mark.parametrize("about", ["image", "manifest"])
def test_r194_how_far_ahead_a_waiver_may_end_alone_flips_the_verdict(about: str) -> None:
    digest = Digest.of(b"ghcr.io/acme/shop")
    waiver = {
        "image": f"check: signature, finding: signature-absent, image: ghcr.io/acme/shop@{digest}",
        "manifest": "check: read-secret-from-env-var, finding: X, object: ns/Pod/x",
    }[about]
    policy = (
        f"{POLICY}waivers:\n  - {{{waiver}, owner: me, reason: soon, expires: 2027-03-01}}\n"
        "max-waiver: "
    )
    registry = Registry(unsigned=frozenset({"ghcr.io/acme/shop"} if about == "image" else ()))
    done = [judge(SHOP, registry=registry, policy=f"{policy}{bound}") for bound in ("100d", "99d")]
    if about == "image":
        assert [isinstance(d.verdict, Cleared) for d in done] == [True, False]
        return
    said = [f.message for d in done for r in d.verdict.results for f in warned(r)]
    assert ["days ahead" in message for message in said] == [False, True]


def warned(result: Result) -> tuple[Finding, ...]:
    return result.outcome.findings if isinstance(result.outcome, Failed) else ()


def test_r199_every_waiver_that_was_used_is_listed_in_the_pass_and_no_other() -> None:
    digest = Digest.of(b"ghcr.io/acme/shop")
    waiver = "owner: me, reason: soon, expires: 2026-12-31}\n"
    policy = (
        f"{POLICY}waivers:\n"
        f"  - {{check: signature, finding: signature-absent, image: ghcr.io/acme/shop@{digest}, "
        f"{waiver}  - {{check: sbom, finding: sbom-absent, image: ghcr.io/acme/shop, {waiver}"
    )
    done = judge(SHOP, OTHER, registry=Registry(frozenset({"ghcr.io/acme/shop"})), policy=policy)
    assert isinstance(done.verdict, Cleared)
    issuer = Issuer(
        verifier="https://acme.example/gate",
        environment="production",
        valid_for=timedelta(days=60),
        tool_version="0",
        manifests_bound=True,
    )
    for statement in statements(done.verdict, issuer):
        said = json.loads(statement.payload)["predicate"]
        assert [(w["check"], w["finding"]) for w in said[f"{EXTENSION}waivers"]] == [
            ("signature", "signature-absent")
        ]
        summary = verification_summary.parse(said)
        assert summary.waivers_expire == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_r195_a_waiver_of_one_object_does_not_excuse_an_image_that_others_run_too() -> None:
    unsigned = Registry(unsigned=frozenset({"ghcr.io/acme/shop"}))
    lax = POLICY.replace("signature: {by: [ci]}", "sbom: {by: [ci]}")
    waiver = "check: sbom, finding: sbom-absent, object: Pod/p0"
    policy = f"{lax}waivers:\n  - {{{waiver}, owner: me, reason: soon, expires: 2026-12-31}}\n"
    done = judge(SHOP, SHOP, registry=unsigned, policy=policy)
    assert sorted(codes(done)) == ["sbom-absent", "waiver-unused"]
    assert isinstance(done.verdict, Blocked)


def test_a_waiver_that_excused_a_finding_about_an_object_is_not_called_idle() -> None:
    policy = f"{POLICY}manifests: {{profile: gate, complete: true}}\n"
    waivers = "".join(
        f"  - {{check: {code}, finding: {code}, object: Pod/p0, owner: me, reason: soon, "
        "expires: 2026-12-31}\n"
        for code in ("unset-memory-requirements", "host-pid")
    )
    done = judge(SHOP, policy=f"{policy}waivers:\n{waivers}")
    report = assemble(done, command="check", tool_version="0", policy_path="p.yaml")
    assert [w.finding.code for w in report.waived] == ["unset-memory-requirements"]
    idle = [f.id for f in report.findings if f.code == "waiver-unused"]
    assert idle == ["host-pid"]


class Refusing(Verifier):
    """Rejects whatever it is given."""

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        code = f"code-{attached.content.decode()}"
        return Rejection(attached.digest, code, "m", attached.kind, attached.storage, image.digest)


def test_what_is_rejected_is_known_in_one_order_however_it_was_found() -> None:
    @dataclass
    class Several(Registry):
        contents: tuple[bytes, ...] = ()

        def attached(
            self, image: ResolvedImage, wanted: frozenset[str] | None = None
        ) -> tuple[Attached | Unread, ...]:
            del wanted
            kind, storage = AttachedKind.BUNDLE, Storage.REFERRERS
            return tuple(Attached(kind, c, storage, image.digest) for c in self.contents)

    found = []
    for contents in itertools.permutations((b"a", b"b", b"c")):
        done = judge(SHOP, registry=Several(contents=contents), verifier=Refusing())
        evidence = done.images[0].evidence
        assert isinstance(evidence, ImageEvidence)
        found.append(evidence.rejections)
    assert len(found[0]) == 3
    assert len(set(found)) == 1


STRICT = f"{POLICY}manifests: {{profile: gate, block: [not-a-kubernetes-object]}}\n"


def reviewed(manifests: Manifests, policy: str = POLICY) -> Review:
    loaded = load(policy)
    return review(
        manifests,
        [SHOP],
        loaded,
        registry=Registry(),
        verifier=Verifier(),
        rules=lint_settings(loaded.manifests) if loaded.manifests else None,
        now=NOW,
    )


def test_what_is_found_while_files_are_read_does_what_the_policy_says_of_it() -> None:
    values = load_manifests([("values.yaml", b"a: 1\n")])
    assert isinstance(reviewed(values).verdict, Cleared)
    done = reviewed(values, STRICT)
    assert isinstance(done.verdict, Blocked)
    assert codes(done) == ["not-a-kubernetes-object"]


def test_what_is_wrong_with_manifests_blocks_wherever_it_was_found() -> None:
    broken = load_manifests([("m.yaml", b"{")])
    lost = load_manifests([("m.yaml", POD.replace("IMAGE", "{a: b}").encode())])
    for manifests in (replace(broken, files=0), replace(lost, files=0), broken, lost):
        done = reviewed(manifests)
        assert isinstance(done.verdict, Blocked)
        assert [r.question.check for r in done.verdict.results if r.blocks] == ["manifests"]


def test_places_of_objects_are_not_held_after_their_images_were_found() -> None:
    manifests = load_manifests([("m.yaml", POD.replace("IMAGE", SHOP).encode())])
    (one,) = manifests.objects
    assert one.document.place("spec").line == 4
    held = weakref.ref(one.document.held._indexes)  # noqa: SLF001  # what is held
    reviewed(manifests)
    gc.collect()
    assert held() is None
