"""`gate serve`: what is wrong with a call is said before anything listens."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gate.admission.protocol import MAX_HEADER
from gate.cli.app import app
from gate.keys.public import public_pem
from tests.builders.admission import POLICY, Shelf
from tests.interop.kubernetes.certificates import Authority
from tests.interop.kubernetes.serving import serving, write_pair

PAIR = ("--cert", "tls.crt", "--key", "tls.key")
LABELS = "admission: {audit-labels: {labels: {gate: audit}, set-by: [platform]}}\n"
ASKS_NO_PASS = """\
version: 1
signers: {gate: {key: gate.pub}}
images: [{match: "**", signature: {by: [gate]}}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shelf = Shelf()
    (tmp_path / "gate.pub").write_bytes(public_pem(shelf.key.public_key()))
    (tmp_path / "admit.yaml").write_text(POLICY)
    (tmp_path / "labels.yaml").write_text(POLICY + LABELS)
    (tmp_path / "weak.yaml").write_text(ASKS_NO_PASS)
    write_pair(Authority.new(), tmp_path / "tls.crt", tmp_path / "tls.key")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--listen", "127.0.0.1:0"), "serve-listen"),
        (("--listen", "8443"), "serve-listen"),
        (("--listen", "127.0.0.1:99999"), "serve-listen"),
        (("--mode", "off"), "serve-mode"),
        (PAIR, "policy-not-for-admit"),
        (("--policy", "absent.yaml", *PAIR), "policy-missing"),
        (("--policy", "weak.yaml", *PAIR), "policy-without-pass"),
        (("--policy", "admit.yaml"), "serve-certificate"),
        (("--policy", "admit.yaml", "--cert", "tls.crt"), "serve-certificate"),
        (("--policy", "admit.yaml", "--cert", "tls.crt", "--key", "gate.pub"), "serve-certificate"),
        (("--policy", "admit.yaml", "--audit-events", *PAIR), "cluster-account-missing"),
        (("--policy", "labels.yaml", *PAIR), "cluster-account-missing"),
        (("--print-static-config",), "static-config-incomplete"),
        (
            ("--print-static-config", "--url", "https://127.0.0.1/validate", "--ca", "absent"),
            "cannot-read",
        ),
    ],
)
def test_a_wrong_call_is_refused(folder: Path, arguments: tuple[str, ...], code: str) -> None:
    del folder
    done = CliRunner().invoke(app, ["serve", *arguments])
    assert done.exit_code == 2
    assert f"[{code}]" in done.output


def test_an_address_where_another_listens_is_refused(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        arguments = ("--policy", "admit.yaml", *PAIR, "--listen", f"127.0.0.1:{port}")
        done = CliRunner().invoke(app, ["serve", *arguments])
    del folder
    assert done.exit_code == 2
    assert "[serve-listen]" in done.output


def test_without_its_extra_the_command_says_what_to_install(folder: Path) -> None:
    program = (
        "import sys\n"
        "sys.modules['uvicorn'] = None\n"
        f"sys.argv = {['gate', 'serve', '--policy', 'admit.yaml', *PAIR]!r}\n"
        "from gate.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(  # noqa: S603  # our own interpreter on our own text
        [sys.executable, "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "pip install 'gatepass[serve]'" in done.stderr


def test_a_server_answers_over_tls_and_breaks_off_a_header_without_end(folder: Path) -> None:
    authority = Authority.new()
    write_pair(authority, folder / "tls.crt", folder / "tls.key")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving(folder, port, authority, folder / "ca.pem"):
        context = ssl.create_default_context(cafile=str(folder / "ca.pem"))
        with (
            socket.create_connection(("127.0.0.1", port), timeout=30) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as one,
        ):
            one.sendall(b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n")
            assert one.recv(100).startswith(b"HTTP/1.1 200 OK")
            endless = b"GET /livez HTTP/1.1\r\n" + b"a: b\r\n" * 64 * MAX_HEADER
            with pytest.raises((ConnectionError, ssl.SSLError)):
                one.sendall(endless)


def test_the_static_webhook_asks_about_the_labels_of_the_policy_that_is_given(folder: Path) -> None:
    given = ("serve", "--print-static-config", "--url", "https://127.0.0.1/validate")
    printed = {
        policy: CliRunner().invoke(app, [*given, "--ca", "tls.crt", "--policy", policy]).output
        for policy in ("admit.yaml", "labels.yaml")
    }
    del folder
    assert "object.metadata.labels['gate'] == 'audit'" in printed["labels.yaml"]
    assert "namespaces" not in printed["admit.yaml"].replace("namespaceSelector", "")
