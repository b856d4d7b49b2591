"""What could not be read makes no check fall that no evidence more could fail, and every other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from gate.checks import CHECKS
from gate.model.evidence import ImageEvidence, Storage, Unread
from gate.model.image import Digest, ResolvedImage
from gate.model.verdict import Cleared, Failed, Finding, Passed, Severity, Undecided
from gate.pipeline.evaluate import despite_unread
from gate.registry.attempt import Told
from gate.reports.assemble import assemble
from tests.builders.reviews import POLICY, SHOP, Registry, judge
from tests.builders.sections import unread
from tests.checks.given import image

LOST = Unread(
    storage=Storage.REFERRERS,
    subject=Digest("ab" * 32),
    digest=Digest("cd" * 32),
    kind="application/vnd.dev.sigstore.bundle.v0.3+json",
    code="missing-blob",
    reason="registry.example/shop has no blob",
    remedy="push it again",
)


@dataclass
class Partly(Registry):
    """Has lost something that is attached to each image."""

    unread: tuple[Unread, ...] = field(default=(LOST,))

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> tuple[Told, ...]:
        return (*super().attached(image, wanted), *self.unread)


def test_a_signature_counts_beside_something_that_was_lost_and_the_report_notes_it() -> None:
    done = judge(SHOP, registry=Partly())
    assert isinstance(done.verdict, Cleared)
    report = assemble(done, command="check", tool_version="0", policy_path="p.yaml")
    assert report.images[0].unread == (
        f"not read, missing-blob: {LOST.kind} {LOST.digest} (referrers): {LOST.reason}",
    )


def test_a_signature_that_is_not_there_is_undecided_beside_something_that_was_lost() -> None:
    name = SHOP.partition(":")[0].partition("@")[0]
    done = judge(SHOP, registry=Partly(unsigned=frozenset({name})))
    (outcome,) = [r.outcome for r in done.verdict.results if r.question.check == "signature"]
    assert outcome == Undecided(
        "missing-blob",
        "something attached to the image was not read: "
        f"{LOST.kind} {LOST.digest} (referrers): {LOST.reason}",
        "push it again",
    )


MISSING = Finding(rule="r", code="c", severity=Severity.HIGH, message="m", remedy="r")

ASKED: dict[str, tuple[dict[str, Any], bool]] = {
    "signature": ({}, True),
    "provenance": ({"builder": "https://b/1"}, True),
    "scan-age": ({"max-age": "7d"}, True),
    "pass": ({"verifier": "https://v.example", "environment": "e", "max-age": "1d"}, True),
    "sbom": ({"minimum-elements": "none"}, True),
    "vulnerabilities": ({"fail-on": "high"}, False),
    "layout": ({"keys": ["k"]}, False),
}
CONTENT_RULES: list[dict[str, Any]] = [
    {"forbid-packages": ["pkg:npm/a"]},
    {"forbid-licenses": ["GPL-2.0-only"]},
    {"allow-licenses": ["MIT"]},
    {"base-image": {"allow": ["registry.example"]}},
]
"""An SBOM more could list what these refuse."""


def _worth(check: str, asked: dict[str, Any], *, met: bool) -> type[object]:
    evidence = ImageEvidence(image().image, image().release, unread=(LOST,))
    params = unread(
        CHECKS[check].params,
        **{"by": ("ci",), **{key.replace("-", "_"): value for key, value in asked.items()}},
    )
    outcome = Passed() if met else Failed((MISSING,))
    return type(despite_unread(CHECKS[check], evidence, params, outcome))


@pytest.mark.parametrize("check", ASKED)
def test_each_check_that_is_met_passes_beside_what_was_not_read_or_is_undecided(check: str) -> None:
    asked, passes = ASKED[check]
    assert _worth(check, asked, met=True) is (Passed if passes else Undecided)
    assert _worth(check, asked, met=False) is Undecided


@pytest.mark.parametrize("rule", CONTENT_RULES, ids=lambda rule: next(iter(rule)))
def test_an_sbom_with_rules_about_its_contents_is_undecided(rule: dict[str, Any]) -> None:
    assert _worth("sbom", rule, met=True) is Undecided


@pytest.mark.parametrize("check", ["digest", "configuration"])
def test_a_check_that_looks_at_nothing_attached_is_not_concerned(check: str) -> None:
    evidence = ImageEvidence(image().image, image().release, unread=(LOST,))
    params = unread(CHECKS[check].params)
    for outcome in (Passed(), Failed((MISSING,))):
        assert despite_unread(CHECKS[check], evidence, params, outcome) is outcome


def test_every_check_is_in_one_of_the_tables() -> None:
    assert set(CHECKS) == {*ASKED, "digest", "configuration"}
    assert POLICY
