"""`gate explain` prints the page of exactly what it is asked for."""

from __future__ import annotations

import pytest

from gate.cli.commands.explain import explain
from gate.errors import UsageError
from gate.explain.codes import codes
from gate.explain.pages import names


def test_a_code_has_its_own_page_and_not_that_of_its_check(
    capsys: pytest.CaptureFixture[str],
) -> None:
    explain("sbom-below-minimum")
    said = capsys.readouterr().out
    assert codes()["sbom-below-minimum"].headline in said
    assert "Passes when" not in said


@pytest.mark.parametrize("name", ["sbom-banana", "signature-wrong-signr", "", "Sbom-absent"])
def test_what_is_no_code_is_refused(name: str) -> None:
    with pytest.raises(UsageError) as refused:
        explain(name)
    assert refused.value.code == "name-unknown"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("signature-wrong-signr", "signature-wrong-signer"),
        ("pass-missing", "pass-absent"),
        ("scan-not-found", "scan-absent"),
        ("image-absent", "image-missing"),
        ("image-misssing", "image-missing"),
    ],
)
def test_the_nearest_name_is_offered(name: str, meant: str) -> None:
    with pytest.raises(UsageError) as refused:
        explain(name)
    assert refused.value.remedy == f"did you mean {meant}?"


def test_every_name_that_a_report_prints_has_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    lacking = []
    for name in names():
        assert explain(name) == 0, name
        printed = capsys.readouterr().out
        if not printed.removeprefix("# ").startswith(f"{name}\n\n") or "Remedy" not in printed:
            lacking.append(name)
    assert (lacking, len(names()) > 500) == ([], True)
