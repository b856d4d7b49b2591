"""Recorded documents of other projects, each with the facts that are known of it."""

from __future__ import annotations

import base64
import csv
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[3] / "shared" / "corpora"


@dataclass(frozen=True, slots=True)
class Row:
    """One document of a corpus."""

    folder: str
    file: str
    what: str
    format: str
    verdict: str
    facts: dict[str, Any]

    @property
    def content(self) -> bytes:
        """The document's bytes."""
        return (ROOT / self.folder / self.file).read_bytes()

    @property
    def value(self) -> Any:  # noqa: ANN401  # any JSON at all
        """The document as JSON. Raises ValueError."""
        return json.loads(self.content)


def rows(folder: str, chosen: Callable[[Row], bool] = lambda _: True) -> list[Any]:
    """Return a parameter for each row that is chosen, or one that skips with a sentence."""
    index = ROOT / folder / "index.tsv"
    if not index.is_file():
        return [
            pytest.param(
                None,
                marks=pytest.mark.skip(f"the recorded documents in {folder} are not here"),
            )
        ]
    csv.field_size_limit(sys.maxsize)
    with index.open(encoding="utf-8", newline="") as lines:
        every = [
            Row(folder, r["file"], r["what"], r["format"], r["verdict"], json.loads(r["facts"]))
            for r in csv.DictReader(lines, delimiter="\t")
        ]
    found = [pytest.param(row, id=row.file) for row in every if chosen(row)]
    assert found, f"no row of {folder} is chosen, so nothing would be tested"
    return found


def payload(value: dict[str, Any]) -> dict[str, Any]:
    """Return the statement inside a DSSE envelope or Sigstore bundle, or the value itself."""
    envelope = value.get("dsseEnvelope", value)
    if "payload" not in envelope:
        return value
    inner = json.loads(base64.b64decode(envelope["payload"]))
    assert isinstance(inner, dict)
    return inner
