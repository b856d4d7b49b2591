"""What holds of `review` whatever hangs on an image, and in whatever order it comes.

Real bundles, keys, parsers and policies; only the registry is a fake.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gate.model.report import Report, Status
from gate.reports import json_v1, text
from tests.builders.releases import asked, helpful, hung, items, levels, some
from tests.properties.pool import NAME, Item, judged

T = TypeVar("T")
HOLDS = (Status.PASSED, Status.WARNED)


def named(*names: str) -> list[Item]:
    return [next(i for i in items() if i.name == name) for name in names]


WHOLE = ("signature", "sbom", "trivy", "provenance")
ON_INDEX = tuple(f"{what} of index" for what in WHOLE)


def status(report: Report) -> dict[str, Status]:
    (image,) = report.images
    return {c.check: c.status for c in image.checks}


def holding(report: Report) -> set[str]:
    return {check for check, one in status(report).items() if one in HOLDS}


def codes(report: Report, rule: str) -> set[str]:
    undecided = {u.outcome.code for u in report.undecided if u.check == rule}
    return {f.code for f in report.findings if f.rule == rule} | undecided


@settings(max_examples=50)
@given(hung | helpful, some(positive=True), levels)
def test_positive_evidence_never_turns_a_check_that_holds_into_one_that_does_not(
    before: list[Item], more: Item, level: str
) -> None:
    was = judged(before, *asked(level))
    is_ = judged([*before, more], *asked(level))
    # A VEX document excuses what others found; all else is about what it says itself.
    assert holding(was) <= holding(is_)


@settings(max_examples=50)
@given(hung | helpful, some(found=True), levels)
def test_what_was_found_blocks_only_as_found(before: list[Item], more: Item, level: str) -> None:
    was = judged(before, *asked(level))
    is_ = judged([*before, more], *asked(level))
    for check in holding(was) - holding(is_):
        assert codes(is_, check) <= {
            "sbom-package-forbidden",
            "vulnerability-found",
            "vulnerability-not-affected",
        }


def test_what_was_found_does_turn_a_check_that_held() -> None:
    good = named(*ON_INDEX)
    assert judged(good, *asked("")).cleared
    for bad, code in (("found", "vulnerability-found"), ("forbidden", "sbom-package-forbidden")):
        report = judged([*good, *named(bad)], *asked(""))
        assert [f.code for f in report.findings] == [code]
        assert not report.cleared


@settings(max_examples=50)
@given(hung | helpful, st.lists(some(future=True), min_size=1, max_size=3), levels)
@example([], [], "")
def test_a_scan_dated_in_the_future_neither_counts_nor_hides_one_that_does(
    before: list[Item], future: Sequence[Item], level: str
) -> None:
    now = [i for i in before if not i.future]
    was, is_ = judged(now, *asked(level)), judged([*now, *future], *asked(level))
    assert status(is_) == status(was)
    for check in ("scan-age", "vulnerabilities"):
        # Of what does not hold the nearest reason is told, which may be the one of the future.
        if check in holding(was):
            assert codes(is_, check) == codes(was, check)


def test_alone_a_scan_dated_in_the_future_is_refused_as_such() -> None:
    report = judged(named("clean scan of tomorrow of index"), *asked(""))
    assert codes(report, "scan-age") == {"scan-from-the-future"}
    assert codes(report, "vulnerabilities") == {"vulnerabilities-from-the-future"}


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: shop, labels: {app: LABEL}}
spec:
  containers:
    - {name: main, image: "IMAGE"}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: svc, namespace: shop}
spec: {selector: {app: a}, ports: [{port: 80}]}
"""


def pod(name: str, image: str, label: str = "a") -> bytes:
    text = POD.replace("NAME", name).replace("LABEL", label).replace("IMAGE", image)
    return text.encode()


FILES = [
    ("a.yaml", pod("one", f"{NAME}:1.0")),
    # The same object twice, and not the same.
    ("b.yaml", pod("one", f"{NAME}:1.1", "b")),
    ("c.yaml", pod("two", f"{NAME}:1.0")),
    ("d.yaml", SERVICE.encode()),
    ("e.yaml", b"a: [\n"),
    ("f.yaml", pod("three", "nothing.example/x:1")),
    ("g.yaml", pod("four", "not an image")),
    ("h.yaml", SERVICE.replace("svc", "other").encode() + b"---\n" + SERVICE.encode()),
]
NAMES = [f"{NAME}:1.0", f"{NAME}:2.0", "registry.example/acme/cart", "UPPER/case"]


@settings(max_examples=30)
@given(hung | helpful, st.randoms(use_true_random=False), levels)
def test_no_order_changes_a_byte_of_the_report(
    attached: list[Item], shuffling: random.Random, level: str
) -> None:
    def again(of: Sequence[T]) -> list[T]:
        return shuffling.sample(list(of), len(of))

    kept = FILES[: shuffling.randint(0, len(FILES))]
    one = judged(attached, *asked(level), files=kept, names=NAMES)
    other = judged(again(attached), *asked(level), files=again(kept), names=again(NAMES))
    assert json_v1.render(other) == json_v1.render(one)
    assert text.render(other) == text.render(one)
