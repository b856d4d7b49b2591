"""`--as-of`: what was recorded gives the same verdict again, to the same bytes, unsigned."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gate.cli.demo.release import REGISTRY, Keys, Tampering, make_release
from tests.builders.commands import called
from tests.fakes.sigstore.local import LocalSigstore
from tests.fakes.sigstore.trust import trusted_root

MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""When the release was made. Scans are two hours older, and good for seven days."""

MOVED_CLOCK = """\
import datetime, time
class Moved(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(days=400)
datetime.datetime = Moved
_time = time.time
time.time = lambda: _time() + 400 * 86400
"""
"""Run by Python as it starts, before anything of the program is imported."""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A policy and its keys, manifests, images in layout folders, and a keyless bundle."""
    folder = tmp_path_factory.mktemp("recorded") / "release"
    folder.mkdir()
    make_release(folder, Keys(), MADE, Tampering())
    sigstore = LocalSigstore()
    root = json.dumps(trusted_root(sigstore)).encode()
    (folder / "root.json").write_bytes(root)
    listed = (folder / "images/shop/index.json").read_text()
    shop = next(
        m["digest"].removeprefix("sha256:")
        for m in json.loads(listed)["manifests"]
        if "annotations" in m and "1.0" in m["annotations"].values()
    )
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "shop", "digest": {"sha256": shop}}],
        "predicateType": "https://sigstore.dev/cosign/sign/v1",
        "predicate": {},
    }
    bundle = sigstore.keyless_bundle(
        json.dumps(statement).encode(),
        at=MADE,
        subject="release@acme.example",
        issuer="https://accounts.example",
    )
    (folder / "shop.sigstore.json").write_bytes(bundle)
    policy = (folder / "policy.yaml").read_text()
    policy = policy.replace(
        "signers:\n",
        f"""\
trusted-roots: {{own: {{file: root.json, sha256: {hashlib.sha256(root).hexdigest()}}}}}
signers:
  person: {{issuer: "https://accounts.example", identity: release@acme.example, root: own}}
