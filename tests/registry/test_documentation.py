"""The page about registries says what the code does."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from gate.registry.bounds import BOUNDS
from gate.registry.codes import Code

PAGE = (Path(__file__).parents[2] / "docs/registry.md").read_text()


def test_the_table_of_bounds_is_the_codes_own() -> None:
    section = PAGE.partition("## Bounds")[2].partition("## ")[0]
    rows = re.findall(r"^\| (\w+) \| ([\d.]+) \|", section, re.MULTILINE)
    assert rows == [(key, str(value)) for key, value in dataclasses.asdict(BOUNDS).items()]


def test_every_reason_code_is_explained() -> None:
    section = PAGE.partition("## Reason codes")[2]
    explained = re.findall(r"^\| ([a-z, -]+) \|", section, re.MULTILINE)[2:]
    assert sorted(code for row in explained for code in row.split(", ")) == sorted(Code)


def test_every_fault_of_a_registry_is_in_the_table_of_what_it_does_to_each_check() -> None:
    section = PAGE.partition("## What a fault does to each check")[2].partition("\n## ")[0]
    cited: set[int] = set()
    for first, last in re.findall(r"R(\d{3})(?: to R(\d{3}))?", section):
        cited.update(range(int(first), int(last or first) + 1))
    assert cited == set(range(210, 250))
