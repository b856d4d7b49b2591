from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from gate.errors import RegistryError
from gate.registry.login.credentials import Login
from gate.registry.login.docker_config import DockerConfig
from gate.registry.login.helper import run_helper
from gate.registry.login.sources import logins_from


def config(value: object, answers: dict[tuple[str, str], bytes] | None = None) -> DockerConfig:
    return DockerConfig(
        json.dumps(value).encode(),
        what="config.json",
        run=lambda helper, host: (answers or {}).get((helper, host)),
    )


def auth(username: str, password: str) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{username}:{password}".encode()).decode()}


ALICE = Login(username="alice", password="a:b")


def test_a_login_is_found_under_its_exact_host() -> None:
    found = config({"auths": {"ghcr.io": auth("alice", "a:b")}})
    assert found.find("ghcr.io", "acme/shop") == ALICE
    assert found.find("ghcr.io.evil.example", "acme/shop") is None
    assert found.find("io", "acme/shop") is None


@pytest.mark.parametrize(
    "key", ["https://index.docker.io/v1/", "docker.io", "index.docker.io", "registry-1.docker.io"]
)
def test_docker_hub_has_several_names_and_one_login(key: str) -> None:
    found = config({"auths": {key: auth("alice", "a:b")}})
    assert found.find("registry-1.docker.io", "library/nginx") == ALICE


def test_podman_names_paths_and_the_longest_fits() -> None:
    found = config({"auths": {"quay.io": auth("x", "y"), "quay.io/acme": auth("alice", "a:b")}})
    assert found.find("quay.io", "acme/shop") == ALICE
    assert found.find("quay.io", "acmeevil/shop") == Login(username="x", password="y")


def test_a_helper_for_a_host_is_asked_for_that_host() -> None:
    answer = json.dumps({"ServerURL": "x", "Username": "alice", "Secret": "a:b"}).encode()
    found = config({"credHelpers": {"gcr.io": "gcloud"}}, {("gcloud", "gcr.io"): answer})
    assert found.find("gcr.io", "acme/shop") == ALICE
    assert found.find("eu.gcr.io", "acme/shop") is None


def test_the_common_store_is_asked_for_what_the_file_does_not_hold() -> None:
    answer = json.dumps({"Username": "<token>", "Secret": "refresh"}).encode()
    found = config(
        {"auths": {"ghcr.io": {}}, "credsStore": "desktop"}, {("desktop", "ghcr.io"): answer}
    )
    assert found.find("ghcr.io", "acme/shop") == Login(identity_token="refresh")
    assert found.find("quay.io", "acme/shop") is None


@pytest.mark.parametrize("name", ["../evil", "a b", "", "-x", "a/b", "x" * 65])
def test_a_helper_with_an_unlikely_name_is_not_run(name: str) -> None:
    found = config({"credHelpers": {"ghcr.io": name}})
    with pytest.raises(RegistryError) as caught:
        found.find("ghcr.io", "acme/shop")
    assert caught.value.code == "credentials-unreadable"


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"auths":{},"auths":{}}', b"\xff"])
def test_a_configuration_that_is_not_json_is_an_error(content: bytes) -> None:
    with pytest.raises(RegistryError):
        DockerConfig(content, what="config.json")


def test_an_entry_that_is_not_base64_is_an_error_that_does_not_show_it() -> None:
    with pytest.raises(RegistryError) as caught:
        config({"auths": {"ghcr.io": {"auth": "hunter2!"}}})
    assert caught.value.code == "credentials-unreadable"
    assert "hunter2" not in str(caught.value)


def test_a_login_is_never_shown() -> None:
    assert "a:b" not in repr(ALICE)
    assert "alice" not in repr(ALICE)


def test_the_environment_comes_before_the_files(tmp_path: Path) -> None:
    (tmp_path / ".docker").mkdir()
    content = json.dumps({"auths": {"ghcr.io": auth("file", "f"), "quay.io": auth("q", "q")}})
    (tmp_path / ".docker" / "config.json").write_text(content)
    environ = {
        "GATE_REGISTRY": "ghcr.io",
        "GATE_REGISTRY_USERNAME": "alice",
        "GATE_REGISTRY_PASSWORD": "a:b",
    }
    found = logins_from(environ, tmp_path)
    assert found.find("ghcr.io", "x/y") == ALICE
    assert found.find("quay.io", "x/y") == Login(username="q", password="q")
    assert found.find("gcr.io", "x/y") is None


