from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.checks.in_toto.signed import LayoutRefusedError, Signed
from gate.checks.in_toto.verify import verify, verify_steps
from tests.conformance.corpora import ROOT, Row, rows

BEFORE = datetime(2026, 11, 21, tzinfo=UTC)
AT_EXPIRY = datetime(2027, 1, 2, 3, 4, 6, tzinfo=UTC)
ONLY_AN_INSPECTION_SEES_IT = {"demo-final-product-changed/"}
NO_STEPS = {"empty-layout/"}
"""The reference passes it; it proves nothing about any image."""
CODES = {
    "demo-at-expiry/": "layout-expired",
    "demo-expired/": "layout-expired",
    "demo-link-not-json/": "layout-malformed",
    "demo-link-tampered/": "layout-step-unproven",
    "demo-link-unauthorised-key/": "layout-step-unproven",
    "demo-missing-link/": "layout-step-unproven",
    "demo-require-absent/": "layout-rule-broken",
    "demo-require-after-consumed/": "layout-rule-broken",
    "demo-wrong-layout-key/": "layout-wrong-signer",
    "dsse-wrong-layout-key/": "layout-wrong-signer",
    "empty-layout/": "layout-proves-nothing",
    "go-demo-missing-links/": "layout-step-unproven",
    "threshold-two-disagree/": "layout-links-disagree",
}
"""Where the reference refuses, gate does, for this reason."""
FILE_NAMES_ALONE = {"demo-links-swapped/"}
"""The reference goes by the names of files; gate by the step that each link is signed for."""


def parts(row: Row) -> tuple[str, list[str], list[str]]:
    folder = ROOT / "layouts" / row.file
    links = [p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.link"))]
    keys = [p.read_text(encoding="utf-8") for p in sorted((folder / "keys").iterdir())]
    return Path(folder / "root.layout").read_text(encoding="utf-8"), links, keys


@pytest.mark.parametrize("row", rows("layouts", lambda row: row.file not in NO_STEPS))
def test_a_recorded_layout_with_inspections_is_refused_before_anything_else(row: Row) -> None:
    layout, links, keys = parts(row)
    with pytest.raises(LayoutRefusedError) as refused:
        verify(layout, links, keys, BEFORE)
    assert refused.value.code == "layout-has-inspections"


@pytest.mark.parametrize("row", rows("layouts", lambda row: row.file in CODES))
def test_the_steps_of_a_layout_that_the_reference_refuses_are_refused_for_its_reason(
    row: Row,
) -> None:
    layout, links, keys = parts(row)
    now = AT_EXPIRY if row.file == "demo-at-expiry/" else BEFORE
    with pytest.raises(LayoutRefusedError) as refused:
        verify_steps(Signed.parse(layout), links, keys, now)
    assert refused.value.code == CODES[row.file]


@pytest.mark.parametrize("row", rows("layouts", lambda row: row.file not in CODES))
def test_the_steps_of_a_layout_that_the_reference_takes_hold(row: Row) -> None:
    layout, links, keys = parts(row)
    assert row.verdict == "pass" or row.file in ONLY_AN_INSPECTION_SEES_IT | FILE_NAMES_ALONE
    assert verify_steps(Signed.parse(layout), links, keys, BEFORE).products
