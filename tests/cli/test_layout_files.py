"""`gate check` of an image by the in-toto layout that the policy names and the links of its run."""

from __future__ import annotations

import importlib.util
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner

from gate.cli.app import app
from gate.cli.reads import links as reading
from gate.cli.reads.links import read_links
from gate.errors import UsageError
from gate.keys.private import generate, private_pem
from gate.model.image import Digest
from gate.model.link_files import LinkFile, LinkFolder
from gate.reports import FORMATS
from tests.builders.layouts import make_image

NAME: Final = "registry.example/shop"
MAKE: Final = Path(__file__).resolve().parents[2] / "examples" / "layout" / "make.py"


def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("layout_example", MAKE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Run:
    """An image in an OCI layout folder, and the worked example's files for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digest = make_image(folder / "images", "1.0")
        self.other = make_image(folder / "images", "2.0")
        make = example()
        owner, developers, self.pipeline = (Ed25519PrivateKey.generate() for _ in range(3))
        end = datetime.now(UTC) + timedelta(hours=2)
        manifest = (folder / "images" / "blobs" / "sha256" / self.digest.hex).read_bytes()
        make.write(
            make.layout_set(manifest, owner, developers, self.pipeline, end), folder / "made"
        )
        self.end = f"{end - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
        self.layout = folder / "made" / "release.layout"
        self.links = folder / "made" / "links"
        self.policy(make.pem(owner))

    def policy(self, pem: str, **more: Any) -> None:  # noqa: ANN401  # what a policy holds
        (self.folder / "gate.key").write_bytes(private_pem(generate()))
        (self.folder / "gate.key").chmod(0o600)
        demand = {"file": "made/release.layout", "keys": [pem], **more}
        policy = {
            "version": 1,
            "verifier": "https://acme.example/gate",
            "images": [{"match": f"{NAME}", "layout": demand}],
            "pass": {
                "environment": "production",
                "valid-for": "24h",
                "sign": {"key": "gate.key"},
            },
        }
        (self.folder / "policy.yaml").write_text(json.dumps(policy))

    def check(self, *more: str, tag: str = "1.0") -> tuple[int, dict[str, Any]]:
        where = ["--layout", f"{NAME}={self.folder / 'images'}", "--image", f"{NAME}:{tag}"]
        done = CliRunner().invoke(
            app,
            ["check", "--policy", str(self.folder / "policy.yaml"), "--format", "json",
             *where, *more],
        )  # fmt: skip
        assert done.stdout, done.output
        return done.exit_code, json.loads(done.stdout)


@pytest.fixture
def made(tmp_path: Path) -> Run:
    return Run(tmp_path)


def public_pem(key: Any) -> bytes:  # noqa: ANN401  # a private key of any kind
    public: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return public


def codes(report: dict[str, Any]) -> list[str]:
    return [f["code"] for f in report["findings"]] + [u["code"] for u in report["undecided"]]


def test_the_image_that_the_run_made_is_cleared_and_its_pass_names_every_file(made: Run) -> None:
    passes = made.folder / "passes"
    passes.mkdir()
    code, report = made.check("--links", str(made.links), "--pass-file", str(passes))
    assert (code, report["verdict"], report["error"]) == (0, "cleared", None)
    (predicate,) = [
        json.loads(p.read_text())
        for p in passes.glob("*.predicate.json")
        if not p.name.startswith("release")
    ]
    files = [made.layout, *made.links.iterdir()]
    assert [i["digest"]["sha256"] for i in predicate["inputAttestations"]] == sorted(
        Digest.of(f.read_bytes()).hex for f in files
    )
    assert len(predicate["urn:uuid:66b5846d-8c58-4054-bd7c-5e85d582227f#identities"]) == 3
    assert predicate["urn:uuid:66b5846d-8c58-4054-bd7c-5e85d582227f#notAfter"] == made.end


@pytest.mark.parametrize(
    ("signed_by_the_pipeline", "found"), [(False, []), (True, ["pass-same-signer"])]
)
def test_the_pass_is_admitted_unless_who_signed_a_link_signed_it(
    made: Run, *, signed_by_the_pipeline: bool, found: list[str]
) -> None:
    key = made.pipeline if signed_by_the_pipeline else generate()
    (made.folder / "gate.key").write_bytes(private_pem(key))
    (made.folder / "gate.pub").write_bytes(public_pem(key))
    passes = made.folder / "passes"
    passes.mkdir()
    _, report = made.check("--links", str(made.links), "--pass-file", str(passes))
    demand = {
        "by": ["gate"],
        "verifier": "https://acme.example/gate",
        "environment": "production",
        "policies": [report["policy"]["digest"]],
        "max-age": "24h",
        "manifests": "images",
    }
    deploy = made.folder / "admit.yaml"
    deploy.write_text(
        json.dumps(
            {
                "version": 1,
                "signers": {"gate": {"key": "gate.pub"}},
                "images": [{"match": NAME, "pass": demand}],
            }
        )
    )
    where = ["--layout", f"{NAME}={made.folder / 'images'}", "--image", f"{NAME}@{made.digest}"]
    done = CliRunner().invoke(app, ["admit", "--policy", str(deploy), "--format", "json", *where])
    assert codes(json.loads(done.stdout)) == found
    assert done.exit_code == bool(found)


def test_an_image_that_is_no_product_is_blocked(made: Run) -> None:
    code, report = made.check("--links", str(made.links), tag="2.0")
    assert (code, codes(report)) == (1, ["layout-another-product"])
    assert str(made.other) in report["findings"][0]["message"]


def test_every_image_of_the_entry_has_to_be_a_product(made: Run) -> None:
    code, report = made.check("--links", str(made.links), "--image", f"{NAME}:2.0")
    assert (code, codes(report)) == (1, ["layout-another-product"])


def test_without_links_every_step_is_named(made: Run) -> None:
    code, report = made.check()
    assert (code, codes(report)) == (1, ["layout-step-unproven", "layout-step-unproven"])
    assert sorted(f["message"].split()[1] for f in report["findings"]) == ["build", "clone"]


def test_links_that_no_entry_asks_for_are_told_of_beside_the_verdict(made: Run) -> None:
    policy = made.folder / "unasked.yaml"
    policy.write_text("version: 1\nimages: [{match: '**', digest: required}]\n")
    where = ["--layout", f"{NAME}={made.folder / 'images'}", "--image", f"{NAME}:1.0"]
    asked = ["check", "--policy", str(policy), *where, "--links", str(made.links)]
    done = CliRunner().invoke(app, asked)
    assert "[links-unasked]" in done.stderr
    asked[2] = str(made.folder / "policy.yaml")
    assert "links-unasked" not in CliRunner().invoke(app, asked).stderr


def test_links_that_only_an_entry_of_other_images_asks_for_are_told_of_and_change_no_byte(
    made: Run,
) -> None:
    written = json.loads((made.folder / "policy.yaml").read_text())
    written["images"][0]["match"] = "registry.example/other"
    written["images"].append({"match": NAME, "digest": "required"})
    policy = made.folder / "two.yaml"
    policy.write_text(json.dumps(written))
    where = ["--layout", f"{NAME}={made.folder / 'images'}", "--image", f"{NAME}@{made.digest}"]
    asked = ["check", "--policy", str(policy), *where, "--as-of", "2026-11-21T12:00:00Z"]
    asked += ["--format", "json"]
    without = CliRunner().invoke(app, asked)
    done = CliRunner().invoke(app, [*asked, "--links", str(made.links)])
    assert "[links-unasked]" in done.stderr
    assert "links-unasked" not in without.stderr
    assert (done.exit_code, done.stdout) == (without.exit_code, without.stdout)
    assert json.loads(done.stdout)["verdict"] == "cleared"


def test_a_file_that_is_no_link_is_named(made: Run) -> None:
    (made.links / "notes.link").write_text("not a link")
    code, report = made.check("--links", str(made.links))
    assert (code, codes(report)) == (1, ["layout-malformed"])
    assert "notes.link" in report["findings"][0]["message"]


@pytest.mark.parametrize(
    ("file", "beside", "code"),
    [
        ("", False, "policy-bad-value"),
        ("", True, "policy-bad-value"),
        ("made", False, "policy-file-unreadable"),
        ("../release.layout", False, "policy-file-unreadable"),
        ("policy.yaml", False, "policy-bad-value"),
    ],
)
def test_a_layout_that_is_no_file_of_the_policy_s_folder_is_found_at_load(
    made: Run, file: str, *, beside: bool, code: str
) -> None:
    policy = made.folder / "policy.yaml"
    written = json.loads(policy.read_text())
    written["images"][0]["layout"].update(file=file, **({"by": ["ci"]} if beside else {}))
    written["signers"] = {"ci": {"key": "gate.pub"}}
    (made.folder / "gate.pub").write_bytes(public_pem(made.pipeline))
    policy.write_text(json.dumps(written))
    exit_code, report = made.check("--links", str(made.links))
    assert (exit_code, report["error"]["code"]) == (2, code)


def test_a_folder_of_links_may_be_reached_by_a_symbolic_link(made: Run) -> None:
    (made.folder / "latest").symlink_to(made.links)
    code, _ = made.check("--links", str(made.folder / "latest"))
    assert code == 0


def test_a_folder_of_links_may_be_empty(made: Run) -> None:
    (made.folder / "empty").mkdir()
    code, report = made.check("--links", str(made.folder / "empty"))
    assert (code, codes(report)) == (1, ["layout-step-unproven", "layout-step-unproven"])


def test_a_folder_of_links_that_is_not_there_is_a_wrong_call(made: Run) -> None:
    code, report = made.check("--links", str(made.folder / "nowhere"))
    assert (code, report["error"]["code"]) == (2, "links-unreadable")


def test_a_link_to_a_file_elsewhere_is_not_followed_and_undecided(made: Run) -> None:
    (link,) = made.links.glob("build.*")
    away = link.rename(made.folder / "build.link")
    link.symlink_to(away)
    code, report = made.check("--links", str(made.links))
    assert (code, codes(report)) == (3, ["layout-links-unreadable"])


def test_a_layout_file_that_is_not_there_is_found_at_load(made: Run) -> None:
    made.layout.unlink()
    code, report = made.check("--links", str(made.links))
    assert (code, report["error"]["code"]) == (2, "policy-file-unreadable")


def test_another_layout_makes_it_another_policy(made: Run) -> None:
    _, before = made.check("--links", str(made.links))
    made.layout.write_text(made.layout.read_text() + "\n")
    _, after = made.check("--links", str(made.links))
    assert (before["verdict"], after["verdict"]) == ("cleared", "cleared")
    assert before["policy"]["digest"] != after["policy"]["digest"]


def test_why_tells_of_the_same_steps(made: Run) -> None:
    asked = ["why", f"{NAME}:1.0", "--policy", str(made.folder / "policy.yaml")]
    where = ["--layout", f"{NAME}={made.folder / 'images'}"]
    done = CliRunner().invoke(app, [*asked, *where])
    assert done.exit_code == 1, done.output
    assert "--links" in done.stdout
    done = CliRunner().invoke(app, [*asked, *where, "--links", str(made.links)])
    assert done.exit_code == 0, done.output


def test_link_files_are_read_in_the_order_of_their_names_and_nothing_else_is(
    tmp_path: Path,
) -> None:
    for name in ("b.1.link", "a.1.link", "notes.txt", "root.layout"):
        (tmp_path / name).write_text(name)
    assert read_links(str(tmp_path)) == LinkFolder(
        str(tmp_path), tuple(LinkFile(n, n.encode()) for n in ("a.1.link", "b.1.link"))
    )


def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.link").mkdir()
    assert "a.link is no plain file" in read_links(str(tmp_path)).problem
    (tmp_path / "a.link").rmdir()
    os.mkfifo(tmp_path / "a.link")
    assert "a.link is no plain file" in read_links(str(tmp_path)).problem


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("{}")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "a.link").symlink_to("../secret")
    found = read_links(str(tmp_path / "run"))
    assert found.links == ()
    assert "no symbolic link" in found.problem


@pytest.mark.parametrize(
    ("bound", "value", "said"),
    [
        ("LINKS", 1, "at most 1 are read"),
        ("MAX_ENTRIES", 1, "more than 1 files"),
        ("MAX_METADATA_BYTES", 3, "a.link is too large"),
        ("MAX_FOLDER_BYTES", 7, "b.link is too large"),
    ],
)
def test_links_beyond_a_bound_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int, said: str
) -> None:
    for name in ("a.link", "b.link"):
        (tmp_path / name).write_text("{..}")
    assert read_links(str(tmp_path)).problem == ""
    monkeypatch.setattr(reading, bound, value)
    found = read_links(str(tmp_path))
    assert found.links == ()
    assert said in found.problem


@pytest.mark.parametrize("path", ["nowhere", "a\0b", ""])
def test_a_folder_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_links(path)
    assert refused.value.code == "links-unreadable"


@pytest.mark.parametrize("name", [b"\x1b[2J\n::error::x.link", b"\xff\xfe.link"])
def test_a_hostile_name_of_a_link_is_not_printed_raw(made: Run, name: bytes) -> None:
    Path(os.fsdecode(bytes(made.links) + b"/" + name)).write_text("{")
    where = ["--layout", f"{NAME}={made.folder / 'images'}", "--image", f"{NAME}:1.0"]
    done = CliRunner().invoke(
        app,
        ["check", "--policy", str(made.folder / "policy.yaml"), "--links", str(made.links), *where,
         *(part for f in FORMATS for part in ("--output", f"{f}={made.folder}/{f}.out"))],
    )  # fmt: skip
    assert done.exit_code == 1, done.output
    assert "layout-malformed" in done.stdout
    assert "\x1b[2J" not in done.stdout
    assert "\n::error" not in done.stdout
