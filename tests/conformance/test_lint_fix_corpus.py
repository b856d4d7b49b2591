"""What `gate lint --fix` makes of real manifests: the same objects and the fix, and no worse."""

from __future__ import annotations

import difflib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from gate.cli.reads.inputs import Inputs
from gate.cli.runs.fix import Fixed, fix
from gate.documents import read_yaml
from gate.lint.settings import LintSettings, lint_settings
from gate.manifests.load import load_manifests
from gate.policy.manifests import ManifestsSection
from tests.fakes.linted import linted

REAL = Path(__file__).parents[3] / "shared" / "corpora" / "manifests"
LARGEST = 15_000
"""Bytes: files above it are definitions of custom kinds, and bundles of what is tried already."""
if not REAL.is_dir():
    pytest.skip("the recorded manifests are not there", allow_module_level=True)


@cache
def _files() -> tuple[tuple[str, bytes], ...]:
    paths = sorted(p for p in REAL.rglob("*") if p.suffix in (".yaml", ".yml", ".json"))
    read = ((str(p.relative_to(REAL)), p.read_bytes()) for p in paths)
    return tuple((n, d) for n, d in read if b"containers" in d and len(d) < LARGEST)


@cache
def _settings() -> LintSettings:
    return lint_settings(ManifestsSection.model_validate({"profile": "all"}))


@cache
def _fixed() -> Fixed:
    return fix(Inputs(files=_files()), _settings(), unsafe=True)


def test_files_are_mended_and_others_are_told() -> None:
    assert len(_fixed().counts) > 200
    assert {one.why for one in _fixed().left} >= {"the container is privileged"}
    assert "a new finding would come of it" not in {one.why for one in _fixed().left}


def test_every_file_reads_as_the_same_objects_and_the_fix() -> None:
    for (path, before), (_, after) in zip(_files(), _fixed().files, strict=True):
        if path in _fixed().counts:
            pairs = zip(read_yaml(before, path), read_yaml(after, path), strict=True)
            assert all(_grew(old.value, new.value) for old, new in pairs), path


def _grew(old: object, new: object) -> bool:
    """Whether a value has all that it had, save for what the fix turns to the other side."""
    if isinstance(old, dict) and isinstance(new, dict):
        return all(key in new and _grew(value, new[key]) for key, value in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return all(map(_grew, old, new)) and new[len(old) :] in ([], ["ALL"])
    return repr(old) == repr(new) or old is None or isinstance(old, bool) or old == "Unconfined"


def test_no_line_goes_but_those_that_are_written_anew() -> None:
    for (path, before), (_, after) in zip(_files(), _fixed().files, strict=True):
        if path in _fixed().counts:
            old, new = (data.decode().splitlines() for data in (before, after))
            gone = [line[2:] for line in difflib.ndiff(old, new) if line.startswith("- ")]
            assert all(any(sign in line for sign in '{}[]:,"') for line in gone), path
            assert sum(map(len, gone)) < len(before) // 4 + 200, path


def test_no_finding_is_new_and_many_are_gone() -> None:
    kinds = []
    for files in (_files(), _fixed().files):
        manifests = load_manifests(files)
        report = linted(manifests.objects, _settings())
        kinds.append(Counter(f.rule for f in (*manifests.findings, *report.findings)))
    before, after = kinds
    assert not after - before
    assert before.total() - after.total() > 1000


def test_a_second_run_sets_nothing() -> None:
    again = fix(Inputs(files=_fixed().files), _settings(), unsafe=True)
    assert again.counts == {}