""",
    ).replace(
        "images:\n",
        f"images:\n  - match: {REGISTRY}/shop\n    signature: {{by: [person]}}\n"
        "    scan-age: {by: [scanner], max-age: 7d}\n",
    )
    (folder / "policy.yaml").write_text(policy)
    return folder


def call(
    where: Path, cwd: Path, command: str, *more: str, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a command with what lies in `where`, as it is named from `cwd`.

    As a process of its own where something of its environment differs from this one's.
    """
    at = os.path.relpath(where, cwd)
    arguments = [
        *(command, "--policy", f"{at}/policy.yaml", "--layout", f"{REGISTRY}={at}/images"),
        *("--bundle", f"{at}/shop.sigstore.json", "--format", "json", *more),
    ]
    if not environment:
        done = called(*arguments, folder=cwd)
        out, err = done.stdout.encode(), done.stderr.encode()
        return subprocess.CompletedProcess(done.args, done.returncode, out, err)
    path = os.pathsep.join(filter(None, [environment.pop("FIRST", ""), str(Path.cwd())]))
    return subprocess.run(  # noqa: S603  # our own interpreter and our own program
        [sys.executable, "-m", "gate", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


def check(where: Path, as_of: datetime, **environment: str) -> tuple[int, bytes]:
    """Judge the release from the folder that it lies in; return the exit code and the report."""
    given = ("--as-of", f"{as_of:%Y-%m-%dT%H:%M:%SZ}", f"{where.name}/manifests")
    done = call(where, where.parent, "check", *given, **environment)
    assert done.stderr == b""
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def first(recorded: Path) -> tuple[int, bytes]:
    """Return the exit code and the report of the first run."""
    return check(recorded, MADE)


def codes(report: bytes) -> list[str]:
    said: dict[str, Any] = json.loads(report)
    blocking = [f["code"] for f in said["findings"] if f["action"] == "block"]
    return sorted({*blocking, *(u["code"] for u in said["undecided"])})


def test_two_runs_give_the_same_bytes_and_sign_nothing(
    recorded: Path, first: tuple[int, bytes]
) -> None:
    before = sorted((p, p.stat().st_mtime_ns) for p in recorded.rglob("*"))
    code, report = first
    assert (code, codes(report)) == (0, [])
    assert json.loads(report)["at"] == "2026-03-01T12:00:00Z"
    assert json.loads(report)["pass"]["state"] == "dry-run"
    assert check(recorded, MADE) == (code, report)
    assert sorted((p, p.stat().st_mtime_ns) for p in recorded.rglob("*")) == before


ELSEWHERE = {
    "LC_ALL": "C",
    "LANG": "C",
    "PYTHONUTF8": "0",
    "TZ": "Pacific/Kiritimati",
    "SIGSTORE_ROOT_FILE": "/x",
    "SIGSTORE_REKOR_PUBLIC_KEY": "/x",
    "TUF_ROOT": "/x",
    "TUF_MIRROR": "http://x.invalid",
    "SSL_CERT_FILE": "/x",
    "REQUESTS_CA_BUNDLE": "/x",
    "https_proxy": "http://x.invalid",
    "ALL_PROXY": "socks5://x",
    "COLUMNS": "40",
    "FORCE_COLOR": "1",
}
"""Variables that no program reads together: what one of them changed, no other would undo."""


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONHASHSEED": "1", **ELSEWHERE}, {"PYTHONHASHSEED": "4242"}],
    ids=["elsewhere", "here"],
)
def test_r109_no_byte_depends_on_the_environment(
    recorded: Path, first: tuple[int, bytes], environment: dict[str, str]
) -> None:
    assert check(recorded, MADE, **environment) == first


def test_no_byte_depends_on_the_clock_of_the_machine(
    recorded: Path, first: tuple[int, bytes], tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(MOVED_CLOCK)
    moved = {"FIRST": str(tmp_path)}
    assert check(recorded, MADE, **moved) == first
    # The clock is moved indeed: without --as-of the same run has another time.
    done = call(recorded, recorded.parent, "why", f"{REGISTRY}/shop:1.0", **moved)
    at = datetime.fromisoformat(json.loads(done.stdout)["at"])
    assert at > datetime.now(UTC) + timedelta(days=399)


def test_no_byte_depends_on_where_the_record_lies(
    recorded: Path, first: tuple[int, bytes], tmp_path: Path
) -> None:
    copy = tmp_path / "elsewhere" / recorded.name
    shutil.copytree(recorded, copy, copy_function=shutil.copy)
    assert check(copy, MADE) == first


def test_why_is_replayed_to_the_same_bytes(recorded: Path) -> None:
    given = (recorded, recorded.parent, "why", f"{REGISTRY}/shop:1.0", "--as-of")
    first = call(*given, "2026-03-01T12:00:00Z", PYTHONHASHSEED="1")
    again = call(*given, "2026-03-01T12:00:00+00:00", PYTHONHASHSEED="2")
    assert (first.returncode, first.stdout) == (again.returncode, again.stdout)
    assert first.returncode == 0


def test_a_scan_grows_old_as_time_moves(recorded: Path) -> None:
    last = MADE - timedelta(hours=2) + timedelta(days=7)
    assert codes(check(recorded, last)[1]) == []
    code, report = check(recorded, last + timedelta(seconds=1))
    assert (code, codes(report)) == (1, ["scan-too-old"])


def test_what_is_dated_after_the_replayed_time_does_not_count(recorded: Path) -> None:
    code, report = check(recorded, MADE - timedelta(hours=3))
    assert code == 1
    assert "scan-from-the-future" in codes(report)


def test_a_signature_outlives_the_certificate_that_made_it(recorded: Path) -> None:
    # Fulcio's certificates are good for ten minutes; the log says when it was used.
    given = (recorded, recorded.parent, "why", f"{REGISTRY}/shop:1.0", "--as-of")
    said = json.loads(call(*given, "2026-12-01T00:00:00Z").stdout)
    status = {a["check"]: a["status"] for a in said["checks"]}
    assert (status["signature"], status["scan-age"]) == ("passed", "failed")
    # And before it was made it is none.
    said = json.loads(call(*given, "2026-02-01T00:00:00Z").stdout)
    assert {a["check"]: a["status"] for a in said["checks"]}["signature"] == "failed"


def test_a_waiver_ends_as_time_moves(recorded: Path, tmp_path: Path) -> None:
    copy = tmp_path / "waived"
    shutil.copytree(recorded, copy)
    policy = copy / "policy.yaml"
    waivers = "".join(
        f"  - {{check: scan-age, finding: scan-too-old, image: {REGISTRY}/{name},"
        " owner: team, reason: moving, expires: 2026-04-30}\n"
        for name in ("shop", "worker")
    )
    policy.write_text(policy.read_text() + "waivers:\n" + waivers)
    code, report = check(copy, datetime(2026, 4, 30, 23, 59, 59, tzinfo=UTC))
    assert (code, codes(report), len(json.loads(report)["waived"])) == (0, [], 2)
    code, report = check(copy, datetime(2026, 5, 1, tzinfo=UTC))
    assert (code, "scan-too-old" in codes(report), json.loads(report)["waived"]) == (1, True, [])
