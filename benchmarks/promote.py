"""How much memory `gate promote` takes for an image with large layers, and how long.

    python -m benchmarks.promote [MEGABYTES]

A registry in a process of its own makes layers of zeros on the fly (default 1,024 MB in four
layers) and takes what is pushed to it without keeping it, hashing all of it. gate promotes the
image from it to itself under another name, and into an OCI layout folder. Prints the exit code,
seconds and the peak of gate's memory. Budget: 100 MB.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import multiprocessing
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Final

from benchmarks import figures
from benchmarks.memory import run_gate
from gate.model.image import Digest
from tests.fakes.registry import OCI_CONFIG, OCI_MANIFEST, descriptor, encode

BUDGET: Final = 100_000_000
_LAYERS: Final = 4
_PIECE: Final = bytes(1 << 20)
_LAYER: Final = "application/vnd.oci.image.layer.v1.tar"


def zeros(size: int) -> Iterator[bytes]:
    """Yield so many bytes."""
    for _ in range(size // len(_PIECE)):
        yield _PIECE
    yield _PIECE[: size % len(_PIECE)]


class _Registry(http.server.BaseHTTPRequestHandler):
    """As much of a registry as a promotion asks for, with blobs that are made when asked for."""

    protocol_version = "HTTP/1.1"
    layers: dict[str, int]
    small: dict[str, bytes]
    took: set[str]

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        name = urllib.parse.urlsplit(self.path).path.rpartition("/")[2]
        new = "/new/" in self.path
        known = name in self.took if new else name in self.layers or name in self.small
        if not known:
            self._answer(404)
            return
        size = self.layers.get(name) or len(self.small[name])
        manifest = "/manifests/" in self.path
        self._answer(200, size, **({"content-type": OCI_MANIFEST} if manifest else {}))
        if self.command == "HEAD":
            return
        for piece in zeros(size) if name in self.layers else [self.small[name]]:
            with contextlib.suppress(ConnectionError):
                self.wfile.write(piece)

    def do_POST(self) -> None:
        self._answer(202, location="/v2/new/shop/blobs/uploads/one")

    def do_PUT(self) -> None:
        left, digest = int(self.headers["content-length"]), hashlib.sha256()
        while left:
            piece = self.rfile.read(min(left, len(_PIECE)))
            digest.update(piece)
            left -= len(piece)
        self.took |= {f"sha256:{digest.hexdigest()}", self.path.rpartition("/")[2]}
        self._answer(201)

    def _answer(self, status: int, size: int = 0, **headers: str) -> None:
        self.send_response_only(status)
        for key, value in {"content-length": str(size), **headers}.items():
            self.send_header(key, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
        """Say nothing."""


def serve(channel: Connection, megabytes: int) -> None:
    """Serve until the process is ended."""
    config = encode({"os": "linux", "architecture": "amd64"})
    layers = []
    for number in range(_LAYERS):
        size = megabytes * 1_000_000 // _LAYERS + number
        digest = hashlib.sha256()
        for piece in zeros(size):
            digest.update(piece)
        layers.append({"mediaType": _LAYER, "digest": f"sha256:{digest.hexdigest()}", "size": size})
    manifest = encode(
        {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor(OCI_CONFIG, config),
            "layers": layers,
        }
    )
    _Registry.layers = {str(layer["digest"]): int(str(layer["size"])) for layer in layers}
    named = {str(Digest.of(one)): one for one in (config, manifest)}
    _Registry.small = {**named, "1.0": manifest, "2": manifest}
    _Registry.took = set()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Registry)
    channel.send(f"127.0.0.1:{server.server_address[1]}")
    server.serve_forever()


def main(megabytes: int) -> int:
    """Print what a promotion takes. Returns 1 over the budget."""
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("fork")
    server = context.Process(target=serve, args=(theirs, megabytes), daemon=True)
    server.start()
    host = ours.recv()
    met = True
    with tempfile.TemporaryDirectory() as folder:
        for what, target in (("registry", f"{host}/new/shop:2"), ("layout", f"oci:{folder}/one:2")):
            used = run_gate("promote", "--plain-http", host, f"{host}/acme/shop:1.0", target)
            took = f"{used.wall:.1f} s, {used.peak / 1e6:.0f} MB of {BUDGET / 1e6:.0f} MB"
            sys.stdout.write(f"{megabytes} MB to a {what}: exit {used.code}, {took}\n")
            met &= used.code == 0 and used.peak <= BUDGET
            if what == "registry":
                figures.tell("promote", used.peak / 1e6, much=f"{megabytes} MB")
    server.terminate()
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1024))
