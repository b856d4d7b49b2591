"""`gate pin` as a person calls it: one image that cannot be pinned stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gate.cli.app import app
from gate.model.image import Digest
from tests.fakes.registry import FakeRegistry

POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: IMAGE # why\n"


@pytest.fixture
def fake() -> Iterator[FakeRegistry]:
    with FakeRegistry() as registry:
        yield registry


@pytest.fixture
def image(fake: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An image that the registry has, named by its tag."""
    monkeypatch.chdir(tmp_path)
    fake.image("acme/shop", "1.0")
    return f"{fake.host}/acme/shop:1.0"


def pin(fake: FakeRegistry, *arguments: str, stdin: bytes = b"") -> Result:
    options = ["pin", "--plain-http", fake.host, *arguments]
    return CliRunner().invoke(app, options, input=stdin)


def digest_of(fake: FakeRegistry) -> Digest:
    return Digest.of(fake.tagged("acme/shop", "1.0"))


def write(name: str, image: str) -> Path:
    path = Path(name)
    path.write_text(POD.replace("IMAGE", image))
    return path


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (POD.replace("IMAGE", "$(params.image)"), "image-reference-malformed", "b.yaml:5:5"),
        (POD.replace("IMAGE # why", "|-\n      IMAGE"), "cannot-pin", "b.yaml:5:5"),
        ("a: [\n", "yaml-parse-error", "b.yaml:1:"),
        ("a: {{ .x }}\n", "template-not-rendered", "b.yaml:1:"),
    ],
)
def test_what_cannot_be_pinned_is_told_and_the_rest_is_pinned(
    text: str, code: str, place: str, image: str, fake: FakeRegistry
) -> None:
    paths = [write("a.yaml", image), Path("b.yaml"), write("c.yaml", image)]
    paths[1].write_text(text.replace("IMAGE", image))
    done = pin(fake, *map(str, paths))
    assert done.exit_code == 1
    assert f"gate: {place}" in done.stderr
    assert f"[{code}]\n  → " in done.stderr
    digest = digest_of(fake)
    for path in (paths[0], paths[2]):
        assert path.read_text() == POD.replace("IMAGE", f"{image}@{digest}")
        assert f"pinned {path}\n" in done.stdout
    assert paths[1].read_text() == text.replace("IMAGE", image)


def test_an_image_that_is_not_there_is_undecided_and_the_rest_is_pinned(
    image: str, fake: FakeRegistry
) -> None:
    absent, good = write("a.yaml", f"{fake.host}/acme/absent:1"), write("b.yaml", image)
    done = pin(fake, "a.yaml", "b.yaml")
    assert done.exit_code == 3
    assert "gate: a.yaml:5:5: " in done.stderr
    assert "@sha256:" in good.read_text()
    assert "@sha256:" not in absent.read_text()


def test_a_folder_with_a_chart_and_values_is_pinned_without_a_word_about_them(
    image: str, fake: FakeRegistry
) -> None:
    good = write("a.yaml", image)
    Path("values.yaml").write_text("image: nginx\n")
    done = pin(fake, ".")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "@sha256:" in good.read_text()


def test_standard_input_goes_to_standard_output_byte_for_byte(
    image: str, fake: FakeRegistry
) -> None:
    text = POD.replace("IMAGE", image).replace("\n", "\r\n") + "# Übung"
    done = pin(fake, "-", stdin=text.encode())
    pinned = text.replace(image, f"{image}@{digest_of(fake)}")
    assert (done.exit_code, done.stdout_bytes) == (0, pinned.encode())


def test_a_difference_is_shown_and_nothing_is_changed(image: str, fake: FakeRegistry) -> None:
    path = write("a.yaml", image)
    done = pin(fake, "--diff", "a.yaml")
    assert done.exit_code == 0
    assert f"+  - image: {image}@sha256:" in done.stdout
    assert path.read_text() == POD.replace("IMAGE", image)


def test_a_file_behind_a_link_stays_and_the_rest_is_pinned(
    image: str, fake: FakeRegistry, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    Path("in").mkdir()
    Path("in/away").symlink_to(outside)
    theirs, good = write("outside/a.yaml", image), write("b.yaml", image)
    Path("c.yaml").symlink_to(theirs)
    good.chmod(0o640)
    done = pin(fake, "in/away/a.yaml", "b.yaml", "c.yaml")
    assert done.exit_code == 2
    assert "in/away is a link [output-unwritable]" in done.stderr
    assert theirs.read_text() == POD.replace("IMAGE", image)
    assert "@sha256:" in good.read_text()
    assert good.stat().st_mode & 0o777 == 0o640
