"""The services that sign, that say whom to trust, and the cluster, each with faults."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final
from unittest import mock

import httpx
import requests
from securesystemslib.signer import SIGNER_FOR_URI_SCHEME, Key, Signature, SSlibKey

from gate.cluster.kubeconfig import ClusterAccess
from gate.cluster.objects import ClusterClient
from gate.cluster.single import SingleObjects
from gate.errors import GateError
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.signing import keyless, kms
from gate.signing.keyless import KeylessSigning
from gate.signing.kms import KmsKey
from gate.trust.own import verify_own
from gate.trust.refresh import fetch_trusted_root
from tests.builders.tuf import Repository
from tests.fakes.sigstore import (
    LocalSigstore,
    RekorVersion,
    Reply,
    SigstoreServer,
    new_key,
)
from tests.faults.kinds import CANARY, Boundary, Fault, Seen, Switch, spoiled

_SECONDS: Final = 0.5
_STATEMENT: Final = json.dumps(
    {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "shop", "digest": {"sha256": "0" * 64}}],
        "predicateType": "https://slsa.dev/verification_summary/v1",
        "predicate": {"verificationResult": "PASSED"},
    }
).encode()
_IMAGE: Final = ResolvedImage(ImageReference.parse("ghcr.io/acme/shop:1"), Digest("0" * 64))
_TOKEN: Final = f"{CANARY}-token"


@functools.cache
def _sigstore() -> LocalSigstore:
    return LocalSigstore()


class FaultySigstore(SigstoreServer):
    """Sigstore's services, of which one call goes wrong."""

    def __init__(self, switch: Switch) -> None:
        super().__init__(_sigstore())
        self._switch = switch
        self.sent: list[bytes] = []
        """Bodies and paths, where no secret has its place."""
        self.tokens: list[bytes] = []
        """The identities that were given out: Fulcio alone hears them."""

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Reply:  # noqa: ANN401  # as the server has them
        """Answer as the services do, but for the one fault."""
        self.sent += [path.encode(), body]
        fault = self._switch.fault(f"{method} {path.partition('?')[0]}")
        match fault:
            case None:
                given = super().answer(method, path, headers, body)
                if path.startswith("/token"):
                    self.tokens.append(json.loads(given.body)["value"].encode())
                return given
            case Fault.ONCE | Fault.FAILS:
                return Reply(500, b"out of order")
            case Fault.DENIED:
                return Reply(403, b"{}")
            case Fault.GONE:
                return Reply(404, b"{}")
            case Fault.RESET:
                raise ConnectionResetError
            case Fault.HANGS:
                self._switch.hang(3 * _SECONDS)
                return Reply(500, b"late")
            case _:
                reply = super().answer(method, path, headers, body)
                return Reply(reply.status, spoiled(reply.body, fault), reply.content_type)


@contextlib.contextmanager
def _short_waits() -> Iterator[None]:
    """Make every wait of sigstore's and of `requests` that has an end a short one."""
    send = requests.Session.send

    def quick(session: requests.Session, request: Any, **more: Any) -> requests.Response:  # noqa: ANN401  # as `send`
        if more.get("timeout") is not None:
            more["timeout"] = _SECONDS
        return send(session, request, **more)

    with (
        mock.patch.object(keyless, "SECONDS", _SECONDS),
        mock.patch.object(kms, "SECONDS", _SECONDS),
        mock.patch.object(requests.Session, "send", quick),
    ):
        yield


def _timed(act: Callable[[], str]) -> tuple[str, float, list[bytes]]:
    """Run, and return the outcome, the seconds, and all that was said."""
    said = io.StringIO()
    began = time.monotonic()
    try:
        with contextlib.redirect_stderr(said), _short_waits():
            outcome = act()
    except GateError as error:
        said.write(f"{error} {error.remedy}")
        outcome = f"refused {error.code}"
    return outcome, time.monotonic() - began, [said.getvalue().encode()]


def _keyless(rekor: RekorVersion, number: int, fault: Fault | None) -> Seen:
    return _signed(rekor, Switch(number, fault))


def _signed(rekor: RekorVersion, switch: Switch) -> Seen:
    with FaultySigstore(switch) as server, mock.patch.dict(os.environ):
        os.environ.update(server.github_environment())
        os.environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] = _TOKEN
        bundles: list[bytes] = []
        config = server.trust_config(rekor=rekor)

        def sign() -> str:
            bundle = KeylessSigning(config).sign_statement(_STATEMENT)
            now = datetime.now(UTC)
            verify_own(bundle, _IMAGE, key=None, trust_config=config, now=now)
            bundles.append(bundle)
            return "signed"

        outcome, seconds, texts = _timed(sign)
        switch.over.set()
    told = any(token in text for token in server.tokens for text in (*texts, *bundles))
    halves = ("the job's identity is told",) if told else ()
    return Seen(outcome, seconds, (*texts, *bundles, *server.sent), halves)


def _keyless_calls(rekor: RekorVersion) -> list[str]:
    switch = Switch(-1, None)
    _signed(rekor, switch)
    return list(switch.asked)