def test_a_configuration_in_a_variable_is_read_as_gitlab_gives_it(tmp_path: Path) -> None:
    environ = {"DOCKER_AUTH_CONFIG": json.dumps({"auths": {"ghcr.io": auth("alice", "a:b")}})}
    assert logins_from(environ, tmp_path).find("ghcr.io", "x/y") == ALICE


def test_a_real_helper_program_is_run_without_a_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "docker-credential-test"
    program.write_text(
        '#!/bin/sh\nread host\necho "{\\"Username\\":\\"$1\\",\\"Secret\\":\\"$host\\"}"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert run_helper("test", "ghcr.io") == b'{"Username":"get","Secret":"ghcr.io"}\n'
    with pytest.raises(RegistryError) as caught:
        run_helper("missing", "ghcr.io")
    assert caught.value.code == "credentials-unreadable"
    assert caught.value.problem.endswith("docker-credential-missing, which is not on PATH")


@pytest.mark.parametrize(("given", "missing"), [("USERNAME", "PASSWORD"), ("PASSWORD", "USERNAME")])
def test_half_a_login_in_the_environment_is_told_and_not_left_out(
    given: str, missing: str, tmp_path: Path
) -> None:
    environ = {"GATE_REGISTRY": "ghcr.io", f"GATE_REGISTRY_{given}": "alice"}
    found = logins_from(environ, tmp_path)
    with pytest.raises(RegistryError, match=f"and GATE_REGISTRY_{missing} is empty") as caught:
        found.find("ghcr.io", "x/y")
    assert caught.value.code == "credentials-unreadable"
    assert found.find("quay.io", "x/y") is None
    assert logins_from({"GATE_REGISTRY": "ghcr.io"}, tmp_path).find("ghcr.io", "x/y") is None


def test_what_a_helper_says_itself_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "docker-credential-test"
    program.write_text("#!/bin/sh\nprintf 'not \\033[31mlogged in to the vault' >&2\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(RegistryError) as caught:
        run_helper("test", "ghcr.io")
    assert caught.value.problem == (
        "docker-credential-test gives no credentials (exit code 3: not ?[31mlogged in to the vault)"
    )


def test_a_helper_that_answers_no_json_is_named() -> None:
    config = DockerConfig(
        b'{"credHelpers": {"ghcr.io": "test"}}', what="config.json", run=lambda *_: b"Usage:"
    )
    with pytest.raises(RegistryError) as caught:
        config.find("ghcr.io", "x/y")
    assert caught.value.code == "credentials-unreadable"
    assert "'test'" in caught.value.problem


def test_a_helper_without_credentials_means_anonymous(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "docker-credential-test"
    program.write_text("#!/bin/sh\necho credentials not found in native keychain\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert run_helper("test", "ghcr.io") is None


def test_a_broken_configuration_is_an_error_when_it_is_needed_and_not_before(
    tmp_path: Path,
) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "config.json").write_text("{")
    environ = {
        "GATE_REGISTRY": "ghcr.io",
        "GATE_REGISTRY_USERNAME": "alice",
        "GATE_REGISTRY_PASSWORD": "a:b",
    }
    found = logins_from(environ, tmp_path)
    assert found.find("ghcr.io", "x/y") == ALICE
    with pytest.raises(RegistryError) as caught:
        found.find("quay.io", "x/y")
    file = tmp_path / ".docker" / "config.json"
    assert (caught.value.code, caught.value.problem) == (
        "credentials-unreadable",
        f"{file} should hold credentials, and is not well-formed JSON",
    )
    assert str(file) in caught.value.remedy


def test_a_configuration_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".docker" / "config.json").mkdir(parents=True)
    with pytest.raises(RegistryError) as caught:
        logins_from({}, tmp_path).find("quay.io", "x/y")
    assert caught.value.code == "credentials-unreadable"
