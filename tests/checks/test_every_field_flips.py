"""For each field that a policy can set, a pair that differs in this field alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from gate.checks import (
    CHECKS,
    configuration,
    digest,
    layout,
    provenance,
    sbom,
    scan_age,
    signature,
    verdict_pass,
    vulnerabilities,
)
from gate.checks.demand.base import Check
from gate.model.evidence import ImageEvidence
from gate.model.image import Digest
from gate.model.link_files import LinkFile, LinkFolder
from gate.model.predicates import (
    BaseImage,
    ImageSignature,
    Package,
    Provenance,
    Rating,
    Sbom,
    Vex,
    VexStatement,
    VexStatus,
    Vulnerability,
)
from gate.model.review import ReviewedImage
from gate.model.verdict import Action, Failed, Outcome, Passed
from gate.pipeline.evaluate import judge_evidence
from gate.policy.document import ImageEntry, Policy
from gate.policy.match import ImagePattern
from gate.policy.section import Params, Section
from gate.predicates import parse as parse_predicate
from tests.builders.configuration import GOOD
from tests.builders.in_toto import BUILD, OWNER, pem, step
from tests.builders.in_toto import OTHER as OTHER_OWNER
from tests.builders.in_toto import layout as signed_layout
from tests.builders.passes import GATE, POLICY, RELEASE, deployed, scaled, signed, summary
from tests.checks.given import AMD64, ARM64, NOW, OTHER, attested, image, scan

DAY = timedelta(days=1)
SIGN = "https://sigstore.dev/cosign/sign/v1"
SLSA = "https://slsa.dev/provenance/v1"
LAYOUT = "urn:gate:in-toto-layout:v1"
ABSENT: Any = object()
REPLICAS = {"kind": "Deployment", "path": "spec.replicas"}


@dataclass(frozen=True, slots=True)
class Flip:
    """One field, the rest of the params, and a value with which the check passes and fails."""

    check: Check[Any]
    field: str
    evidence: ImageEvidence
    passes: Any
    fails: Any
    rest: dict[str, Any]

    @property
    def sets(self) -> str:
        """The field that differs: the key, or of a section that both have, the key within it."""
        passes, fails = _section(self.passes), _section(self.fails)
        if not (isinstance(passes, dict) and isinstance(fails, dict)):
            return self.field
        differing = [k for k in {**passes, **fails} if passes.get(k) != fails.get(k)]
        # A mapping whose keys are no fields of a section is a field as a whole.
        section = self.field in ("base-image", "managed")
        return f"{self.field}.{differing[0]}" if section else self.field


def _section(value: Any) -> Any:  # noqa: ANN401  # whatever a policy holds
    """Return a section itself where a field holds a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def written(flip: Flip, value: Any) -> dict[str, Any]:  # noqa: ANN401  # whatever a policy holds
    return {**flip.rest} if value is ABSENT else {**flip.rest, flip.field: value}


def flips(
    check: Check[Any],
    evidence: ImageEvidence,
    rest: dict[str, Any],
    **fields: tuple[Any, Any],
) -> list[Flip]:
    return [
        Flip(check, field.replace("_", "-"), evidence, passes, fails, rest)
        for field, (passes, fails) in fields.items()
    ]


def shared(check: Check[Any], one: Any, rest: dict[str, Any]) -> list[Flip]:  # noqa: ANN401  # a predicate
    """Return the fields that every check on signed evidence has."""
    kind = {
        signature.CHECK.name: SIGN,
        provenance.CHECK.name: SLSA,
        layout.CHECK.name: LAYOUT,
    }.get(check.name, "https://cyclonedx.org/bom")
    whole = image(attested(one, predicate_type=kind), platforms=True)
    return [
        *flips(check, whole, rest, by=(["ci"], ["other"])),
        *flips(check, whole, {"by": ["ci"], **rest}, at_least=(1, 2), on=("index", "platforms")),
    ]


