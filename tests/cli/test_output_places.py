"""Where gate writes: through no link of a checkout, and nothing of a former run is left."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gate.cli.app import app
from gate.cli.writes.files import (
    check_folder,
    make_room,
    make_room_for_passes,
    write_whole,
)
from gate.cli.writes.output import page
from gate.errors import UsageError
from gate.keys.private import generate, private_pem
from tests.builders.commands import POD

PASS = f"ghcr.io_acme_shop-{'a' * 12}.sigstore.json"


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with links to a folder and a file outside of it, and to a folder inside."""
    inside, outside = tmp_path / "checkout", tmp_path / "outside"
    for folder in (inside / ".git", inside / "hooks", inside / "out", outside / "deep"):
        folder.mkdir(parents=True)
    (outside / "precious").write_text("mine")
    (inside / "away").symlink_to("../outside")
    (inside / "within").symlink_to("hooks")
    (inside / "file").symlink_to("../outside/precious")
    (inside / "nowhere").symlink_to("../outside/absent")
    (inside / "out/away").symlink_to("../../outside")
    (inside / "pod.yaml").write_text(POD)
    monkeypatch.chdir(inside)
    return inside


def gate(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def outside_of(checkout: Path) -> list[str]:
    outside = checkout.parent / "outside"
    assert (outside / "precious").read_text() == "mine"
    return sorted(p.name for p in outside.rglob("*"))


LED = [
    *("away/new", "away/precious", "away/deep/new", "out/away/new", "./away/new", "out/../away/x"),
    *("within/new", "file", "nowhere", "CHECKOUT/away/new", "CHECKOUT/within/new", "CHECKOUT/file"),
    *("../checkout/away/new", "../checkout/out/../within/x", "CHECKOUT/out/../away/new"),
]


@pytest.mark.parametrize("path", LED)
def test_a_path_through_a_link_is_refused_before_and_when_it_is_written(
    path: str, checkout: Path
) -> None:
    place = Path(path.replace("CHECKOUT", str(checkout)))
    before = sorted(checkout.rglob("*"))
    with pytest.raises(UsageError, match="is a link") as before_judging:
        make_room(place)
    with pytest.raises(UsageError, match="is a link") as when_written:
        write_whole(place, b"x")
    codes = {before_judging.value.code, when_written.value.code}
    assert codes == {"output-unwritable"}
    assert outside_of(checkout) == ["deep", "precious"]
    assert sorted(checkout.rglob("*")) == before


@pytest.mark.parametrize("path", ["new", "out/new", "./new", "out/../new", "../outside/new", "ABS"])
def test_a_plain_path_is_written_and_what_was_there_is_replaced(path: str, tmp_path: Path) -> None:
    place = Path(path.replace("ABS", str(tmp_path / "outside/new")))
    place.write_text("old")
    make_room(place)
    assert not place.exists()
    write_whole(place, b"x")
    assert place.read_bytes() == b"x"


def test_a_link_above_the_checkout_is_the_machines_own(tmp_path: Path) -> None:
    (tmp_path / "system").symlink_to(tmp_path)
    write_whole(tmp_path / "system/outside/new", b"x")
    assert (tmp_path / "outside/new").read_bytes() == b"x"
    # It leads into the checkout, where links count again.
    with pytest.raises(UsageError, match="is a link"):
        write_whole(tmp_path / "system/checkout/within/new", b"x")


def test_the_checkout_is_all_of_it_and_not_the_working_folder_alone(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout / "out")
    with pytest.raises(UsageError, match="is a link"):
        make_room(checkout / "within/new")


def test_a_file_that_is_replaced_keeps_its_permissions() -> None:
    Path("new").touch(mode=0o600)
    write_whole(Path("new"), b"x")
    write_whole(Path("other"), b"x")
    assert [os.stat(name).st_mode & 0o777 for name in ("new", "other")] == [0o600, 0o644]  # noqa: PTH116  # as the system says it


def test_a_file_that_the_run_reads_is_not_removed() -> None:
    for place, inputs in ((Path("pod.yaml"), ["./out/../pod.yaml"]), (Path("x"), ["y", "x\0"])):
        place.write_text("mine")
        if place.name == "x":
            make_room(place, inputs)
            assert not place.exists()
            continue
        with pytest.raises(UsageError, match="this run reads it"):
            make_room(place, inputs)
        assert place.read_text() == "mine"


def test_passes_of_a_former_run_are_removed_and_nothing_else() -> None:
    folder = Path("out")
    ours = [PASS, PASS.replace("sigstore", "dsse"), "release.predicate.json"]
    others = ["release.json", "my.sigstore.json", "shop-abc.sigstore.json", "x"]
    for name in (*ours, *others):
        (folder / name).write_text("old")
    make_room_for_passes(folder)
    assert sorted(p.name for p in folder.iterdir()) == sorted([*others, "away"])


@pytest.mark.parametrize("folder", ["away", "within", "away/deep", "out/away", "file"])
def test_a_folder_behind_a_link_takes_no_pass(folder: str, checkout: Path) -> None:
    for refused in (check_folder, make_room_for_passes):
        with pytest.raises(UsageError, match="is a link"):
            refused(Path(folder))
    done = gate("check", "--policy", "p.yaml", "--pass-file", folder, "-o", "json", "pod.yaml")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["error"]["code"] == "output-unwritable"
    assert outside_of(checkout) == ["deep", "precious"]


@pytest.mark.parametrize(
    ("folder", "why"),
    [("absent", "it is not there"), ("pod.yaml", "what is there is no folder")],
)
def test_a_folder_for_passes_that_is_not_there_is_found_out_before_anything_is_signed(
    folder: str, why: str
) -> None:
    with pytest.raises(UsageError, match=why) as caught:
        make_room_for_passes(Path(folder))
    assert caught.value.code == "output-unwritable"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--policy", "absent.yaml", "pod.yaml"], 2),
        (["--policy", "pod.yaml", "pod.yaml"], 2),
        (["--output", "yaml=x", "pod.yaml"], 2),
        (["--output", "json=away/x", "pod.yaml"], 2),
        (["absent"], 2),
        (["--image", "nginx"], 2),
        ([], 2),
    ],
)
def test_a_run_that_comes_to_no_verdict_leaves_nothing_old_to_be_applied(
    options: list[str], code: int
) -> None:
    Path("apply.yaml").write_text("kind: Pod")
    (Path("out") / PASS).write_text("{}")
    assert gate("admit", "--pinned", "apply.yaml", *options).exit_code == code
    assert gate("check", "--pass-file", "out", *options).exit_code == code
    assert not Path("apply.yaml").exists()
    assert not (Path("out") / PASS).exists()


