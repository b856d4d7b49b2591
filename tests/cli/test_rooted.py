"""Paths in reports: from the root of the repository, wherever the run was started."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from gate.cli.writes.output import Outputs, shown, write_reports
from gate.cli.writes.rooted import from_root, rooted
from gate.model.location import Location
from gate.model.report import ErrorReport, Linted
from tests.reports.sample import UNSIGNED, report


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository; the working folder is its folder `k8s`."""
    root = tmp_path / "shop"
    (root / ".git").mkdir(parents=True)
    (root / "k8s").mkdir()
    monkeypatch.chdir(root / "k8s")
    return root


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("m.yaml", "k8s/m.yaml"),
        ("./m.yaml", "k8s/m.yaml"),
        ("sub/../m.yaml", "k8s/m.yaml"),
        ("../other/m.yaml", "other/m.yaml"),
        ("/shop/k8s/m.yaml", "k8s/m.yaml"),
        ("/shop/.gate.yaml", ".gate.yaml"),
        ("<stdin>", "<stdin>"),
        ("../../elsewhere/m.yaml", "../../elsewhere/m.yaml"),
        ("/shop-2/m.yaml", "/shop-2/m.yaml"),
    ],
)
def test_a_path_inside_the_repository_is_told_from_its_root_and_no_other(
    path: str, expected: str
) -> None:
    assert from_root(path, Path("/shop/k8s"), Path("/shop")) == expected


def test_a_working_folder_that_is_the_root_of_the_machine_changes_no_path() -> None:
    assert from_root("a/m.yaml", Path("/"), Path("/")) == "a/m.yaml"


def test_a_repository_that_is_reached_through_a_link_is_the_same(
    repository: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(repository)
    assert from_root(f"{link}/k8s/m.yaml", repository / "k8s", repository) == "k8s/m.yaml"


@pytest.mark.usefixtures("repository")
def test_everything_with_a_place_is_told_from_the_root() -> None:
    there = replace(UNSIGNED, location=Location("web.yaml", 3, 7))
    found = rooted(
        replace(
            report(),
            findings=(there,),
            linted=Linted(files=("web.yaml",)),
            error=ErrorReport(
                code="policy-bad-value", problem="p", remedy="r", location=Location("p.yaml", 1)
            ),
        )
    )
    assert [f.location for f in found.findings] == [Location("k8s/web.yaml", 3, 7)]
    assert found.linted.files == ("k8s/web.yaml",)
    assert found.error
    assert found.error.location == Location("k8s/p.yaml", 1)
    assert found.policy
    assert found.policy.path == "k8s/.gate.yaml"
    places = [
        *(u.location for i in found.images for u in i.uses),
        *(w.finding.location for w in found.waived),
        *(s.finding.location for s in found.suppressed),
    ]
    assert {at.path for at in places if at} == {"k8s/manifests/web.yaml"}


@pytest.mark.usefixtures("repository")
def test_every_format_for_a_platform_says_the_path_and_text_says_what_the_call_says() -> None:
    formats = ("sarif", "codequality", "github", "junit", "markdown", "json", "text")
    write_reports(report(), Outputs(None, tuple((name, Path(name)) for name in formats)))
    written = {name: Path(name).read_text() for name in formats}
    assert [n for n, text in written.items() if "k8s/manifests/web.yaml" not in text] == ["text"]
    result = json.loads(written["sarif"])["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "k8s/manifests/web.yaml",
        "uriBaseId": "%SRCROOT%",
    }
    suites = ET.fromstring(written["junit"])  # noqa: S314  # our own document
    assert "manifests/web.yaml" not in {suite.get("name") for suite in suites}


def test_a_fingerprint_is_the_same_wherever_the_run_was_started(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = replace(report(), findings=(replace(UNSIGNED, location=Location("web.yaml", 3)),))
    marks = [rooted(here).findings[0].fingerprint]
    monkeypatch.chdir(repository)
    there = replace(UNSIGNED, location=Location(os.path.join("k8s", "web.yaml"), 3))  # noqa: PTH118  # as the system says it
    marks.append(rooted(replace(here, findings=(there,))).findings[0].fingerprint)
    assert marks[0] == marks[1]


def test_the_category_of_sarif_is_the_callers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for category in ("", "manifests-of-shop"):
        write_reports(report(), Outputs(None, (("sarif", Path("sarif")),), category))
        run = json.loads(Path("sarif").read_text())["runs"][0]
        assert run.get("automationDetails") == ({"id": f"{category}/"} if category else None)


def test_what_is_only_undecided_is_headed_so_and_is_not_called_blocked() -> None:
    alone = replace(report(), findings=(), waived=(), suppressed=())
    assert "\nUNDECIDED  1 undecided, 0 blocking findings, 0 warnings" in "".join(
        shown(alone, "text")
    )
    assert "BLOCKED" not in "".join(shown(alone, "text"))
    assert "".join(shown(alone, "markdown")).startswith("## gate check: ❔ undecided\n")
    assert "\nBLOCKED  1 blocking finding" in "".join(shown(report(), "text"))
    assert "".join(shown(report(), "markdown")).startswith("## gate check: ❌ blocked\n")
