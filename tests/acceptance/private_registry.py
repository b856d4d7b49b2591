"""A registry as companies have it: plain http, a login, and a token server on another port."""

from __future__ import annotations

import base64
import contextlib
import http.server
import json
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.acceptance.debian_registry import free_port, required, serving

USER, PASSWORD = "robot", "right"
SERVICE, ISSUER = "registry.acme.example", "tokens.acme.example"
_CONFIGURATION = """\
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: "{root}"}}}}
http: {{addr: "127.0.0.1:{port}", secret: s}}
auth:
  token: {{realm: "{realm}", service: {service}, issuer: {issuer}, rootcertbundle: "{authority}"}}
"""


@dataclass(frozen=True)
class PrivateRegistry:
    host: str
    """`127.0.0.1:port`, over plain http."""
    tokens: str
    """Where its tokens come from: another `127.0.0.1:port`."""

    def docker_config(self) -> str:
        """Return what `docker login` leaves."""
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return json.dumps({"auths": {self.host: {"auth": login}}})

    def copy(self, layout: str, name: str) -> None:
        """Push an image with skopeo."""
        subprocess.run(  # noqa: S603  # a fixed program and the test's own names
            [
                *(required("skopeo", "skopeo"), "--insecure-policy", "copy", "--quiet"),
                *("--dest-tls-verify=false", "--dest-creds", f"{USER}:{PASSWORD}"),
                *(layout, f"docker://{self.host}/{name}"),
            ],
            check=True,
            timeout=60,
        )


@contextlib.contextmanager
def private_registry(folder: Path) -> Iterator[PrivateRegistry]:
    """Serve docker-registry with `auth: token`, and its token server, until the block ends."""
    key = ec.generate_private_key(ec.SECP256R1())
    authority = _certificate(key)
    (folder / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    port = free_port()
    with _token_server(key, authority) as tokens:
        (folder / "private.yml").write_text(
            _CONFIGURATION.format(
                root=folder / "private",
                port=port,
                realm=f"http://{tokens}/auth",
                service=SERVICE,
                issuer=ISSUER,
                authority=folder / "authority.pem",
            )
        )
        program = required("docker-registry", "docker-registry")
        log = folder / "private.log"
        with serving([program, "serve", str(folder / "private.yml")], port, log):
            yield PrivateRegistry(f"127.0.0.1:{port}", tokens)


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ISSUER)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )


@contextlib.contextmanager
def _token_server(key: ec.EllipticCurvePrivateKey, authority: x509.Certificate) -> Iterator[str]:
    """Serve tokens to those who log in, as https://distribution.github.io/distribution/spec/auth."""
    chain = [base64.b64encode(authority.public_bytes(serialization.Encoding.DER)).decode()]
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
            known = self.headers.get("authorization") == f"Basic {login}"
            answer = {"token": self._token(query.get("scope", []))} if known else {}
            body = json.dumps(answer).encode()
            self.send_response(200 if known else 401)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _token(self, scopes: list[str]) -> str:
            access: list[dict[str, Any]] = [
                {"type": kind, "name": name, "actions": actions.split(",")}
                for kind, name, actions in (scope.split(":") for scope in scopes)
            ]
            now = int(time.time())
            return jwt.encode(
                {
                    "iss": ISSUER,
                    "sub": USER,
                    "aud": SERVICE,
                    "nbf": now - 10,
                    "iat": now,
                    "exp": now + 300,
                    "jti": "1",
                    "access": access,
                },
                key,
                algorithm="ES256",
                headers={"x5c": chain},
            )

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # likewise
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
