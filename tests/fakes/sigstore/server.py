"""The services of a private Sigstore, at one address on loopback."""

from __future__ import annotations

import base64
import http.server
import json
import threading
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import jwt

from tests.fakes.sigstore.certificate_requests import requested_key
from tests.fakes.sigstore.encoding import canonical, pem
from tests.fakes.sigstore.entries import dsse_hashes, hashedrekord_v2
from tests.fakes.sigstore.keys import hash_of
from tests.fakes.sigstore.local import LocalSigstore, RekorVersion
from tests.fakes.sigstore.oidc import AUDIENCE, Oidc
from tests.fakes.sigstore.trust import client_trust_config, signing_config, trusted_root

_TOKEN = "/token"


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class SigstoreServer:
    """Serves a private Sigstore while it is entered, counting requests and failing on demand."""

    def __init__(self, sigstore: LocalSigstore | None = None) -> None:
        """Take a port; requests are answered from `__enter__` on."""
        self.sigstore = sigstore or LocalSigstore()
        self.requests: list[str] = []
        """Method and path of each, without the query."""
        self.connections = 0
        """How many were opened."""
        self.scripted: dict[str, Callable[[], Reply]] = {}
        """Who answers for a path, in place of the service."""
        server = self

        class Handler(_Handler):
            owner = server

        self._httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._httpd.server_port}"
        self.oidc = Oidc(self.url)

    def __enter__(self) -> Self:
        threading.Thread(target=self._httpd.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._httpd.shutdown()
        self._httpd.server_close()

    def reply(self, path: str, status: int, body: bytes) -> None:
        """Answer one path like this from now on."""
        self.scripted[path] = lambda: Reply(status, body)

    def trust_config(self, *, rekor: RekorVersion = 2, tsa: bool | None = None) -> bytes:
        """Return a client trust config; unless told, with timestamps if the log has no time."""
        stamped = rekor == 2 if tsa is None else tsa
        config = signing_config(self.url, rekor=rekor, tsa=stamped)
        return json.dumps(client_trust_config(trusted_root(self.sigstore), config)).encode()

    def github_environment(self) -> dict[str, str]:
        """Return the variables that a GitHub job with `id-token: write` sees."""
        return {
            "GITHUB_ACTIONS": "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}{_TOKEN}?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "any",
        }

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one request."""
        split = urllib.parse.urlsplit(path)
        line = f"{method} {split.path}"
        self.requests.append(line)
        if split.path in self.scripted:
            return self.scripted[split.path]()
        routes: dict[str, Callable[[], Reply]] = {
            f"GET {_TOKEN}": lambda: self._token(split.query),
            "GET /.well-known/openid-configuration": self._discovery,
            "POST /api/v1/signingCert": lambda: self._certify_v1(headers, json.loads(body)),
            "POST /api/v2/signingCert": lambda: self._certify_v2(headers, json.loads(body)),
            "POST /api/v1/log/entries": lambda: self._log_v1(json.loads(body)),
            "POST /api/v2/log/entries": lambda: self._log_v2(json.loads(body)),
            "POST /api/v1/timestamp": lambda: self._stamp(body),
        }
        route = routes.get(line)
        return route() if route else Reply(404, b"{}")

    def _discovery(self) -> Reply:
        places = {"authorization_endpoint": f"{self.url}/auth", "token_endpoint": self.url + _TOKEN}
        return _json(200, {"issuer": self.url, **places})

    def _token(self, query: str) -> Reply:
        audience = urllib.parse.parse_qs(query).get("audience", [AUDIENCE])[0]
        return _json(200, {"value": self.oidc.token(_now(), audience)})

    def _certify_v1(self, headers: Mapping[str, str], asked: dict[str, Any]) -> Reply:
        chain = self._chain(headers, asked)
        if isinstance(chain, Reply):
            return chain
        return Reply(201, "".join(chain).encode(), "application/pem-certificate-chain")

    def _certify_v2(self, headers: Mapping[str, str], asked: dict[str, Any]) -> Reply:
        chain = self._chain(headers, asked)
        if isinstance(chain, Reply):
            return chain
        return _json(200, {"signedCertificateEmbeddedSct": {"chain": {"certificates": chain}}})

    def _chain(self, headers: Mapping[str, str], asked: dict[str, Any]) -> list[str] | Reply:
        try:
            identity = self.oidc.identity(headers["Authorization"].removeprefix("Bearer "))
            key = requested_key(asked, self.oidc.subject)
        except jwt.InvalidTokenError as error:
            return _json(401, {"message": str(error)})
        except ValueError as error:
            return _json(400, {"message": str(error)})
        certificate = self.sigstore.fulcio.issue(key, identity, _now())
        return [pem(one).decode() for one in (certificate, *self.sigstore.fulcio.chain)]

    def _log_v1(self, proposed: dict[str, Any]) -> Reply:
        body = proposed
        if proposed["kind"] == "dsse":
            content = proposed["spec"]["proposedContent"]
            envelope = json.loads(content["envelope"])
            signed = [
                {"signature": one["sig"], "verifier": verifier}
                for one, verifier in zip(envelope["signatures"], content["verifiers"], strict=True)
            ]
            payload = base64.b64decode(envelope["payload"])
            body = dsse_hashes(content["envelope"].encode(), payload, signed)
        entry = self.sigstore.rekor_v1.response(body, _now())
        # The Go client finds its entry in the answer by this header.
        (name,) = entry
        return replace(_json(201, entry), headers={"ETag": name})

    def _log_v2(self, proposed: dict[str, Any]) -> Reply:
        request = proposed["hashedRekordRequestV002"]
        signature = request["signature"]
        algorithm = hash_of(signature["verifier"]["keyDetails"])
        body = hashedrekord_v2(algorithm, request["digest"], signature)
        return _json(201, self.sigstore.rekor_v2.entry(body))

    def _stamp(self, query: bytes) -> Reply:
        response = self.sigstore.tsa.respond(query, _now())
        return Reply(201, response, "application/timestamp-reply")


class _Handler(http.server.BaseHTTPRequestHandler):
    owner: SigstoreServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.owner.connections += 1

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *_: object) -> None:
        """Say nothing: tests look at `requests`."""

    def _answer(self, body: bytes) -> None:
        reply = self.owner.answer(self.command, self.path, dict(self.headers), body)
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)


def _json(status: int, value: dict[str, Any]) -> Reply:
    return Reply(status, canonical(value))


def _now() -> datetime:
    return datetime.now(UTC)
