"""Ways for the author of a checkout to hold a run, or to have it write elsewhere: none works."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import Access
from gate.cli.reads.plain_file import read_plain
from gate.cli.reads.project import find_checkout
from gate.cli.reads.public_keys import find_keys
from gate.cli.runs.pin import run_pin
from gate.cli.writes.files import replace_whole
from gate.errors import GateError, UsageError
from gate.keys.private import generate
from gate.keys.public import public_pem
from tests.builders.reviews import POLICY

KEY = public_pem(generate().public_key())


def test_what_is_no_plain_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "plain").write_bytes(b"abc")
    for name in ("pipe", "/dev/zero", "."):
        with pytest.raises(OSError, match="no plain file|directory"):
            read_plain(tmp_path / name, 1)
    assert read_plain(tmp_path / "plain", 2) == b"ab"


@pytest.mark.parametrize("plain", [True, False])
def test_a_pipe_in_the_place_of_a_policys_key_holds_no_run(tmp_path: Path, *, plain: bool) -> None:
    (tmp_path / "p.yaml").write_text(POLICY)
    if plain:
        (tmp_path / "ci.pub").write_bytes(KEY)
        assert find_policy(str(tmp_path / "p.yaml"), None).files == {"ci.pub": KEY}
        return
    os.mkfifo(tmp_path / "ci.pub")
    with pytest.raises(GateError, match="it is no plain file") as error:
        find_policy(str(tmp_path / "p.yaml"), None)
    assert error.value.code == "policy-file-unreadable"


def test_a_pipe_among_keys_and_in_place_of_gits_settings_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / ".git").mkdir()
    os.mkfifo(tmp_path / "keys/a.pub")
    os.mkfifo(tmp_path / ".git/config")
    (tmp_path / "keys/b.pub").write_bytes(KEY)
    (tmp_path / "keys/c.pub").symlink_to("b.pub")
    assert list(find_keys((), tmp_path)) == ["keys/b.pub"]
    assert find_checkout(tmp_path).remote is None
    (tmp_path / ".git/config").unlink()
    (tmp_path / ".git/config").write_bytes(
        b'[remote "origin"]\r\n\turl = https://github.com/acme/shop.git\r\n'
    )
    assert find_checkout(tmp_path).remote == ("github.com", "acme/shop")


@pytest.mark.parametrize(
    "url",
    [
        *("https://github.com@evil.example/acme/shop", "https://evil.example/github.com/acme"),
        *("https://github.com.evil.example/acme/shop", "ext::sh -c touch% x", "file:///etc/passwd"),
        *("https://github.com\\@evil.example/acme/shop", "https://github.com/*/shop", ""),
    ],
)
def test_no_address_of_a_checkout_is_taken_for_one_of_github(url: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text(f'[remote "origin"]\nurl = {url}\n')
    remote = find_checkout(tmp_path).remote
    assert remote is None or remote[0] != "github.com"


def test_a_file_that_somebody_else_changed_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"theirs")
    with pytest.raises(UsageError, match="somebody else changed it") as error:
        replace_whole(file, b"old", b"new")
    assert (error.value.code, file.read_bytes()) == ("output-unwritable", b"theirs")
    replace_whole(file, b"theirs", b"new")
    assert file.read_bytes() == b"new"


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_pin_writes_through_no_link_and_waits_for_no_pipe(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "outside").mkdir()
    (tmp_path / "m").mkdir()
    secret = tmp_path / "outside/a.yaml"
    secret.write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n")
    if kind == "pipe":
        os.mkfifo(tmp_path / "m/a.yaml")
    else:
        (tmp_path / "m/a.yaml").symlink_to("../outside" + ("/a.yaml" if kind == "link" else ""))
    assert (
        run_pin(["m"], Access(layouts=(), plain_http=(), registries=None, environ={}), diff=False)
        == 1
    )
    told = capsys.readouterr().err
    assert ("special-input" if kind == "pipe" else "linked-input") in told
    assert secret.read_text() == "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