def test_manifests_are_not_written_through_a_link_and_reports_say_so(checkout: Path) -> None:
    report = ("--output", "json=gate.json")
    done = gate("admit", "--policy", "p.yaml", *report, "--pinned", "away/apply.yaml", "pod.yaml")
    assert done.exit_code == 2
    assert "away is a link [output-unwritable]" in done.stderr
    assert json.loads(Path("gate.json").read_text())["error"]["code"] == "output-unwritable"
    assert outside_of(checkout) == ["deep", "precious"]


def test_one_file_is_not_both_manifests_and_a_report() -> None:
    done = gate("admit", "--output", "json=out/../a", "--pinned", "a", "pod.yaml")
    assert (done.exit_code, "[output-twice]" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", ["admit", "check", "lint"])
def test_a_report_does_not_take_the_place_of_a_manifest(command: str) -> None:
    done = gate(command, "--output", "json=pod.yaml", "pod.yaml")
    assert (done.exit_code, "[output-unwritable]" in done.stderr) == (2, True)
    assert Path("pod.yaml").read_text() == POD


def test_manifests_to_apply_do_not_take_the_place_of_those_that_are_judged() -> None:
    done = gate("admit", "--policy", "p.yaml", "--pinned", "pod.yaml", "pod.yaml")
    assert (done.exit_code, "this run reads it [output-unwritable]" in done.stderr) == (2, True)
    assert Path("pod.yaml").read_text() == POD


@pytest.mark.parametrize("policy", ["away/gate.yaml", "nowhere", "within/gate.yaml"])
def test_a_first_policy_is_not_written_through_a_link(policy: str, checkout: Path) -> None:
    done = gate("init", "--force", "--policy", policy, "--image", "127.0.0.1:1/acme/shop:1")
    assert (done.exit_code, "is a link [output-unwritable]" in done.stderr) == (2, True)
    assert outside_of(checkout) == ["deep", "precious"]
    assert list((checkout / "hooks").iterdir()) == []


def test_a_signature_does_not_go_into_a_layout_behind_a_link(checkout: Path) -> None:
    Path("build.key").write_bytes(private_pem(generate()))
    Path("layouts").mkdir()
    (checkout / "layouts/shop").symlink_to("../../outside")
    Path("a.json").write_text("{}")
    key = ("--key", "build.key")
    image = "ghcr.io/acme/shop:1.0"
    attest = ("attest", "--type", "custom", "--predicate-type", "https://acme.example/t", "a.json")
    for place in ("ghcr.io/acme/shop=away", "ghcr.io/acme=layouts"):
        for command in (("sign",), attest):
            done = gate(*command, image, *key, "--layout", place)
            assert (done.exit_code, "is a link [output-unwritable]" in done.stderr) == (2, True)
    done = gate("sign", "oci:away:1.0=ghcr.io/acme/shop", *key)
    assert (done.exit_code, "is a link [output-unwritable]" in done.stderr) == (2, True)
    assert outside_of(checkout) == ["deep", "precious"]


def test_a_bundle_file_is_not_written_through_a_link_or_over_what_is_read(checkout: Path) -> None:
    Path("build.key").write_bytes(private_pem(generate()))
    for bundle, why in (("away/b.json", "is a link"), ("build.key", "this run reads it")):
        command = ("sign", "--key", "build.key", "127.0.0.1:1/acme/shop:1", "--bundle", bundle)
        done = gate(*command)
        assert (done.exit_code, f"{why} [output-unwritable]" in done.stderr) == (2, True)
    assert b"PRIVATE KEY" in Path("build.key").read_bytes()
    assert outside_of(checkout) == ["deep", "precious"]


def test_a_bundle_of_a_former_run_is_gone_where_nothing_is_signed() -> None:
    Path("build.key").write_bytes(private_pem(generate()))
    Path("b.json").write_text("{}")
    image = "127.0.0.1:1/acme/shop:1"
    assert gate("sign", "--key", "build.key", image, "--bundle", "b.json").exit_code == 3
    assert not Path("b.json").exists()


@pytest.mark.parametrize("told", [None, "", "80", "0", "-5", "wide", "007"])
def test_a_text_is_as_wide_as_the_standard_library_says_the_terminal_is(
    told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if told is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", told)
    assert page().width == shutil.get_terminal_size((100, 24)).columns


WRONG = [("--nope",), ("--policy",), ("--as-of", "never", "--nope")]


@pytest.mark.parametrize("wrong", WRONG, ids=" ".join)
@pytest.mark.parametrize("named", [("--pinned", "out/r"), ("--pinned=out/r",)], ids=" ".join)
def test_a_call_that_cannot_be_read_leaves_nothing_to_apply_of_an_earlier_run(
    checkout: Path, named: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    (checkout / "out/r").write_text("old")
    assert gate("admit", "pod.yaml", *named, *wrong).exit_code == 2
    assert not (checkout / "out/r").exists()
    assert (checkout / "pod.yaml").exists()


@pytest.mark.parametrize("command", ["check", "merge"])
def test_a_call_that_cannot_be_read_leaves_no_pass_of_an_earlier_run(
    checkout: Path, command: str
) -> None:
    (checkout / "out" / PASS).write_text("old")
    (checkout / "out/notes").write_text("mine")
    assert gate(command, "pod.yaml", "--pass-file", "out", "--nope").exit_code == 2
    assert sorted(p.name for p in (checkout / "out").iterdir()) == ["away", "notes"]


@pytest.mark.parametrize(
    "call",
    [
        ("admit", "pod.yaml", "--pinned", "pod.yaml"),
        ("admit", "--pinned=file"),
        ("admit", "--pinned"),
        ("lint", "--pinned", "pod.yaml"),
        ("--pinned", "pod.yaml"),
        ("check", "--pass-file", "away"),
    ],
    ids=" ".join,
)
def test_a_call_that_cannot_be_read_removes_nothing_that_it_reads_or_that_lies_elsewhere(
    checkout: Path, call: tuple[str, ...]
) -> None:
    (checkout.parent / "outside" / PASS).write_text("mine")
    assert gate(*call, "--nope").exit_code == 2
    assert (checkout / "pod.yaml").read_text() == POD
    assert outside_of(checkout) == ["deep", PASS, "precious"]
