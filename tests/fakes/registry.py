"""An OCI registry in memory, served over real loopback sockets, that counts what it is asked.

It speaks the distribution specification 1.1 as far as gate needs it, with or without the
referrers API, token or basic authentication, and answers as a test scripts it to.
"""

from __future__ import annotations

import base64
import contextlib
import http.server
import json
import re
import ssl
import sys
import threading
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from gate.model.image import Digest

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_EMPTY = "application/vnd.oci.empty.v1+json"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
SIGNATURE = "application/vnd.dev.cosign.simplesigning.v1+json"
ENVELOPE = "application/vnd.dsse.envelope.v1+json"

_ROUTE = re.compile(r"/v2/(?P<name>.+)/(?P<kind>manifests|blobs|referrers)/(?P<reference>[^/]*)")
_UPLOAD = re.compile(r"/v2/(?P<name>.+)/blobs/uploads/(?P<session>[^/]*)")


@dataclass(frozen=True)
class Request:
    """One request that the fake got."""

    method: str
    path: str
    """With its query."""
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes = b""

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Reply:
    """One answer of the fake."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Answerer = Callable[[Request], "Reply | None"]
"""Answers a request; None leaves it to the registry."""


def encode(value: object) -> bytes:
    """Return compact JSON."""
    return json.dumps(value, separators=(",", ":")).encode()


def descriptor(media_type: str, content: bytes, **more: object) -> dict[str, Any]:
    """Return the descriptor of some bytes."""
    return {
        "mediaType": media_type,
        "digest": str(Digest.of(content)),
        "size": len(content),
        **more,
    }


def error(status: int, code: str, message: str = "") -> Reply:
    """Return an error as registries write it."""
    body = encode({"errors": [{"code": code, "message": message}]})
    return Reply(status, {"content-type": "application/json"}, body)


@dataclass
class _Repository:
    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """By digest."""
    tags: dict[str, str] = field(default_factory=dict)


class FakeRegistry:
    """A registry at `host`; use it as a context manager. Every request is in `requests`."""

    def __init__(
        self,
        *,
        referrers: bool = True,
        login: tuple[str, str] | None = None,
        tokens: bool = False,
        token_life: int | None = 300,
        page: int | None = None,
        deletes: bool = True,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.referrers = referrers
        self.login = login
        self.tokens = tokens
        self.token_life = token_life
        self.page = page
        self.deletes = deletes
        self.requests: list[Request] = []
        self.revoked: set[str] = set()
        self._issued: dict[str, str] = {}
        self._scripts: list[tuple[re.Pattern[str], list[Answerer], bool]] = []
        self._lock = threading.RLock()
        self._repositories: dict[str, _Repository] = {}
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def host(self) -> str:
        """`127.0.0.1:port`."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    # what a test puts in

    def blob(self, name: str, content: bytes) -> Digest:
        """Hold a blob."""
        self._at(name).blobs[str(Digest.of(content))] = content
        return Digest.of(content)

    def manifest(
        self, name: str, content: bytes, media_type: str = OCI_MANIFEST, *, tag: str = ""
    ) -> Digest:
        """Hold a manifest, and a tag for it."""
        digest = Digest.of(content)
        self._at(name).manifests[str(digest)] = media_type, content
        if tag:
            self._at(name).tags[tag] = str(digest)
        return digest

    def image(
        self, name: str, tag: str = "", *, config: Mapping[str, object] | None = None
    ) -> Digest:
        """Hold an image for linux/amd64 without layers; the name makes it unlike any other."""
        content = encode(
            config
            or {
                "os": "linux",
                "architecture": "amd64",
                "config": {"Labels": {"is": f"{name}:{tag}"}},
            }
        )
        self.blob(name, content)
        manifest = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor(OCI_CONFIG, content),
            "layers": [],
        }
        return self.manifest(name, encode(manifest), tag=tag)

    def index(self, name: str, tag: str, manifests: list[dict[str, Any]]) -> Digest:
        """Hold an index."""
        value = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": manifests}
        return self.manifest(name, encode(value), OCI_INDEX, tag=tag)

    def entry(
        self, name: str, digest: Digest, platform: str = "", **more: object
    ) -> dict[str, Any]:
        """Return the descriptor of a held manifest; a platform is written `os/architecture`."""
        media_type, content = self._at(name).manifests[str(digest)]
        system, _, architecture = platform.partition("/")
        where = {"platform": {"os": system, "architecture": architecture}} if platform else {}
        return descriptor(media_type, content, **where, **more)

    def attach(
        self,
        name: str,
        subject: Digest,
        content: bytes,
        *,
        media_type: str = BUNDLE,
        annotations: Mapping[str, str] | None = None,
    ) -> Digest:
        """Hold a bundle that refers to a subject, listed as this registry lists them."""
        self.blob(name, content)
        self.blob(name, b"{}")
        held_type, held = self._at(name).manifests.get(str(subject), (OCI_MANIFEST, b""))
        manifest = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "artifactType": media_type,
            "config": descriptor(OCI_EMPTY, b"{}"),
            "layers": [descriptor(media_type, content)],
            "subject": descriptor(held_type, held) | {"digest": str(subject)},
        }
        if annotations:
            manifest["annotations"] = dict(annotations)
        digest = self.manifest(name, encode(manifest))
        if not self.referrers:
            self._list_under_tag(name, subject, digest)
        return digest

    def cosign(
        self,
        name: str,
        subject: Digest,
        suffix: str,
        layers: list[tuple[str, bytes, Mapping[str, str]]],
    ) -> Digest:
        """Hold a `.sig` or `.att` image of layers: media type, content, annotations."""
        for _, content, _ in layers:
            self.blob(name, content)
        config = encode({"rootfs": {"type": "layers", "diff_ids": []}})
        self.blob(name, config)
        manifest = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor(OCI_CONFIG, config),
            "layers": [descriptor(kind, c, annotations=dict(a)) for kind, c, a in layers],
        }
        return self.manifest(name, encode(manifest), tag=f"sha256-{subject.hex}{suffix}")

    def tagged(self, name: str, tag: str) -> bytes:
        """Return the manifest under a tag. Raises KeyError."""
        return self._at(name).manifests[self._at(name).tags[tag]][1]

    def blobs(self, name: str) -> dict[str, bytes]:
        """Return the blobs of a repository by digest, as they are held."""
        return self._at(name).blobs

    def tags(self, name: str) -> frozenset[str]:
        """Return the tags of a repository."""
        return frozenset(self._at(name).tags)

    def forget(self) -> None:
        """Answer as usual again, and begin to count anew."""
        with self._lock:
            self._scripts.clear()
            self.requests.clear()

    def stored(self, name: str) -> dict[str, int]:
        """Return how many manifests and tags a repository has, and the bytes that they refer to."""
        held = self._at(name)
        texts = [json.loads(content) for _, content in held.manifests.values()]
        named = {
            d["digest"]: d["size"]
            for t in texts
            for d in (*t.get("layers", ()), t.get("config"))
            if d
        }
        size = sum(len(content) for _, content in held.manifests.values())
        return {
            "manifests": len(held.manifests),
            "tags": len(held.tags),
            "bytes": size + sum(named.values()),
        }

    def script(self, pattern: str, *answers: Reply | Answerer, forever: bool = False) -> None:
        """Answer requests whose `METHOD /path` fits, one answer each, then as usual.

        The last answer stays where `forever` is set. Later scripts win.
        """
        ready: list[Answerer] = [_constant(a) if isinstance(a, Reply) else a for a in answers]
        with self._lock:
            self._scripts.insert(0, (re.compile(pattern), ready, forever))

    def asked(self, pattern: str) -> int:
        """Return how many requests fit."""
        return sum(1 for request in self.requests if re.search(pattern, request.line))

    # how it answers

    def answer(self, request: Request) -> Reply:
        """Return the answer to a request, and remember that it was asked."""
        with self._lock:
            self.requests.append(request)
            answerer = self._scripted(request)
        scripted = answerer(request) if answerer else None
        if scripted is not None:
            return scripted
        with self._lock:
            return self._refusal(request) or self._registry(request)

    def _scripted(self, request: Request) -> Answerer | None:
        for pattern, answers, forever in self._scripts:
            if answers and pattern.search(request.line):
                return answers[0] if forever and len(answers) == 1 else answers.pop(0)
        return None

    def _refusal(self, request: Request) -> Reply | None:
        sent = request.headers.get("authorization", "")
        if request.path.startswith("/token"):
            return None
        if self.tokens:
            name = urllib.parse.unquote(request.path).removeprefix("/v2/")
            scope = self._issued.get(sent.removeprefix("Bearer "))
            held = sent.removeprefix("Bearer ") not in self.revoked and scope is not None
            if held and scope is not None and name.startswith(f"{scope.split(':')[1]}/"):
                return None
            challenge = f'Bearer realm="http://{self.host}/token",service="fake"'
            return _challenged(challenge)
        if self.login is not None and sent != _basic(self.login):
            return _challenged('Basic realm="fake"')
        return None

    def _registry(self, request: Request) -> Reply:
        path = urllib.parse.urlsplit(request.path)
        if path.path == "/token":
            return self._token(request, urllib.parse.parse_qs(path.query))
        if upload := _UPLOAD.fullmatch(path.path):
            return self._upload(request, upload["name"], urllib.parse.parse_qs(path.query))
        route = _ROUTE.fullmatch(path.path)
        if route is None:
            return Reply(200 if path.path == "/v2/" else 404)
        return self._routed(request, route, path)

    def _routed(
        self, request: Request, route: re.Match[str], path: urllib.parse.SplitResult
    ) -> Reply:
        repository = self._at(route["name"])
        if request.method == "PUT":
            return self._put(request, route["name"], route["reference"])
        if route["kind"] == "referrers":
            return self._referrers(repository, route["reference"], path)
        if request.method == "DELETE":
            return self._delete(repository, route["reference"])
        return self._content(repository, route["kind"], route["reference"])

    def _content(self, repository: _Repository, kind: str, reference: str) -> Reply:
        if kind == "blobs":
            blob = repository.blobs.get(reference)
            return error(404, "BLOB_UNKNOWN") if blob is None else Reply(200, {}, blob)
        digest = repository.tags.get(reference, reference)
        if digest not in repository.manifests:
            return error(404, "MANIFEST_UNKNOWN")
        media_type, content = repository.manifests[digest]
        headers = {"content-type": media_type, "docker-content-digest": digest}
        return Reply(200, headers, content)

    def _token(self, request: Request, query: Mapping[str, list[str]]) -> Reply:
        if self.login is not None and request.headers.get("authorization") != _basic(self.login):
            return error(401, "UNAUTHORIZED")
        token = f"token-{len(self._issued)}"
        self._issued[token] = query.get("scope", ["::"])[0]
        life = {} if self.token_life is None else {"expires_in": self.token_life}
        return Reply(200, {"content-type": "application/json"}, encode({"token": token, **life}))

    def _upload(self, request: Request, name: str, query: Mapping[str, list[str]]) -> Reply:
        if request.method == "POST":
            return Reply(202, {"location": f"/v2/{name}/blobs/uploads/one?state=kept"})
        if request.method == "DELETE":
            return Reply(204)
        digest = query["digest"][0]
        if str(Digest.of(request.body)) != digest:
            return error(400, "DIGEST_INVALID")
        self._at(name).blobs[digest] = request.body
        return Reply(201)

    def _delete(self, repository: _Repository, digest: str) -> Reply:
        if not self.deletes:
            return error(405, "UNSUPPORTED")
        if repository.manifests.pop(digest, None) is None:
            return error(404, "MANIFEST_UNKNOWN")
        repository.tags = {tag: of for tag, of in repository.tags.items() if of != digest}
        return Reply(202)

    def _put(self, request: Request, name: str, reference: str) -> Reply:
        media_type = request.headers.get("content-type", "")
        tag = "" if reference.startswith("sha256:") else reference
        digest = self.manifest(name, request.body, media_type, tag=tag)
        subject = json.loads(request.body).get("subject")
        listed = {"oci-subject": subject["digest"]} if subject and self.referrers else {}
        return Reply(201, {"docker-content-digest": str(digest), **listed})

    def _referrers(
        self, repository: _Repository, subject: str, path: urllib.parse.SplitResult
    ) -> Reply:
        if not self.referrers:
            return Reply(404, {"content-type": "text/plain"}, b"404 page not found\n")
        found = []
        for media_type, content in repository.manifests.values():
            value = json.loads(content)
            if value.get("subject", {}).get("digest") == subject:
                told = {"artifactType": value.get("artifactType", "")}
                if "annotations" in value:
                    told["annotations"] = value["annotations"]
                found.append(descriptor(media_type, content, **told))
        start = int(urllib.parse.parse_qs(path.query).get("from", ["0"])[0])
        shown = found[start : start + self.page] if self.page else found
        headers = {"content-type": OCI_INDEX}
        if self.page and start + self.page < len(found):
            headers["link"] = f'<{path.path}?from={start + self.page}>; rel="next"'
        value = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": shown}
        return Reply(200, headers, encode(value))

    def _list_under_tag(self, name: str, subject: Digest, digest: Digest) -> None:
        tag = f"sha256-{subject.hex}"
        held = self._at(name).tags.get(tag)
        entries = json.loads(self.tagged(name, tag))["manifests"] if held else []
        self.index(name, tag, [*entries, self.entry(name, digest)])

    def _at(self, name: str) -> _Repository:
        with self._lock:
            return self._repositories.setdefault(name, _Repository())

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def _serve(self) -> None:
                length = int(self.headers.get("content-length", "0"))
                headers = {key.lower(): value for key, value in self.headers.items()}
                body = self.rfile.read(length)
                reply = registry.answer(Request(self.command, self.path, headers, body))
                self.send_response_only(reply.status)
                for key, value in {"content-length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(key, value)
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # whoever asked has gone
                    if self.command != "HEAD":
                        self.wfile.write(reply.body)
                    self.wfile.flush()

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815  # http.server's names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # likewise
                """Say nothing."""

        return Handler


class _Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128  # of 5 connections at once the sixth may be broken off

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that hang up or do not trust us; tests do that on purpose."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as it came


def _constant(reply: Reply) -> Answerer:
    return lambda _: reply


def _challenged(challenge: str) -> Reply:
    reply = error(401, "UNAUTHORIZED", "authentication required")
    return Reply(401, {**reply.headers, "www-authenticate": challenge}, reply.body)


def _basic(login: tuple[str, str]) -> str:
    return f"Basic {base64.b64encode(':'.join(login).encode()).decode()}"
