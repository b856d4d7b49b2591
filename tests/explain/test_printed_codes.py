"""How the tests find the codes of a command that runs as a process of its own."""

from __future__ import annotations

import pytest

from tests.builders.commands import POD, gate
from tests.builders.printed_codes import printed_codes


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_each_finding_of_a_process_is_seen_in_what_it_printed(form: str) -> None:
    printed = gate("lint", "-", "--format", form, stdin=POD).stdout
    assert printed_codes(printed) >= {"host-network", "image-digest-required"}


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("gate: a.yaml:1:2: no such thing [made-up]\n  → mend it [x]\n", {"made-up"}),
        ("a\n  block high made-up  a.yaml:1:2\n  warn low other\n", {"made-up", "other"}),
        ("  undecided timeout  sbom\n    it did not answer\n", {"timeout"}),
        ("::error file=a,line=1,col=1,title=made-up::words\n", {"made-up"}),
        ("::error title=gate::GATE_MODE is unknown\n", set()),
        ("it is blocked [see below]\nblock high made-up\n", set()),
        ("{", set()),
        ('{"schema": "another"}', set()),
    ],
)
def test_codes_are_told_from_other_words(printed: str, codes: set[str]) -> None:
    assert printed_codes(printed) == codes
