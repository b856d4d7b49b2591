"""A pass ends before anything that it rests on does: what is cleared stays so until then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from gate.checks import CHECKS
from gate.model.evidence import ImageEvidence
from gate.model.image import Digest, Platform
from gate.model.image_configuration import ImageConfiguration
from gate.model.predicates import (
    BaseImage,
    Package,
    Rating,
    Sbom,
    Vulnerability,
)
from gate.model.review import ReviewedImage
from gate.model.verdict import Cleared, Plan, Verdict, decide
from gate.pipeline.evaluate import judge_evidence
from gate.policy.document import ImageEntry, Policy
from gate.policy.match import ImagePattern
from gate.policy.waivers import Waiver
from gate.predicates import parse
from gate.signing.summary import Issuer, not_after
from tests.builders.in_toto import BUILD, OWNER, pem
from tests.builders.in_toto import layout as signed_layout
from tests.builders.passes import GATE, POLICY, RELEASE, summary
from tests.checks.given import INDEX, NOW, SIGNERS, attested, image, scan

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAYOUT = "urn:gate:in-toto-layout:v1"
LASTING = Issuer(
    verifier="https://acme.example/gate",
    environment="production",
    valid_for=999 * DAY,
    tool_version="1",
    manifests_bound=False,
)
ASKED: tuple[dict[str, Any], ...] = (
    {"scan-age": {"by": ["scanner"], "max-age": "7d"}},
    {"scan-age": {"by": ["scanner"], "max-age": "7d", "max-database-age": "8d"}},
    {"scan-age": {"by": ["scanner", "ci"], "max-age": "7d", "at-least": 2}},
    {"vulnerabilities": {"by": ["scanner"], "fail-on": "high", "grace": "9d"}},
    {"sbom": {"by": ["ci"], "base-image": {"allow": ["docker.io/library"], "max-age": "9d"}}},
    {"configuration": {"max-age": "9d", "user": "not-root"}},
    {"layout": {"by": ["ci"], "keys": [pem(OWNER)]}},
    {
        "pass": {
            "by": ["ci"],
            "verifier": GATE,
            "environment": "production",
            "policies": [str(POLICY)],
            "max-age": "5d",
            "manifests": "exact",
        }
    },
)
WAIVABLE = (
    *(("scan-age", f"scan-{c}") for c in ("too-old", "database-too-old", "database-undated")),
    *(("scan-age", f"scan-{c}") for c in ("too-few", "nothing-scanned")),
    ("vulnerabilities", "CVE-2026-1"),
    ("sbom", "docker.io/library/debian"),
    *(("sbom", "sbom-tool-missing"), ("sbom", "sbom-base-image-unknown")),
    *(("configuration", "configuration-too-old"), ("configuration", "configuration-user-root")),
)

ages = st.integers(0, 14 * 24).map(lambda hours: hours * HOUR)
times = ages.map(lambda age: NOW - age)
hits = st.builds(
    Vulnerability,
    id=st.sampled_from(["CVE-2026-1", "CVE-2026-2"]),
    rating=st.sampled_from([Rating.LOW, Rating.HIGH]),
    published=st.none() | times,
)
scans = st.builds(
    scan,
    ages,
    database=st.none() | ages,
    by=st.sampled_from(["scanner", "ci"]),
    signed=st.none() | ages,
    targets=st.sampled_from([None, None, 0, 1]),
    findings=st.lists(hits, max_size=2).map(tuple),
)
sboms = st.builds(
    Sbom,
    st.just("spdx"),
    st.just("SPDX-2.3"),
    st.just(1),
    tools=st.sampled_from([(), ("t",), ("t",)]),
    created=times,
    packages=st.just((Package("left-pad"),)),
    base=st.none() | st.builds(BaseImage, st.just("docker.io/library/debian"), st.none() | times),
).map(attested)
lasting = st.integers(0, 14 * 24).map(lambda hours: NOW + hours * HOUR)
layouts = st.just(parse(LAYOUT, {"layout": signed_layout(), "links": [BUILD]})).map(
    lambda said: attested(said, predicate_type=LAYOUT)
)
passes = st.builds(
    summary,
    verified_at=times,
    not_after=lasting,
    waivers_expire=st.none() | lasting,
    evidence_until=st.none() | lasting,
).map(lambda said: attested(said, predicate_type="https://slsa.dev/verification_summary/v1"))
EVIDENCE: dict[str, st.SearchStrategy[Any]] = {
    "scan-age": scans,
    "vulnerabilities": scans,
    "sbom": sboms,
    "configuration": scans,
    "layout": layouts,
    "pass": passes,
}
"""What each check looks at: else few draws would clear anything."""
configurations = st.builds(
    ImageConfiguration,
    manifest=st.just(INDEX),
    platform=st.just(Platform("linux", "amd64")),
    user=st.sampled_from(["root", "65532"]),
    environment=st.just(()),
    ports=st.just(()),
    entrypoint=st.just(("/shop",)),
    labels=st.just({}),
    history=st.just(()),
    created=st.none() | times,
)


def waiver(check: str, finding: str, lasts: timedelta) -> Waiver:
    return Waiver.model_validate(
        {
            "check": check,
            "finding": finding,
            "image": "ghcr.io/acme/shop",
            "owner": "o",
            "reason": "r",
            "expires": f"{NOW + lasts:%Y-%m-%d}",
        }
    )


def judged(
    asks: dict[str, Any], found: ImageEvidence, waivers: tuple[Waiver, ...], now: datetime
) -> Verdict:
    """Answer the one check as a run at that time does."""
    checks = {
        name: CHECKS[name].params.model_validate(section, context={"signers": SIGNERS})
        for name, section in asks.items()
    }
    policy = Policy(
        path="p.yaml",
        digest=Digest("0" * 64),
        signers={},
        roots={},
        images=(ImageEntry(ImagePattern("**"), checks),),
        waivers=waivers,
    )
    name = found.image.reference
    reviewed = ReviewedImage(name=str(name), reference=name, uses=(), evidence=found)
    results = tuple(judge_evidence(reviewed, policy, now))
    plan = Plan(tuple(r.question for r in results), (found.image,), RELEASE, policy.digest, now)
    return decide(plan, results)


@settings(max_examples=400)
@given(st.sampled_from(ASKED), configurations, st.booleans(), st.data())
def test_what_is_cleared_is_cleared_until_its_pass_ends(
    asks: dict[str, Any],
    configuration: ImageConfiguration,
    at_the_end: bool,  # noqa: FBT001  # drawn
    data: st.DataObject,
) -> None:
    (name,) = asks
    attestations = data.draw(st.lists(EVIDENCE[name], min_size=1, max_size=4))
    found = replace(image(*attestations), release=RELEASE, configurations=(configuration,))
    wrong = sorted(finding for check, finding in WAIVABLE if check == name)
    waived = data.draw(st.sets(st.sampled_from(wrong))) if wrong else set()
    lasts = data.draw(st.integers(0, 14).map(lambda days: days * DAY))
    waivers = tuple(waiver(name, finding, lasts) for finding in sorted(waived))
    verdict = judged(asks, found, waivers, NOW)
    if not isinstance(verdict, Cleared):
        event("blocked")
        return
    end = not_after(verdict, LASTING)
    event(f"{name} {'at its end' if at_the_end else 'before its end'}")
    minutes = data.draw(st.integers(0, 15 * 24 * 60))
    later = end if at_the_end else min(NOW + minutes * timedelta(minutes=1), end)
    assert isinstance(judged(asks, found, waivers, later), Cleared)


def test_each_of_these_checks_clears_something_that_ends() -> None:
    """Of what the property draws: else it could hold because nothing is ever cleared."""
    whole = replace(
        image(
            scan(DAY, database=DAY, findings=(Vulnerability(id="CVE-2026-1", published=NOW),)),
            scan(DAY, by="ci", findings=()),
            attested(
                Sbom(
                    "spdx",
                    "SPDX-2.3",
                    1,
                    ("t",),
                    NOW,
                    (Package("left-pad"),),
                    base=BaseImage("docker.io/library/debian", NOW),
                )
            ),
            attested(
                parse(LAYOUT, {"layout": signed_layout(), "links": [BUILD]}), predicate_type=LAYOUT
            ),
            attested(summary(), predicate_type="https://slsa.dev/verification_summary/v1"),
        ),
        release=RELEASE,
        configurations=(
            ImageConfiguration(
                manifest=INDEX,
                platform=Platform("linux", "amd64"),
                user="1",
                environment=(),
                ports=(),
                entrypoint=("/shop",),
                labels={},
                history=(),
                created=NOW,
            ),
        ),
    )
    for asks in ASKED:
        verdict = judged(asks, whole, (), NOW)
        assert isinstance(verdict, Cleared), asks
        end = not_after(verdict, LASTING)
        assert NOW < end < NOW + LASTING.valid_for, asks
        second = timedelta(seconds=1)
        assert not isinstance(judged(asks, whole, (), end + second), Cleared), asks
