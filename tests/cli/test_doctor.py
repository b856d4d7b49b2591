"""`gate doctor`: each thing that can be wrong, said with its fix."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from tests.builders.commands import called
from tests.fakes.registry import FakeRegistry, Reply, error
from tests.fakes.sigstore.keys import new_key

ROOT = Path.cwd()
CI = ("GITHUB_ACTIONS", "ACTIONS_ID_TOKEN_REQUEST_URL", "GITLAB_CI", "SIGSTORE_ID_TOKEN")


def doctor(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    outside = {name: value for name, value in os.environ.items() if name not in CI}
    environment = {**outside, "NO_COLOR": "1", "HOME": str(folder), **environ}
    return called("doctor", *arguments, folder=folder, environment=environment)


def write_policy(folder: Path, host: str, sign: object = None) -> None:
    policy: dict[str, object] = {
        "version": 1,
        "verifier": "https://acme.example/gate",
        "images": [{"match": f"{host}/acme/**", "digest": "required"}],
    }
    if sign is not None:
        policy["pass"] = {"environment": "production", "valid-for": "24h", "sign": sign}
    (folder / ".gate.yaml").write_text(json.dumps(policy))


def dated(registry: FakeRegistry, off: timedelta) -> None:
    date = format_datetime(datetime.now(UTC) + off, usegmt=True)
    registry.script(r"GET /v2/$", Reply(200, {"date": date}), forever=True)


def test_a_place_where_all_is_well_exits_with_0(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        digest = registry.image("acme/shop", "1")
        dated(registry, timedelta())
        write_policy(tmp_path, registry.host)
        image = f"{registry.host}/acme/shop:1"
        done = doctor(tmp_path, "--plain-http", registry.host, "--image", image)
        assert done.returncode == 0, done.stdout
        assert f"ok      {registry.host}: is there, and answers 200\n" in done.stdout
        assert f"ok      clock: agrees with that of {registry.host}\n" in done.stdout
        assert f"ok      {registry.host}/acme/shop: can be read: {digest}\n" in done.stdout
        assert not registry.asked("POST"), "nothing is pushed where no pass is signed"


@pytest.mark.parametrize(("minutes", "way"), [(-10, "ahead of"), (10, "behind")])
def test_a_clock_that_is_wrong_is_told_with_how_far(tmp_path: Path, minutes: int, way: str) -> None:
    with FakeRegistry() as registry:
        dated(registry, timedelta(minutes=minutes))
        write_policy(tmp_path, registry.host)
        done = doctor(tmp_path, "--plain-http", registry.host)
        assert done.returncode == 1
        assert f"s {way} {registry.host}" in done.stdout
        assert "set the clock" in done.stdout


def test_a_registry_that_does_not_answer_is_unknown_and_not_wrong(tmp_path: Path) -> None:
    write_policy(tmp_path, "127.0.0.1:1")
    done = doctor(tmp_path, "--plain-http", "127.0.0.1:1")
    assert done.returncode == 3
    assert "unknown 127.0.0.1:1: " in done.stdout


def test_a_registry_that_refuses_to_take_a_pass_is_found_out_before_the_release(
    tmp_path: Path,
) -> None:
    with FakeRegistry() as registry:
        registry.image("acme/shop", "1")
        dated(registry, timedelta())
        registry.script("POST", error(403, "DENIED"), forever=True)
        write_policy(tmp_path, registry.host, {"keyless": True})
        image = f"{registry.host}/acme/shop:1"
        done = doctor(tmp_path, "--plain-http", registry.host, "--image", image)
        assert done.returncode == 1
        assert f"wrong   {registry.host}/acme/shop: " in done.stdout
        assert "[registry-denied]" in done.stdout or "[denied]" in done.stdout


def test_whether_one_may_push_is_found_out_without_leaving_anything(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        registry.image("acme/shop", "1")
        dated(registry, timedelta())
        write_policy(tmp_path, registry.host, {"keyless": True})
        image = f"{registry.host}/acme/shop:1"
        done = doctor(tmp_path, "--plain-http", registry.host, "--image", image)
        assert done.returncode == 0, done.stdout
        assert "can be pushed to" in done.stdout
        assert (registry.asked("POST"), registry.asked("DELETE"), registry.asked("PUT")) == (
            1,
            1,
            0,
        )


def test_without_a_policy_the_fix_is_to_name_one(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    done = doctor(tmp_path)
    assert done.returncode == 1
    assert "wrong   policy: " in done.stdout
    assert "[policy-missing]" in done.stdout


def test_a_policy_that_does_not_load_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / ".gate.yaml").write_text("version: 1\nimagse: []\n")
    done = doctor(tmp_path)
    assert done.returncode == 1
    assert ".gate.yaml:2:1: " in done.stdout


def test_outside_of_a_job_keyless_signing_is_no_fault_but_a_note(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        dated(registry, timedelta())
        write_policy(tmp_path, registry.host, {"keyless": True})
        done = doctor(tmp_path, "--plain-http", registry.host)
        assert done.returncode == 0, done.stdout
        assert "note    signing: no CI job here" in done.stdout


def test_a_job_without_the_permission_for_an_identity_is_told_which_one(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        dated(registry, timedelta())
        write_policy(tmp_path, registry.host, {"keyless": True})
        done = doctor(tmp_path, "--plain-http", registry.host, GITHUB_ACTIONS="true")
        assert done.returncode == 1
        assert "wrong   signing: " in done.stdout
        assert "id-token: write" in done.stdout


def test_a_key_that_others_can_read_is_told_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        dated(registry, timedelta())
        key = tmp_path / "gate.key"
        key.write_bytes(
            new_key().private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        key.chmod(0o644)
        write_policy(tmp_path, registry.host, {"key": "gate.key"})
        done = doctor(tmp_path, "--plain-http", registry.host)
        assert (done.returncode, "chmod 600 gate.key" in done.stdout) == (1, True)
        key.chmod(0o600)
        assert doctor(tmp_path, "--plain-http", registry.host).returncode == 0


def test_a_key_that_is_not_there_is_told(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        dated(registry, timedelta())
        write_policy(tmp_path, registry.host, {"key": "gate.key"})
        done = doctor(tmp_path, "--plain-http", registry.host)
        assert (done.returncode, "[key-unreadable]" in done.stdout) == (1, True)


def test_a_host_cannot_make_the_terminal_obey(tmp_path: Path) -> None:
    with FakeRegistry() as registry:
        hostile = "x\x1b[2J::error::"
        registry.script(r"GET /v2/$", Reply(401, {"date": hostile}), forever=True)
        write_policy(tmp_path, registry.host)
        done = doctor(tmp_path, "--plain-http", registry.host)
        assert "\x1b" not in done.stdout
        assert done.returncode == 3, "a date that is none tells nothing of the clock"
