"""A finding that stands for others names them in every format."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.reports import FORMATS
from tests.reports.sample import WRITABLE, report


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_each_format_that_shows_findings_names_the_rules_that_one_stands_for(name: str) -> None:
    plain = report()
    folded = replace(WRITABLE, also=("host-path-volume", "restricted-volume-types"))
    findings = tuple(folded if f is WRITABLE else f for f in plain.findings)
    shown, before = FORMATS[name](replace(plain, findings=findings)), FORMATS[name](plain)
    if WRITABLE.message not in before:
        pytest.skip("the format shows no finding")
    assert shown.count("restricted-volume-types") == before.count("restricted-volume-types") + 1
    assert shown.count("host-path-volume") == before.count("host-path-volume") + 1
