from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from gate.model.image import ImageReference
from gate.model.kubernetes import ObjectName
from gate.model.verdict import Action, Failed, Finding, Severity
from gate.policy.waive import unused, waive
from gate.policy.waivers import MOST, Waiver, _bound

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
IMAGE = ImageReference.parse(f"ghcr.io/acme/legacy@{A}")
WRITTEN: dict[str, Any] = {
    "check": "vulnerabilities",
    "finding": "CVE-2026-1234",
    "image": "ghcr.io/acme/legacy",
    "owner": "team-web",
    "reason": "not reachable",
    "expires": "2026-12-31",
}


def waiver(**changes: object) -> Waiver:
    return Waiver.model_validate({**WRITTEN, **changes})


def finding(cve: str = "CVE-2026-1234", **changes: Any) -> Finding:  # noqa: ANN401  # of Finding
    values: dict[str, Any] = {
        "rule": "vulnerabilities",
        "code": "vulnerability-found",
        "severity": Severity.HIGH,
        "message": "m",
        "remedy": "r",
        "id": cve,
        "image": str(IMAGE),
    }
    return Finding(**{**values, **changes})


def left(waivers: list[Waiver], *findings: Finding, now: datetime = NOW) -> list[str]:
    return [f.waiver_id for f in waive(Failed(findings), waivers, IMAGE, now).findings]


def test_a_waived_finding_is_listed_with_who_accepts_it_and_until_when() -> None:
    outcome = waive(Failed((finding(),)), [waiver()], IMAGE, NOW)
    (waived,) = outcome.waived
    assert (outcome.findings, waived.owner, waived.reason) == ((), "team-web", "not reachable")
    assert waived.expires.isoformat() == "2026-12-31"


def test_what_only_warns_is_left_as_it_is() -> None:
    warning = finding(action=Action.WARN)
    outcome = waive(Failed((warning,)), [waiver()], IMAGE, NOW)
    assert (outcome.findings, outcome.waived) == ((warning,), ())


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_waivers_of_one_finding_the_one_that_lasts_longest_is_listed(
    order: int,
) -> None:
    several = [
        waiver(expires="2026-12-01", owner="zoe"),
        waiver(expires="2026-12-31", owner="ann"),
        waiver(expires="2026-11-20", owner="zed"),
        waiver(expires="2029-12-31", owner="zed"),
    ]
    (waived,) = waive(Failed((finding(),)), several[::order], IMAGE, NOW).waived
    assert (waived.owner, waived.expires.isoformat()) == ("ann", "2026-12-31")


@pytest.mark.parametrize(
    ("now", "holds"),
    [
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), True),
        (datetime(2027, 1, 1, tzinfo=UTC), False),
    ],
)
def test_r193_a_waiver_holds_to_the_end_of_its_last_day(
    now: datetime,
    holds: bool,  # noqa: FBT001  # a table of cases
) -> None:
    assert (left([waiver()], finding(), now=now) == []) is holds


def test_r193_an_ended_waiver_leaves_the_finding_standing_and_says_so() -> None:
    outcome = waive(Failed((finding(),)), [waiver(expires="2026-11-20")], IMAGE, NOW)
    assert [f.message for f in outcome.findings] == [
        "m (the waiver of team-web ended on 2026-11-20)"
    ]


def test_r194_a_waiver_that_ends_too_far_ahead_does_not_hold_and_says_so() -> None:
    assert left([waiver(expires="2027-02-19")], finding()) == []
    outcome = waive(Failed((finding(),)), [waiver(expires="2027-02-20")], IMAGE, NOW)
    assert "more than 90 days ahead" in outcome.findings[0].message


@pytest.mark.parametrize("key", ["check", "finding", "image", "owner", "reason", "expires"])
def test_r194_a_waiver_without_one_of_its_parts_is_an_error(key: str) -> None:
    with pytest.raises(ValidationError):
        Waiver.model_validate({k: v for k, v in WRITTEN.items() if k != key})


