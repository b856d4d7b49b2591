"""Charts and bundles of manifests, as their tools push them."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping, Sequence

from gate.model.image import Digest
from gate.registry.packed import FLUX_CONTENT, HELM_CHART, HELM_CONFIG
from tests.fakes.registry import OCI_EMPTY, OCI_MANIFEST, FakeRegistry, descriptor, encode

FLUX_CONFIG = "application/vnd.cncf.flux.config.v1+json"
TITLE = "org.opencontainers.image.title"


def entry(name: str, data: bytes = b"", *, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """Return one entry of a tar, in the POSIX form."""
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, len(data), link
    return info.tobuf(tarfile.PAX_FORMAT) + data + bytes(-len(data) % 512)


END = bytes(1024)


def tar_of(files: Mapping[str, str | bytes]) -> bytes:
    """Return a tar of files."""
    data = {n: text.encode() if isinstance(text, str) else text for n, text in files.items()}
    return b"".join(entry(name, content) for name, content in data.items()) + END


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """Return a tar of files inside of gzip."""
    return gzip.compress(tar_of(files), mtime=0)


def read_by_python(tar: bytes) -> dict[str, bytes]:
    """Return the files of an archive as Python's own reader has them."""
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        members = [m for m in archive.getmembers() if m.isfile()]
        return {m.name: held.read() for m in members if (held := archive.extractfile(m))}


def push(  # as a registry is told what an artifact is
    registry: FakeRegistry,
    name: str,
    tag: str,
    layers: Sequence[tuple[str, bytes, Mapping[str, str]]],
    *,
    config: str = OCI_EMPTY,
) -> Digest:
    """Hold an artifact of layers: media type, content, annotations."""
    for _, content, _ in layers:
        registry.blob(name, content)
    registry.blob(name, b"{}")
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": descriptor(config, b"{}"),
        "layers": [
            descriptor(kind, content, **({"annotations": dict(said)} if said else {}))
            for kind, content, said in layers
        ],
    }
    return registry.manifest(name, encode(manifest), tag=tag)


def push_chart(registry: FakeRegistry, name: str, tag: str, archive: bytes) -> Digest:
    """Hold a chart as `helm push` does."""
    return push(registry, name, tag, [(HELM_CHART, archive, {})], config=HELM_CONFIG)


def push_bundle(
    registry: FakeRegistry, name: str, tag: str, files: Mapping[str, str | bytes]
) -> Digest:
    """Hold manifests as `flux push artifact` does."""
    return push(registry, name, tag, [(FLUX_CONTENT, packed(files), {})], config=FLUX_CONFIG)
