"""267 references with the reading of nine other projects, and where ours differs and why."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gate.model.image import ImageReference

CASES = Path(__file__).parents[3] / "shared/corpora/references/cases.jsonl"

READ_NAMES_ALONE = {"regexp-domain", "regexp-identifier", "regclient-host", "ggcr-registry-strict"}
"""Rows that are a part of a reference, which is not what is parsed here."""

STRICTER = (
    (r"[^/:.]*[A-Z][^/:.]*/", "an upper-case host of one label has no form of its own"),
    (r"oci(dir|file)://", "a transport of another tool"),
    (r".*:@", "an empty tag"),
    (r".*@[a-z]+\?", "a digest that is none"),
    (r"example\.:", "a host with an outer dot"),
)
"""What others take and we refuse: a pattern of the input, and the reason."""

LOOSER = (
    (r"hello-world:linux", "oras", "a name without a host is Docker Hub's"),
    (r"foo_bar\.com:8080", "regexp-name", "as a whole name it has no tag; as a reference it does"),
    (r"da304e823d8ca2b9d863a3c897baeb852ba21ea9a9f1414736394ae7fcaf", "", "60 digits are a name"),
)


def rows() -> list[dict[str, Any]]:
    if not CASES.exists():
        pytest.skip("the recorded references are not beside this repository")
    found = [json.loads(line) for line in CASES.read_text().splitlines()]
    return [row for row in found if row["mode"] not in READ_NAMES_ALONE]


def parsed(text: str) -> ImageReference | None:
    try:
        return ImageReference.parse(text)
    except ValueError:
        return None


def test_what_others_refuse_is_refused_or_the_difference_is_named() -> None:
    taken = [
        row["input"]
        for row in rows()
        if not row["valid"]
        and parsed(row["input"])
        and not any(re.fullmatch(form, row["input"]) for form, _, _ in LOOSER)
    ]
    assert taken == []


def test_what_others_take_is_taken_or_the_difference_is_named() -> None:
    refused = [
        row["input"]
        for row in rows()
        if row["valid"]
        and parsed(row["input"]) is None
        and not any(re.match(form, row["input"]) for form, _ in STRICTER)
    ]
    assert refused == []


def test_normalised_rows_have_the_same_parts() -> None:
    checked = 0
    for row in rows():
        reference = parsed(row["input"]) if row["mode"] == "normalized" else None
        if reference is None or not row["valid"] or not row["domain"]:
            continue
        assert (reference.registry, reference.repository) == (row["domain"], row["path"])
        checked += 1
    assert checked >= 19


def test_tags_and_digests_are_the_same_wherever_a_row_tells() -> None:
    checked = 0
    for row in rows():
        reference = parsed(row["input"])
        if reference is None or not row["valid"] or row["tag"] is None:
            continue
        if row["mode"] in {"regclient", "kyverno", "connaisseur", "containerd"}:
            continue  # these add `latest`, or drop a tag beside a digest
        assert (reference.tag or "") == row["tag"], row
        assert str(reference.digest or "") == (row["digest"] or ""), row
        checked += 1
    assert checked > 50