PACKAGE = Package("left-pad", "1", "pkg:npm/left-pad@1", "", ("MIT",), identified=True)
BOM = Sbom(
    "cyclonedx",
    "1.5",
    1,
    tools=("syft",),
    created=NOW - DAY,
    packages=(PACKAGE,),
    base=BaseImage("docker.io/library/debian", NOW - 9 * DAY),
    about=frozenset({OTHER}),
)
BARE = Sbom("cyclonedx", "1.5", 1, packages=(PACKAGE,))
BUILT = Provenance(
    version="1",
    builder="https://b/1",
    build_type="https://t/1",
    source="https://s/1",
    ref="refs/tags/v1",
    entry_point="e",
)
CI = {"by": ["ci"]}
SCANNER = {"by": ["scanner"]}
FRESH = image(scan(DAY, database=2 * DAY, findings=(), report="trivy"))
STATEMENT = VexStatement(names=("CVE-2026-1",), status=VexStatus.FIXED, at=NOW - DAY)
HIT = Vulnerability(
    id="CVE-2026-1", package="p", rating=Rating.HIGH, score=7.5, published=NOW - 9 * DAY
)
VULNERABLE = image(
    scan(DAY, findings=(HIT,), report="trivy"),
    attested(Vex("a", (STATEMENT,)), by="other", predicate_type="https://openvex.dev/ns"),
)
LAYOUT_SET = parse_predicate(LAYOUT, {"layout": signed_layout(), "links": [BUILD]})
FILES = {
    "build.layout": json.dumps(signed_layout()).encode(),
    "other.layout": json.dumps(signed_layout(step("build", ["DISALLOW", "*"]))).encode(),
}
"""Files beside the policy."""
JUDGED = {"by": ["scanner"], "fail-on": "critical"}


def configured(**changed: Any) -> ImageEvidence:  # noqa: ANN401  # fields of ImageConfiguration
    return replace(image(), configurations=(replace(GOOD, **changed),))


def written_link() -> bytes:
    return json.dumps(BUILD).encode()


ENTRYPOINT = {"entrypoint": "required"}
SHARED: dict[str, Any] = {
    "by": (["ci"], ["other"]),
    "at_least": (1, 2),
    "on": ("index", "platforms"),
}
PASS = {
    "by": ["ci"],
    "verifier": GATE,
    "environment": "production",
    "policies": [str(POLICY)],
    "max-age": "24h",
    "manifests": "exact",
}
PASSED = replace(image(signed(summary()), platforms=True), release=RELEASE)

