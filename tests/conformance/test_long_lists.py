"""Each recorded document is read alike, whether its long lists are held or not."""

from __future__ import annotations

import hashlib

import pytest

from gate.documents import large_json
from gate.predicates import parse, types
from gate.predicates.statement import parse_statement
from tests.conformance.corpora import ROOT

HEAD = (
    '{"_type": "https://in-toto.io/Statement/v1",'
    f' "subject": [{{"digest": {{"sha256": "{"a" * 64}"}}}}], "predicateType": "%s",'
    ' "predicate": %s'
)
SCAN = '{"metadata": {"scanFinishedOn": "2026-01-01T00:00:00Z"}, "scanner": {"uri": "x", "result": '
FORMS = (
    *((HEAD % (uri[0], ""), "}") for uri in (types.CYCLONEDX, types.SPDX, types.SYFT)),
    (HEAD % (types.SCAN_COSIGN[0], SCAN), "}}}"),
)


def said(content: bytes, head: str, tail: str) -> bytes:
    """Return a digest of what a statement with this content is read as, or why it is not."""
    try:
        statement = parse_statement(head.encode() + content + tail.encode())
        told = repr(parse(statement.predicate_type, statement.predicate))
    except ValueError as error:
        told = str(error)
    return hashlib.sha256(told.encode()).digest()


@pytest.mark.parametrize(
    ("folder", "number"), [("sboms", 0), ("sboms", 1), ("sboms", 2), ("vex", 0), ("scans", 3)]
)
def test_every_recorded_document_is_read_alike_where_its_long_lists_are_not_held(
    monkeypatch: pytest.MonkeyPatch, folder: str, number: int
) -> None:
    if not (ROOT / folder).is_dir():
        pytest.skip(f"the recorded documents in {folder} are not here")
    files = sorted((ROOT / folder).iterdir())
    contents = [file.read_bytes() for file in files if file.suffix != ".tsv"]
    small = [said(content, *FORMS[number]) for content in contents]
    monkeypatch.setattr(large_json, "LARGE", 0)
    assert [said(content, *FORMS[number]) for content in contents] == small
    assert len(set(small)) > 1
