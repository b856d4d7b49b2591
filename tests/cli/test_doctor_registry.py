"""`gate doctor REGISTRY`: what a registry needs, and the file that it prints then works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gate.cli.reads.places import Access, open_registry
from gate.cli.runs.doctor_registry import run_reach
from gate.errors import UsageError
from gate.model.image import ImageReference
from gate.registry.registries_file import load_reach
from tests.builders import authorities
from tests.builders.authorities import Authority, context
from tests.fakes.registry import FakeRegistry, Reply

authority = authorities.authority


def written(printed: str, folder: Path) -> str:
    """Save the file that was printed, as the user would."""
    _, _, text = printed.partition("\n# registries.yaml")
    path = folder / "registries.yaml"
    path.write_text(f"# {text}")
    return str(path)


def reach(host: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run_reach([host], Access(environ={}))
    return code, capsys.readouterr().out


@pytest.fixture(autouse=True)
def _nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_COLOR", "1")


def test_a_private_registry_in_plain_http_with_a_token_server_on_another_port(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeRegistry(tokens=True) as server, FakeRegistry(tokens=True) as registry:
        digest = registry.image("acme/shop", "1")
        challenge = f'Bearer realm="http://{server.host}/token",service="fake"'
        registry.script(r"GET /v2/$", Reply(401, {"www-authenticate": challenge}), forever=True)
        code, said = reach(registry.host, capsys)
        assert code == 1
        assert f"ok      {registry.host}: is there, and asks for a login\n" in said
        assert f"note    {registry.host}: no login is known here\n" in said
        assert f"wrong   {registry.host}: speaks plain http" in said
        assert f"a token server on another host, {server.host}\n" in said
        assert f"wrong   {server.host}: speaks plain http" in said
        file = written(said, tmp_path)
        known = load_reach(Path(file))
        assert known.insecure_hosts == {registry.host, server.host}
        assert known.realms == {registry.host: {server.host}}
        assert run_reach([registry.host], Access(registries=file, environ={})) == 0
        assert "wrong" not in capsys.readouterr().out
        assert not [r for r in registry.requests if "authorization" in r.headers]
        registry.tokens = False
        client, _ = open_registry(Access(registries=file, environ={}))
        reference = ImageReference.parse(f"{registry.host}/acme/shop:1")
        with closing(client):
            assert client.resolve(reference).digest == digest


@pytest.fixture
def tls(authority: Authority) -> Iterator[FakeRegistry]:
    with FakeRegistry(tls=context(authority.issue("server"))) as registry:
        yield registry


def test_a_registry_whose_authority_nobody_knows_needs_its_certificate(
    tls: FakeRegistry,
    authority: Authority,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, said = reach(tls.host, capsys)
    assert code == 1
    assert f"wrong   {tls.host}: is at a private address\n" in said
    assert "has no certificate that is trusted for it" in said
    assert 'ca-file: "ca.pem"\n' in said
    (tmp_path / "ca.pem").write_bytes(authority.certificate.read_bytes())
    file = written(said, tmp_path)
    assert run_reach([tls.host], Access(registries=file, environ={})) == 0


def test_a_registry_that_is_not_there_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = reach("127.0.0.1:1", capsys)
    assert code == 1
    assert "unknown 127.0.0.1:1: 127.0.0.1:1 cannot be asked: nothing listens" in said


def test_a_login_of_this_machine_is_seen_and_sent_to_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with FakeRegistry(tokens=True) as registry:
        environ = {
            "GATE_REGISTRY": registry.host,
            "GATE_REGISTRY_USERNAME": "a",
            "GATE_REGISTRY_PASSWORD": "secret",
        }
        access = Access(plain_http=[registry.host], environ=environ)
        assert run_reach([registry.host], access) == 0
        assert f"ok      {registry.host}: a login is known\n" in capsys.readouterr().out
        assert not [r for r in registry.requests if "authorization" in r.headers]


def test_a_token_server_in_plain_http_behind_a_registry_in_https_is_wrong(
    tls: FakeRegistry,
    authority: Authority,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    challenge = 'Bearer realm="http://auth.example/token"'
    tls.script(r"GET /v2/$", Reply(401, {"www-authenticate": challenge}), forever=True)
    file = tmp_path / "r.yaml"
    file.write_text(f"private: ['{tls.host}']\nca-file: {authority.certificate}\n")
    assert run_reach([tls.host], Access(registries=str(file), environ={})) == 1
    assert "a token server that is not at an https URL" in capsys.readouterr().out


@pytest.mark.parametrize("host", ["http://localhost:5000", "localhost:5000/", ""])
def test_a_host_of_plain_http_that_no_image_could_have_is_a_wrong_call(host: str) -> None:
    with pytest.raises(UsageError, match="is not a registry's host") as caught:
        open_registry(Access(plain_http=[host], environ={}))
    assert caught.value.code == "plain-http-option"
    assert caught.value.remedy == "write HOST:PORT without http://, such as localhost:5000"


def test_a_word_that_is_no_host_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="'shop' is not a registry"):
        run_reach(["shop"], Access(environ={}))