FLIPS = [
    *shared(signature.CHECK, ImageSignature(), {}),
    *shared(sbom.CHECK, BOM, {}),
    *flips(
        sbom.CHECK,
        image(attested(BOM)),
        CI,
        minimum_packages=(1, 2),
        describes_image=(False, True),
        forbid_packages=(["pkg:npm/left-pad@2"], ["pkg:npm/left-pad@1"]),
        forbid_licenses=(["AGPL-3.0-only"], ["MIT"]),
        allow_licenses=(["MIT"], ["AGPL-3.0-only"]),
        base_image=({"allow": ["docker.io/library"]}, {"allow": ["ghcr.io/acme"]}),
    ),
    *flips(
        sbom.CHECK,
        image(attested(BOM)),
        CI,
        base_image=(
            {"allow": ["docker.io/library"], "max-age": "30d"},
            {"allow": ["docker.io/library"], "max-age": "7d"},
        ),
    ),
    *flips(sbom.CHECK, image(attested(BARE)), CI, minimum_elements=("none", "document")),
    *flips(sbom.CHECK, image(attested(replace(BOM, notes=("n",)))), CI, schema=("noted", "strict")),
    *flips(sbom.CHECK, image(attested(BOM)), CI, minimum_elements=("document", "ntia")),
    *flips(scan_age.CHECK, FRESH, {"max-age": "7d"}, by=(["scanner"], ["ci"])),
    *flips(
        scan_age.CHECK,
        FRESH,
        {"by": ["scanner"], "max-age": "7d"},
        at_least=(1, 2),
        max_database_age=("3d", "1d"),
        scanners=(["trivy"], ["grype"]),
    ),
    *flips(scan_age.CHECK, FRESH, SCANNER, max_age=("7d", "1h")),
    *flips(
        scan_age.CHECK,
        image(scan(DAY), platforms=True),
        {"by": ["scanner"], "max-age": "7d"},
        on=("index", "platforms"),
    ),
    *flips(vulnerabilities.CHECK, FRESH, {"fail-on": "high"}, by=(["scanner"], ["ci"])),
    *flips(vulnerabilities.CHECK, FRESH, {**SCANNER, "fail-on": "high"}, at_least=(1, 2)),
    *flips(
        vulnerabilities.CHECK,
        image(scan(DAY, findings=()), platforms=True),
        {**SCANNER, "fail-on": "high"},
        on=("index", "platforms"),
    ),
    *flips(vulnerabilities.CHECK, VULNERABLE, SCANNER, fail_on=("critical", "high")),
    *flips(
        vulnerabilities.CHECK,
        VULNERABLE,
        JUDGED,
        fail_on_unfixable=("never", "high"),
        fail_on_cvss=(8.0, 7.0),
        deny=(["CVE-2026-2"], ["CVE-2026-1"]),
    ),
    *flips(
        vulnerabilities.CHECK,
        VULNERABLE,
        {**SCANNER, "fail-on": "high"},
        grace=("30d", "7d"),
        vex=(["other"], ["ci"]),
    ),
    *shared(provenance.CHECK, BUILT, {"builder": "https://b/1"}),
    *flips(
        provenance.CHECK,
        image(attested(BUILT, predicate_type=SLSA)),
        CI,
        builder=("https://b/1", "https://b/2"),
    ),
    *flips(
        provenance.CHECK,
        image(attested(BUILT, predicate_type=SLSA)),
        {"by": ["ci"], "builder": "https://b/1"},
        source=("https://s/1", "https://s/2"),
        ref=("refs/tags/*", "refs/heads/*"),
        entry_point=("e", "f"),
        build_type=("https://t/*", "https://u/*"),
    ),
    *flips(
        provenance.CHECK,
        image(attested(replace(BUILT, inputs=(("https://s/2", ""),)), predicate_type=SLSA)),
        {"by": ["ci"], "builder": "https://b/1", "source": "https://s/2"},
        source_from=("resolved-dependencies", "parameters"),
    ),
    *flips(
        provenance.CHECK,
        image(attested(BUILT, predicate_type=SLSA)),
        {"by": ["ci"], "levels": {"https://b/1": 2, "https://b/2": 3}},
        minimum_level=(2, 3),
    ),
    *flips(
        provenance.CHECK,
        image(attested(BUILT, predicate_type=SLSA)),
        {"by": ["ci"], "minimum-level": 2},
        levels=({"https://b/1": 2}, {"https://b/2": 2}),
    ),
    *shared(layout.CHECK, LAYOUT_SET, {"keys": [pem(OWNER)]}),
    *flips(
        layout.CHECK,
        image(attested(LAYOUT_SET, predicate_type=LAYOUT)),
        CI,
        keys=([pem(OWNER)], [pem(OWNER), pem(OTHER_OWNER)]),
    ),
    *flips(
        layout.CHECK,
        replace(image(), links=(LinkFolder("run", (LinkFile("build.link", written_link()),)),)),
        {"keys": [pem(OWNER)]},
        file=("build.layout", "other.layout"),
    ),
    *flips(sbom.CHECK, image(attested(BOM)), CI, base_image=(ABSENT, {"allow": ["ghcr.io/acme"]})),
    *[
        flip
        for field, broken, asked, rest in (
            ("user", {"user": "root"}, "not-root", ENTRYPOINT),
            ("secrets", {"environment": (("DB_PASSWORD", "x"),)}, "forbid", ENTRYPOINT),
            ("ports", {"ports": ("22/tcp",)}, ["8080/tcp"], ENTRYPOINT),
            ("labels", {"labels": {}}, {"is": "shop"}, ENTRYPOINT),
            ("max_age", {"created": NOW - 9 * DAY}, "7d", ENTRYPOINT),
            ("entrypoint", {"entrypoint": ()}, "required", {"user": "not-root"}),
        )
        for flip in flips(
            configuration.CHECK, configured(**broken), rest, **{field: (ABSENT, asked)}
        )
    ],
    *flips(verdict_pass.CHECK, PASSED, PASS, **SHARED),
    *flips(
        verdict_pass.CHECK,
        PASSED,
        PASS,
        verifier=(GATE, "https://other.example/gate"),
        environment=("production", "staging"),
        policies=([str(POLICY)], [f"sha256:{'9' * 64}"]),
        max_age=("24h", "30m"),
    ),
    *flips(
        verdict_pass.CHECK,
        deployed(signed(summary(objects=()))),
        PASS,
        manifests=("images", "exact"),
    ),
    *flips(
        verdict_pass.CHECK,
        deployed(
            signed(summary(evidence_identities=("https://example.com/ci (issuer https://issuer)",)))
        ),
        PASS,
        same_signer=("accepted", "refused"),
    ),
    *flips(
        verdict_pass.CHECK,
        deployed(signed(summary(waivers_expire=NOW + DAY))),
        PASS,
        waivers=("accepted", "refused"),
    ),
    *flips(
        verdict_pass.CHECK,
        scaled(),
        PASS,
        managed=([REPLICAS], ABSENT),
    ),
    *flips(verdict_pass.CHECK, scaled(), PASS, managed=([REPLICAS], [{**REPLICAS, "kind": "Job"}])),
    *flips(
        verdict_pass.CHECK, scaled(), PASS, managed=([REPLICAS], [{**REPLICAS, "path": "spec.x"}])
    ),
]