class _Service:
    """A key management service that holds one key, of which one call goes wrong."""

    def __init__(self, switch: Switch) -> None:
        self._switch, self._key = switch, new_key()
        self.public_key: Key

    def import_(self, *named: str) -> tuple[str, SSlibKey]:
        fault = self._go_wrong(f"import {' '.join(named)}")
        key = new_key() if fault else self._key
        return "awskms:the-key", SSlibKey.from_crypto(key.public_key())

    def from_priv_key_uri(self, _: str, public_key: Key, __: object = None) -> _Service:
        self.public_key = public_key
        return self

    def sign(self, data: bytes) -> Signature:
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415  # of this alone
        from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415  # likewise

        fault = self._go_wrong("sign")
        made = self._key.sign(data, ec.ECDSA(hashes.SHA256()))
        return Signature(self.public_key.keyid, (spoiled(made, fault) if fault else made).hex())

    def _go_wrong(self, what: str) -> Fault | None:
        fault = self._switch.fault(what)
        match fault:
            case Fault.ONCE | Fault.FAILS | Fault.DENIED | Fault.GONE:
                msg = f"AccessDenied: {what}"
                raise PermissionError(msg)
            case Fault.RESET:
                raise ConnectionResetError
            case Fault.HANGS:
                self._switch.hang(3 * _SECONDS)
            case _:
                pass
        return fault


def _kms(switch: Switch) -> Seen:
    with mock.patch.dict(SIGNER_FOR_URI_SCHEME, {"awskms": _Service(switch)}):

        def sign() -> str:
            KmsKey("awskms:alias/passes").sign_statement(_STATEMENT)
            return "signed"

        outcome, seconds, texts = _timed(sign)
    switch.over.set()
    return Seen(outcome, seconds, tuple(texts))


def _kms_calls() -> list[str]:
    switch = Switch(-1, None)
    _kms(switch)
    return list(switch.asked)


def _tuf(switch: Switch) -> Seen:
    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            fault = switch.fault(self.path.rpartition(".")[0][-24:])
            if fault is None:
                super().do_GET()
                return
            _answer_wrongly(self, fault, switch)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ExitStack() as entered:
        folder = Path(entered.enter_context(tempfile.TemporaryDirectory()))
        repository = Repository(folder)
        httpd = ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
        )
        entered.callback(httpd.server_close)
        Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
        entered.callback(httpd.shutdown)
        entered.callback(switch.over.set)
        url = f"http://127.0.0.1:{httpd.server_port}"

        def fetch() -> str:
            fetch_trusted_root(url, repository.first, seconds=2 * _SECONDS)
            return "believed"

        outcome, seconds, texts = _timed(fetch)
    return Seen(outcome, seconds, tuple(texts))


def _answer_wrongly(handler: SimpleHTTPRequestHandler, fault: Fault, switch: Switch) -> None:
    status = {Fault.DENIED: 403, Fault.GONE: 404}.get(fault, 500)
    if fault is Fault.RESET:
        raise ConnectionResetError
    if fault is Fault.HANGS:
        switch.hang(60)
    content = b""
    if fault in {Fault.TRUNCATED, Fault.LIES, Fault.EMPTY}:
        status = 200
        path = Path(handler.translate_path(handler.path))
        content = spoiled(path.read_bytes() if path.is_file() else b"", fault)
    with contextlib.suppress(OSError):
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


def _tuf_calls() -> list[str]:
    switch = Switch(-1, None)
    _tuf(switch)
    return list(switch.asked)


def _cluster(switch: Switch) -> Seen:
    sent: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.extend((str(request.url).encode(), request.content))
        fault = switch.fault(f"{request.method} {request.url.path}")
        good = json.dumps({"kind": "Secret", "metadata": {}, "items": []}).encode()
        match fault:
            case None:
                return httpx.Response(200, content=good)
            case Fault.ONCE | Fault.FAILS:
                return httpx.Response(500, text="out of order")
            case Fault.DENIED:
                return httpx.Response(403, json={})
            case Fault.GONE:
                return httpx.Response(404, json={})
            case Fault.RESET:
                raise httpx.ReadError("reset", request=request)
            case Fault.HANGS:
                raise httpx.ReadTimeout("no answer", request=request)
            case _:
                return httpx.Response(200, content=spoiled(good, fault))

    access = ClusterAccess(server="https://10.0.0.1:443", token=_TOKEN)
    transport = httpx.MockTransport(answer)

    def act() -> str:
        with contextlib.closing(ClusterClient(access, transport=transport)) as client:
            list(client.workloads(()))
        path = "/api/v1/namespaces/gate-system/secrets/gate-tls"
        single = SingleObjects(access, transport=transport)
        return "read" if single.get(path) is not None else "read: it is not there"

    outcome, seconds, texts = _timed(act)
    return Seen(outcome, seconds, (*texts, *sent))


def _cluster_calls() -> list[str]:
    switch = Switch(-1, None)
    _cluster(switch)
    return list(switch.asked)


def boundaries() -> tuple[Boundary, ...]:
    """Return the boundaries to services."""
    every = tuple(Fault)
    versions: tuple[RekorVersion, ...] = (1, 2)
    signing = tuple(
        Boundary(
            f"identity, Fulcio, Rekor {rekor}{' and a timestamp authority' * (rekor - 1)}",
            f"a token, a certificate, a log entry{', a timestamp' * (rekor - 1)}",
            functools.partial(_keyless_calls, rekor),
            functools.partial(_keyless, rekor),
            every,
            20.0,
        )
        for rekor in versions
    )
    return (
        *signing,
        Boundary(
            "key management service",
            "the public key, a signature",
            _kms_calls,
            lambda number, fault: _kms(Switch(number, fault)),
            every,
            10.0,
        ),
        Boundary(
            "TUF repository of a trusted root",
            "each role's metadata, the root",
            _tuf_calls,
            lambda number, fault: _tuf(Switch(number, fault)),
            every,
            10.0,
        ),
        Boundary(
            "API server of a cluster",
            "each list of workloads, one object",
            _cluster_calls,
            lambda number, fault: _cluster(Switch(number, fault)),
            every,
            10.0,
        ),
    )
