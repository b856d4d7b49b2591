"""What GitLab's templates install: the code of the commit that is named, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
INSTALL = """\
printf 'python=%s\\n' "$(dirname "$0")/python" > "$GITHUB_OUTPUT"
if [ "$RUNNER_TEMP" = "$PWD" ]; then place=checkout; else place=apart; fi
echo "runs WORDS with wheels <$GATE_WHEELS> in $place"
"""


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603  # git of the one who tests
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments],  # noqa: S607  # likewise
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def commit(folder: Path, words: str) -> str:
    """Write another install.sh, and return the commit that has it."""
    (folder / "actions").mkdir(exist_ok=True)
    (folder / "actions/install.sh").write_text(INSTALL.replace("WORDS", words))
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", words)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    folder = tmp_path / "gate"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


def install(template: str, folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the step that installs, and print which Python it found."""
    text = (ROOT / "gitlab/templates" / template / "template.yml").read_text()
    _, (job,) = map(dict.values, yaml.safe_load_all(text))
    _, installs, *_ = job["script"]
    given = dict.fromkeys(("SOURCE", "COMMIT", "REQUIREMENTS", "WHEELS"), "") | inputs
    return subprocess.run(  # noqa: S603  # our own template
        ["bash", "-c", f'set -eu\n{installs}\necho "python ${{python##*/}}"'],  # noqa: S607  # the shell of the job
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder),
            **{f"GATE_INPUT_{name}": value for name, value in given.items()},
        },
    )


@pytest.mark.parametrize("template", ["gate", "admit"])
def test_the_code_of_the_named_commit_runs_whatever_the_branch_has_since(
    template: str, gate: Path, tmp_path: Path
) -> None:
    first = commit(gate, "first")
    git(gate, "config", "uploadpack.allowReachableSHA1InWant", "true")
    commit(gate, "second")
    done = install(template, tmp_path, SOURCE=str(gate), COMMIT=first, WHEELS="wheels")
    assert (done.returncode, done.stdout) == (
        0,
        "runs first with wheels <wheels> in apart\npython python\n",
    ), done.stderr


@pytest.mark.parametrize("template", ["gate", "admit"])
def test_a_commit_that_the_source_does_not_have_runs_nothing(
    template: str, gate: Path, tmp_path: Path
) -> None:
    commit(gate, "first")
    done = install(template, tmp_path, SOURCE=str(gate), COMMIT="0" * 40)
    assert done.returncode != 0
    assert "runs" not in done.stdout
    assert "0" * 40 in done.stderr


@pytest.mark.parametrize("template", ["gate", "admit"])
@pytest.mark.parametrize("inputs", [{}, {"SOURCE": "x"}, {"COMMIT": "0" * 40}])
def test_nothing_is_installed_by_a_name_alone(
    template: str, inputs: dict[str, str], tmp_path: Path
) -> None:
    done = install(template, tmp_path, **inputs)
    assert done.returncode == 2
    assert "Nothing is installed by a name alone.\n" in done.stdout


@pytest.mark.parametrize("template", ["gate", "admit"])
def test_no_template_names_a_package_of_an_index(template: str) -> None:
    text = (ROOT / "gitlab/templates" / template / "template.yml").read_text()
    assert "gatepass" not in text
