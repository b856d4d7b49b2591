from __future__ import annotations

from pathlib import Path

import pytest

from gate.checks.in_toto.signed import LayoutRefusedError, SignedMetadata
from gate.checks.in_toto.verify import verify, verify_steps
from tests.builders.recorded_layouts import (
    AT_EXPIRY,
    BEFORE,
    CODES,
    FILE_NAMES_ALONE,
    NO_STEPS,
    ONLY_AN_INSPECTION_SEES_IT,
)
from tests.conformance.corpora import ROOT, Row, rows


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
        verify_steps(SignedMetadata.parse(layout), links, keys, now)
    assert refused.value.code == CODES[row.file]


@pytest.mark.parametrize("row", rows("layouts", lambda row: row.file not in CODES))
def test_the_steps_of_a_layout_that_the_reference_takes_hold(row: Row) -> None:
    layout, links, keys = parts(row)
    assert row.verdict == "pass" or row.file in ONLY_AN_INSPECTION_SEES_IT | FILE_NAMES_ALONE
    assert verify_steps(SignedMetadata.parse(layout), links, keys, BEFORE).products
