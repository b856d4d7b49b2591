"""Where reports go, and that they are there however a run ends."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import jsonschema
import pytest

from gate.cli.writes.files import write_parts, write_whole
from gate.cli.writes.output import Outputs, coloured, parse_outputs, write_reports
from gate.cli.writes.reported import reported
from gate.errors import GateError, SigningError, TrustRootError, UsageError
from gate.model.report import Report
from gate.reports import FORMATS
from tests.builders.commands import POD, called, gate
from tests.reports.sample import report

SCHEMA = json.loads(Path("docs/report-v1.schema.json").read_text())
ROOT = Path(__file__).parents[2]
EVERY = sorted(set(FORMATS) - {"text"})


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(path: str) -> dict[str, object]:
    value: dict[str, object] = json.loads(Path(path).read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(value)
    return value


def test_text_is_printed_unless_another_format_is() -> None:
    assert parse_outputs(None, ()) == Outputs("text")
    assert parse_outputs("json", ()) == Outputs("json")
    assert parse_outputs(None, ("json",)) == Outputs("json")
    assert parse_outputs(None, ("json=-",)) == Outputs("json")
    assert parse_outputs(None, ("json=a",)) == Outputs("text", (("json", Path("a")),))


@pytest.mark.parametrize(
    ("format_", "outputs"),
    [("text", ("json",)), (None, ("json", "text=-")), (None, ("json=a", "text=./a"))],
)
def test_two_reports_never_share_a_place(format_: str | None, outputs: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        parse_outputs(format_, outputs)
    assert caught.value.code == "output-twice"


def test_a_file_in_the_place_of_a_format_is_told_how_to_write_it() -> None:
    with pytest.raises(UsageError) as file:
        parse_outputs(None, ["reports/a.sarif"])
    assert str(file.value.remedy).startswith("write --output FORMAT=reports/a.sarif: choose one of")
    with pytest.raises(UsageError) as word:
        parse_outputs(None, ["sarff"])
    assert str(word.value.remedy).startswith("choose one of")


@pytest.mark.parametrize(
    ("output", "code"),
    [
        ("json=", "output-malformed"),
        ("yaml=a", "format-unknown"),
        ("yaml", "format-unknown"),
        ("=a", "format-unknown"),
        ("json=no/such", "output-unwritable"),
        ("json=.", "output-unwritable"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_anything_is_judged(
    output: str, code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse_outputs(None, [output])
    assert caught.value.code == code


def test_r272_a_report_is_never_written_through_a_link(tmp_path: Path) -> None:
    inside, outside = tmp_path / "checkout", tmp_path / "home"
    inside.mkdir()
    outside.mkdir()
    (outside / "precious").write_text("mine")
    (inside / "a.json").symlink_to(outside / "precious")
    (inside / "reports").symlink_to(outside)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(inside)
        for path in ("a.json", "reports/precious", "reports/new"):
            with pytest.raises(UsageError, match="cannot be written") as caught:
                parse_outputs(None, [f"json={path}"])
            assert caught.value.code == "output-unwritable"
        assert parse_outputs(None, ["json=../home/new"]).files == (("json", Path("../home/new")),)
    assert [p.name for p in outside.iterdir()] == ["precious"]
    assert (outside / "precious").read_text() == "mine"


def test_a_report_of_an_earlier_run_does_not_outlive_the_start_of_the_next() -> None:
    Path("gate.json").write_text("{}")
    parse_outputs(None, ["json=gate.json"])
    assert not Path("gate.json").exists()


def test_a_wrong_call_removes_nothing() -> None:
    Path("gate.json").write_text("{}")
    with pytest.raises(UsageError):
        parse_outputs(None, ["json=gate.json", "yaml=x"])
    assert Path("gate.json").read_text() == "{}"


def test_r116_r117_a_file_that_cannot_be_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    Path("gate.json").mkdir()
    with pytest.raises(UsageError):
        write_whole(Path("gate.json"), b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["gate.json"]


def test_a_file_whose_parts_break_off_is_left_as_it_was(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b"[1,"
        raise RuntimeError

    Path("gate.json").write_bytes(b"old")
    with pytest.raises(RuntimeError):
        write_parts(Path("gate.json"), parts())
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("gate.json", b"old")]
    write_parts(Path("gate.json"), [b"[1,", b"2]"])
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("gate.json", b"[1,2]")]


def test_a_long_report_is_printed_whole_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    found = report().findings[0]
    long = replace(report(), findings=tuple(replace(found, id=f"f-{n}") for n in range(500)))
    write_reports(long, Outputs("json", (("json", Path("gate.json")),)))
    printed = capsys.readouterr().out
    assert len(printed) > 200_000
    assert printed == FORMATS["json"](long) == Path("gate.json").read_text()


def outputs_of_every_format() -> Outputs:
    return Outputs("text", tuple((name, Path(name)) for name in EVERY))


def test_one_report_that_cannot_be_written_does_not_stop_the_others() -> None:
    outputs = Outputs(None, (("json", Path("no/such")), ("text", Path("text"))))
    with pytest.raises(UsageError):
        reported("check", outputs, lambda: (report(), None))
    assert "BLOCKED" in Path("text").read_text()


@pytest.mark.parametrize(
    ("error", "code", "exit_code"),
    [
        (UsageError("nothing-to-judge", "p", remedy="r"), "nothing-to-judge", 2),
        (TrustRootError("trust-root-too-old", "p", remedy="r"), "trust-root-too-old", 3),
        (ValueError("\x1b[31m"), "internal-error", 3),
        (RecursionError(), "internal-error", 3),
    ],
)
def test_r299_a_run_without_a_verdict_leaves_reports_that_say_so(
    error: Exception, code: str, exit_code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def run() -> NoReturn:
        raise error

    with pytest.raises(type(error)):
        reported("check", outputs_of_every_format(), run)
    value = read("json")
    assert (value["verdict"], value["exitCode"]) == ("blocked", exit_code)
    assert isinstance(value["error"], dict)
    assert value["error"]["code"] == code
    assert all(code in Path(name).read_text() for name in EVERY)
    assert capsys.readouterr().out == ""


def test_r332_a_pass_that_could_not_be_stored_makes_no_clean_report() -> None:
    def run() -> tuple[Report, GateError]:
        return report(cleared=True), SigningError("log-refused", "p", remedy="r")

    with pytest.raises(SigningError):
        reported("check", outputs_of_every_format(), run)
    value = read("json")
    assert (value["verdict"], value["exitCode"]) == ("cleared", 3)
    assert all("log-refused" in Path(name).read_text() for name in EVERY)


def test_r299_what_is_printed_is_json_even_where_the_call_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    done = called("lint", "no-such-file", "--output", "json")
    assert done.returncode == 2
    value = json.loads(done.stdout)
    assert (value["verdict"], value["error"]["code"]) == ("blocked", "nothing-found")
    assert "[nothing-found]" in done.stderr


def test_several_reports_of_one_run_are_written_and_one_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    files = ("-o", f"json={tmp_path}/a", "-o", f"text={tmp_path}/b")
    done = called("lint", "-", *files, "-o", "json", stdin=POD)
    assert done.returncode == 1
    assert (tmp_path / "a").read_text() == done.stdout
    assert "BLOCKED" in (tmp_path / "b").read_text()


@pytest.mark.parametrize(
    ("environment", "coloured_"),
    [
        ({}, False),
        ({"GITHUB_ACTIONS": "true"}, True),
        ({"GITLAB_CI": "true", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"CLICOLOR_FORCE": "1"}, True),
    ],
)
def test_colour_is_there_where_a_log_takes_it_and_nobody_refuses_it(
    environment: dict[str, str],
    coloured_: bool,  # noqa: FBT001  # a parameter of the case
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "GITLAB_CI"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert coloured() is coloured_


def test_r115_a_log_in_another_encoding_does_not_break_a_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = gate("lint", "-", stdin=POD)
    assert (done.returncode, done.stderr) == (1, "")
    assert "\\u2192 " in done.stdout


def test_r290_a_file_name_that_is_no_text_breaks_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    name = os.fsdecode(os.fsencode(tmp_path) + b"/p\xff\x1b[31m.yaml")
    Path(name).write_text(POD)
    outputs = [part for f in EVERY for part in ("--output", f"{f}={tmp_path}/{f}")]
    done = called("lint", name, *outputs)
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads((tmp_path / "json").read_text())["verdict"] == "blocked"
    assert all((tmp_path / f).read_bytes().decode() for f in EVERY)
    assert "\\x1b[31m.yaml:5:3" in done.stdout


@pytest.mark.parametrize("format_", EVERY)
def test_every_format_is_printed_where_it_is_asked_for(
    format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    done = called("lint", "-", "--output", format_, stdin=POD)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.endswith("\n")