@pytest.mark.parametrize(
    "day",
    ["", "never", "2026-13-01", "2026-02-30", "2026-12-31T00:00:00Z", "20261231", None, 0, True],
)
def test_r097_a_malformed_day_is_an_error_and_never_no_end(day: object) -> None:
    with pytest.raises(ValidationError):
        waiver(expires=day)


@pytest.mark.parametrize(
    "changes",
    [
        {"finding": "*"},
        {"finding": "CVE-*"},
        {"check": "*"},
        {"image": "ghcr.io/acme/**"},
        {"image": "*"},
        {"image": "ghcr.io/acme/legacy:1.0"},
        {"owner": " "},
        {"reason": ""},
        {"object": "prod/Deployment/shop"},
        {"scope": "all"},
    ],
)
def test_r195_a_waiver_without_one_exact_scope_is_an_error(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        waiver(**changes)


@pytest.mark.parametrize("check", ["pass", "images", "reference"])
def test_a_check_without_which_nothing_is_checked_cannot_be_waived(check: str) -> None:
    with pytest.raises(ValidationError, match="cannot be waived"):
        waiver(check=check)


@pytest.mark.parametrize("check", ["signature", "registry"])
def test_a_signature_or_registry_waiver_names_a_digest(check: str) -> None:
    with pytest.raises(ValidationError, match="digest"):
        waiver(check=check)
    assert waiver(check=check, image=f"ghcr.io/acme/legacy@{A}").check == check


@pytest.mark.parametrize(
    ("changes", "other"),
    [
        ({}, finding("CVE-2026-9999")),
        ({}, finding(rule="sbom")),
        ({}, finding(image=f"ghcr.io/acme/legacy2@{A}")),
        ({}, finding(image=f"docker.io/acme/legacy@{A}")),
        ({"image": f"ghcr.io/acme/legacy@{A}"}, finding(image=f"ghcr.io/acme/legacy@{B}")),
    ],
)
def test_r196_a_waiver_has_no_effect_on_another_finding_or_image(
    changes: dict[str, object], other: Finding
) -> None:
    assert left([waiver(**changes)], other) == [other.id]


def test_r197_waivers_together_excuse_no_more_than_each_alone() -> None:
    waivers = [waiver(), waiver(finding="CVE-2026-2")]
    findings = [finding(), finding("CVE-2026-2"), finding("CVE-2026-3")]
    assert left(waivers, *findings) == ["CVE-2026-3"]


def test_a_waiver_of_an_object_covers_that_object_alone() -> None:
    one = waiver(check="c", finding="c", image=None, object="prod/Deployment/shop")
    shop, other = (
        finding("", rule="c", code="c", image=None, object=ObjectName("Deployment", "prod", name))
        for name in ("shop", "other")
    )
    outcome = waive(Failed((shop, other)), [one], None, NOW)
    assert (outcome.findings, [w.finding for w in outcome.waived]) == ((other,), [shop])


def test_a_waiver_that_matches_nothing_is_a_warning() -> None:
    judged = [(Failed((finding(),)), IMAGE)]
    assert unused([waiver()], judged, NOW) == ()
    (warning,) = unused([waiver(finding="CVE-1")], judged, NOW)
    assert (warning.code, warning.action) == ("waiver-unused", Action.WARN)
    assert warning.message == "the waiver of CVE-1 for ghcr.io/acme/legacy matches nothing"


def test_a_waiver_that_was_used_is_not_called_unused() -> None:
    outcome = waive(Failed((finding(),)), [waiver()], IMAGE, NOW)
    assert unused([waiver()], [(outcome, IMAGE)], NOW) == ()


def test_more_time_never_makes_a_waiver_hold_again() -> None:
    days = [NOW + timedelta(days=n) for n in range(200)]
    held = [left([waiver()], finding(), now=day) == [] for day in days]
    assert held.index(False) == 41
    assert not any(held[41:])


def test_r198_a_waiver_of_another_namespace_or_repository_is_not_honoured() -> None:
    def of(name: str) -> Finding:
        namespace, kind, name = name.split("/")
        return finding(image=None, object=ObjectName(kind, namespace, name))

    mine = waiver(image=None, object="shop/Deployment/web")
    for other in ("kube-system/Deployment/web", "shop/StatefulSet/web", "shop/Deployment/web2"):
        assert mine.covers(of(other), None) is False
    assert mine.covers(of("shop/Deployment/web"), None) is True
    elsewhere = ImageReference.parse(f"ghcr.io/other/legacy@{A}")
    assert waiver().covers(finding(image=str(elsewhere)), elsewhere) is False


def test_a_policy_may_let_waivers_end_later_or_earlier() -> None:
    far, near = waiver(expires="2027-02-20"), waiver(expires="2026-12-31")
    for longest, standing in ((91, []), (90, [far]), (39, [far, near])):
        said = [w for w in (far, near) if w.problem(NOW, timedelta(days=longest)) is not None]
        assert said == standing
    assert "more than 39 days ahead" in str(near.problem(NOW, timedelta(days=39)))


def test_a_waiver_of_one_digest_covers_that_digest_alone() -> None:
    one = waiver(image=f"ghcr.io/acme/legacy@{A}")
    assert one.covers(finding(), IMAGE) is True
    other = ImageReference.parse(f"ghcr.io/acme/legacy@{B}")
    assert one.covers(finding(image=str(other)), other) is False
    unresolved = ImageReference.parse("ghcr.io/acme/legacy:1")
    assert one.covers(finding(image=str(unresolved)), unresolved) is False


def test_what_a_finding_says_of_its_image_goes_before_the_image_that_is_judged() -> None:
    """A finding on one platform's digest is about it, and a waiver of the index's is not."""
    platform = finding(image=f"ghcr.io/acme/legacy@{B}")
    assert waiver(image=f"ghcr.io/acme/legacy@{A}").covers(platform, IMAGE) is False
    assert waiver(image=f"ghcr.io/acme/legacy@{B}").covers(platform, IMAGE) is True
    tagged = finding(image="ghcr.io/acme/legacy:1")
    assert waiver(image=f"ghcr.io/acme/legacy@{A}").covers(tagged, IMAGE) is True
    nameless = finding(image="not a reference@at all")
    assert waiver(image=f"ghcr.io/acme/legacy@{A}").covers(nameless, IMAGE) is True


@pytest.mark.parametrize(
    ("judged", "said", "covered"),
    [(None, None, True), (IMAGE, None, False), (None, str(IMAGE), False)],
)
def test_a_waiver_of_an_object_excuses_nothing_that_is_found_on_an_image(
    judged: ImageReference | None,
    said: str | None,
    covered: bool,  # noqa: FBT001  # the answer
) -> None:
    about = ObjectName("Deployment", "shop", "web")
    shown = finding(image=said, object=about)
    assert waiver(image=None, object="shop/Deployment/web").covers(shown, judged) is covered


def test_a_waiver_covers_nothing_that_is_about_no_image_and_no_object() -> None:
    assert waiver().covers(finding(image=None), None) is False
    assert waiver(image=None, object="None").covers(finding(image=None), None) is False


def test_an_idle_waiver_is_named_with_its_object_and_with_why_it_would_not_hold() -> None:
    ended = waiver(image=None, object="shop/Deployment/web", expires="2026-11-01")
    (warning,) = unused([ended], [], NOW)
    assert warning.message == (
        "the waiver of CVE-2026-1234 for shop/Deployment/web matches nothing; "
        "the waiver of team-web ended on 2026-11-01"
    )


def test_a_waiver_that_one_of_several_findings_needs_is_not_idle() -> None:
    judged = [(Failed((finding("CVE-1"), finding())), IMAGE)]
    assert unused([waiver()], judged, NOW) == ()


def test_a_policy_lets_waivers_end_a_year_ahead_and_no_day_more() -> None:
    assert _bound(MOST) == MOST
    with pytest.raises(ValueError, match="at most 366 days"):
        _bound(MOST + timedelta(seconds=1))


def test_a_signature_is_found_on_an_image_and_no_waiver_names_an_object_for_it() -> None:
    with pytest.raises(ValidationError, match="names the image's digest"):
        waiver(check="signature", image=None, object="shop/Deployment/web")