def verdict(flip: Flip, value: Any) -> Outcome:  # noqa: ANN401  # whatever a policy holds
    return flip.check.run(flip.evidence, read(flip, value), NOW)


def read(flip: Flip, value: Any) -> Params:  # noqa: ANN401  # whatever a policy holds
    params: Params = flip.check.params.model_validate(
        written(flip, value),
        context={"signers": ("ci", "scanner", "other"), "read": FILES.__getitem__},
    )
    return params


def blocks(outcome: Outcome) -> bool:
    if isinstance(outcome, Passed):
        return False
    return not isinstance(outcome, Failed) or any(
        f.action is Action.BLOCK for f in outcome.findings
    )


SIGNED = {"by": ["wrong-signer"], "at-least": ["too-few"], "on": ["incomplete"]}
REASONS: dict[str, dict[str, list[str]]] = {
    "signature": {},
    "sbom": {
        "minimum-packages": ["too-small"],
        "schema": ["schema-broken"],
        "minimum-elements": ["tool-missing time-missing", "below-minimum"],
        "describes-image": ["describes-another"],
        "forbid-packages": ["package-forbidden"],
        "forbid-licenses": ["license-forbidden"],
        "allow-licenses": ["license-forbidden"],
        "base-image": ["base-image-forbidden"],
        "base-image.allow": ["base-image-forbidden"],
        "base-image.max-age": ["base-image-too-old"],
    },
    "scan-age": {
        "max-age": ["too-old"],
        "max-database-age": ["database-too-old"],
        "scanners": ["other-scanner"],
    },
    "vulnerabilities": {
        **{
            key: ["vulnerability-found"] for key in ("fail-on", "fail-on-unfixable", "fail-on-cvss")
        },
        **{key: ["vulnerability-found"] for key in ("grace", "vex")},
        "deny": ["vulnerability-denied"],
    },
    "provenance": {
        **{field: [f"wrong-{field}"] for field in ("builder", "source", "ref")},
        **{field: [f"wrong-{field}"] for field in ("entry-point", "build-type")},
        "source-from": ["wrong-source"],
        **{key: ["level-too-low"] for key in ("minimum-level", "levels")},
    },
    "layout": {"keys": ["wrong-signer"], "file": ["rule-broken"]},
    "configuration": {
        "user": ["user-root"],
        "secrets": ["secret"],
        "ports": ["port"],
        "labels": ["label"],
        "max-age": ["too-old"],
        "entrypoint": ["entrypoint-missing"],
    },
    "pass": {
        "verifier": ["wrong-verifier"],
        "environment": ["wrong-environment"],
        "policies": ["wrong-policy"],
        "max-age": ["too-old"],
        "manifests": ["manifests-changed"],
        "managed": ["manifests-changed"],
        "managed.kind": ["manifests-changed"],
        "managed.path": ["manifests-changed"],
        "same-signer": ["same-signer"],
        "waivers": ["rests-on-waivers"],
    },
}
"""For what each field blocks, by the code without the check's prefix; several where it has several
pairs, and several in one where that pair has."""


