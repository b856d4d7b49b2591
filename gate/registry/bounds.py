"""Every bound on what a registry or a layout folder can make gate do, in one table.

`docs/registry.md` shows the same table; a test compares the two.
"""

from __future__ import annotations

from typing import Final

from gate.model.records import dataclass

_KIB: Final = 1024
_MIB: Final = 1024 * _KIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Sizes in bytes, times in seconds. Over a bound is an error, never a shortened answer."""

    manifest_bytes: int = 4 * _MIB
    """One image manifest, index or page of referrers."""
    blob_bytes: int = 88 * _MIB
    """One attestation or bundle: a statement of 64 MiB, which base64 makes larger by a third."""
    configuration_bytes: int = 8 * _MIB
    """The configuration of one image."""
    unsigned_statement_bytes: int = 4 * _MIB
    """One bare statement that nobody vouches for: of a larger one only its manifest is kept."""
    carrier_signatures: int = 32
    """Signatures of one manifest that holds bare statements."""
    image_bytes: int = 1024 * _MIB
    """All that is read from one image's attachments, one after another."""
    token_bytes: int = 128 * _KIB
    error_bytes: int = 64 * _KIB
    """The body of an answer that says what went wrong; more is not read."""
    entries: int = 10_000
    """Entries of one index, referrers of one manifest, layers of one signature image."""
    platforms: int = 256
    """Platforms of one image."""
    read_all: int = 256
    """Entries of one list that are all read, under any name. Of a longer list, what its
    annotations call a kind that no check asks for is not fetched."""
    layout_entries: int = 10_000
    """Entries of the `index.json` of one layout folder."""
    layout_bytes: int = 128 * _MIB
    """All manifests that one layout folder lists."""
    pages: int = 256
    """Pages of one list of referrers."""
    index_depth: int = 2
    """An index, and an index inside it."""
    json_depth: int = 32
    redirects: int = 5
    tries: int = 3
    """How often one request is made before its failure is believed."""
    longest_wait: float = 30.0
    """The longest pause between two tries, also where the registry asks for more."""
    connect_seconds: float = 10.0
    """Until a connection is there, its name resolved and TLS agreed."""
    try_seconds: float = 30.0
    """One try, from connecting to the last byte."""
    request_seconds: float = 90.0
    """One question with all its tries, redirects and pauses."""
    run_seconds: float = 900.0
    """All that one run asks of registries."""
    helper_seconds: float = 20.0
    """One docker credential helper."""
    failures: int = 3
    """Questions in a row that a host leaves without any answer before it is asked no more."""
    per_host: int = 32
    """Requests to one host at the same time, to begin with: halved where it is too much for it."""
    early: int = 32
    """Answers about one image that are asked for before they are read."""
    early_bytes: int = 256 * _KIB
    """The longest answer that is asked for early."""
    early_held_bytes: int = 16 * _MIB
    """All that was asked for early and is not read yet, of all images of a run."""
    push_tries: int = 5
    """How often a tag that others write too is merged again."""
    settle_seconds: float = 0.5
    """Before a tag that others write too is looked at again, to see that it kept our entry."""
    evidence_depth: int = 3
    """How far evidence of evidence is copied: a signature of an SBOM of an image is 2."""
    promoted_manifest_bytes: int = 32 * _MIB
    """All manifests of one promotion, which are held in memory."""
    promoted_bytes: int = 1024 * 1024 * _MIB
    """All that one promotion copies."""
    promoted_at_once: int = 4
    """Blobs that are copied at the same time."""
    slowest: int = 65_536
    """Bytes a second, below which the copy of one blob ends."""
    promote_seconds: float = 86_400.0
    """All that one promotion asks of registries, in place of run_seconds."""
    packed_bytes: int = 32 * _MIB
    """One chart or bundle of manifests, as it is stored."""
    packed_files: int = 1_000
    """Manifests of one bundle that stores each as a layer of its own."""
    unpacked_bytes: int = 128 * _MIB
    """The same, unpacked in memory."""
    unpacked_files: int = 10_000
    """Files and folders in one archive."""
    unpacked_path: int = 1_024
    """Bytes of the path of one of them."""
    unpacked_depth: int = 32
    """Folders inside of folders there."""
    cache_bytes: int = 16 * _MIB
    """Content kept in memory so that one digest is fetched once."""


BOUNDS: Final = Bounds()
"""What a run uses."""
