"""What a GitLab job writes into a checkout that somebody else filled: its key and its reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.gitlab_jobs import run_job


def run_check(checkout: Path, gate: str) -> None:
    assert run_job(checkout, gate).returncode == 0


def test_a_link_in_the_checkout_does_not_lead_the_key_into_the_artifacts(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "gate-report").mkdir(parents=True)
    (checkout / "gate.key").symlink_to("gate-report/published.json")
    run_check(checkout, "cat gate.key > ../seen")
    assert (tmp_path / "seen").read_text() == "the key"
    assert not (checkout / "gate-report/published.json").exists()
    assert not (checkout / "gate.key").is_symlink()


def test_a_file_in_the_checkout_does_not_open_the_key_to_others(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "gate.key").write_text("")
    (checkout / "gate.key").chmod(0o666)
    run_check(checkout, "stat -c %a gate.key > ../mode")
    assert (tmp_path / "mode").read_text() == "600\n"
    assert not (checkout / "gate.key").exists()


@pytest.mark.parametrize("key", ["keys/gate.key", "a/keys/gate.key", "keys/./gate.key"])
def test_a_link_to_a_folder_does_not_lead_the_key_into_the_artifacts(
    key: str, tmp_path: Path
) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "gate-report").mkdir(parents=True)
    (checkout / "a").mkdir()
    (checkout / "keys").symlink_to("gate-report")
    (checkout / "a/keys").symlink_to("../gate-report")
    done = run_job(checkout, "touch ../ran", GATE_INPUT_KEY_PATH=key)
    place = key.removesuffix("/gate.key").removesuffix("/.")
    assert done.returncode == 2
    assert f"{place} is a link" in done.stdout
    assert not (tmp_path / "ran").exists()
    assert list((checkout / "gate-report").iterdir()) == []


def test_a_key_in_a_plain_folder_is_there_for_the_run_alone(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "keys").mkdir(parents=True)
    done = run_job(checkout, "cat keys/gate.key > ../seen", GATE_INPUT_KEY_PATH="keys/gate.key")
    assert (done.returncode, (tmp_path / "seen").read_text()) == (0, "the key")
    assert list((checkout / "keys").iterdir()) == []


@pytest.mark.parametrize("template", ["gate", "admit"])
@pytest.mark.parametrize("link", ["gate-report", "gate-report/passes"])
def test_reports_are_not_led_away_by_a_link(template: str, link: str, tmp_path: Path) -> None:
    checkout, outside = tmp_path / "checkout", tmp_path / "outside"
    (checkout / link).parent.mkdir(parents=True)
    outside.mkdir()
    (checkout / link).symlink_to(outside)
    done = run_job(checkout, "touch ../ran", template=template)
    if (template, link) == ("admit", "gate-report/passes"):
        assert done.returncode == 0  # nothing is written there
    else:
        assert (done.returncode, f"{link} is a link" in done.stdout) == (2, True)
        assert not (tmp_path / "ran").exists()
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("template", ["gate", "admit"])
def test_a_linked_annotations_file_is_replaced_and_its_target_stays(
    template: str, tmp_path: Path
) -> None:
    checkout, precious = tmp_path / "checkout", tmp_path / "precious"
    (checkout / "gate-report").mkdir(parents=True)
    precious.write_text("mine")
    (checkout / "gate-report/gl-annotations.json").symlink_to(precious)
    assert run_job(checkout, "true", template=template).returncode == 0
    assert precious.read_text() == "mine"
    assert '"The whole report"' in (checkout / "gate-report/gl-annotations.json").read_text()


@pytest.mark.parametrize(
    ("template", "planted"),
    [
        *(("gate", name) for name in ("gate.env", "gate.json", "junit.xml", "passes/a.json")),
        *(("admit", name) for name in ("gate.env", "gate.json", "gate.sarif", "apply.yaml")),
    ],
)
def test_no_report_of_the_checkout_is_handed_on_by_a_job_that_ends_early(
    template: str, planted: str, tmp_path: Path
) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "gate-report/passes").mkdir(parents=True)
    (checkout / "gate-report" / planted).write_text("GATE_RESULT=cleared")
    (checkout / "gate-report/mine.txt").write_text("kept")
    assert run_job(checkout, "exit 2", template=template).returncode == 2
    assert not (checkout / "gate-report" / planted).exists()
    assert (checkout / "gate-report/mine.txt").is_file()


def test_manifests_to_apply_of_the_checkout_are_gone_before_gate_runs(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "gate-report").mkdir(parents=True)
    (checkout / "gate-report/apply.yaml").write_text("kind: Pod")
    run_job(checkout, "test ! -e gate-report/apply.yaml && touch ../ran", template="admit")
    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize("value", ["-----BEGIN PRIVATE KEY-----\nMIGHAgEA\n", "MIGHAgEA", "."])
def test_a_key_that_is_no_file_is_shown_nowhere(tmp_path: Path, value: str) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    done = run_job(checkout, "echo ran", GATE_KEY=value)
    told = "The variable GATE_KEY names no file. Make it a variable of the type File.\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, told, "")
    assert not (checkout / "gate.key").exists()