@pytest.mark.parametrize(
    "flip", [pytest.param(f, id=f"{f.check.name}-{f.field}-{n}") for n, f in enumerate(FLIPS)]
)
def test_r015_this_field_alone_flips_the_verdict(flip: Flip) -> None:
    assert blocks(verdict(flip, flip.passes)) is False
    failed = verdict(flip, flip.fails)
    assert isinstance(failed, Failed)
    assert blocks(failed) is True
    prefix = "scan-" if flip.check is scan_age.CHECK else f"{flip.check.name}-"
    codes = " ".join(f.code.removeprefix(prefix) for f in failed.findings)
    own = REASONS[flip.check.name]
    assert codes in (own[flip.sets] if flip.sets in own else SIGNED[flip.sets])


@pytest.mark.parametrize("check", REASONS)
def test_every_reason_of_a_field_is_met_by_one_of_its_pairs(check: str) -> None:
    paired = [f.sets for f in FLIPS if f.check.name == check]
    for field, reasons in REASONS[check].items():
        assert paired.count(field) >= len(reasons)


def fields(section: type[Section], prefix: str = "") -> Iterator[str]:
    """Yield every field, and of a field that is a section every field of it."""
    for name, field in section.fields().items():
        written_ = f"{prefix}{field.alias or name}"
        yield written_
        for inner in inside(field.annotation):
            yield from fields(inner, f"{written_}.")


def inside(kind: object) -> Iterator[type[Section]]:
    if isinstance(kind, type) and issubclass(kind, Section):
        yield kind
    for inner in get_args(kind):
        yield from inside(inner)


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda c: c.name)
def test_every_field_of_a_check_has_a_pair(check: Check[Any]) -> None:
    paired = {f.sets for f in FLIPS if f.check is check}
    # `digest` has one value, `required`: its pair is to ask it or not, as for every check.
    only = {"demand"} if check is digest.CHECK else set()
    assert set(fields(check.params)) - only == paired


def test_a_field_within_a_section_is_one_that_needs_a_pair() -> None:
    assert {"base-image", "base-image.allow", "base-image.max-age"} <= set(
        fields(sbom.CHECK.params)
    )


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda c: c.name)
def test_to_ask_a_check_or_not_flips_the_verdict(check: Check[Any]) -> None:
    if check is digest.CHECK:
        evidence, params = image(), check.params.model_validate("required")
    else:
        flip = next(f for f in FLIPS if f.check is check)
        evidence, params = flip.evidence, read(flip, flip.fails)
    name = evidence.image.reference
    reviewed = ReviewedImage(name=str(name), reference=name, uses=(), evidence=evidence)
    for asked, answers in (({check.name: params}, [True]), ({}, [])):
        policy = Policy(
            path="p.yaml",
            digest=Digest("0" * 64),
            signers={},
            roots={},
            images=(ImageEntry(ImagePattern("**"), asked),),
        )
        assert [r.blocks for r in judge_evidence(reviewed, policy, NOW)] == answers


def test_every_platform_covered_meets_a_policy_that_asks_for_platforms() -> None:
    both = [
        attested(ImageSignature(), predicate_type=SIGN, subject=subject)
        for subject in (AMD64, ARM64)
    ]
    params = signature.CHECK.params.model_validate(
        {"by": ["ci"], "on": "platforms"}, context={"signers": ("ci",)}
    )
    assert isinstance(signature.CHECK.run(image(*both, platforms=True), params, NOW), Passed)
