"""What one shard of a run saw, as a record."""

from __future__ import annotations

from datetime import UTC, datetime

from gate.model.evidence import Attached, AttachedKind, Storage
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.pipeline.shard_record import Head, ShardImage, write_record

DIGEST = Digest.of(b"image")
NAME = "ghcr.io/acme/shop:1.0"
IMAGE = ResolvedImage(ImageReference.parse(NAME), DIGEST)
BUNDLE = Attached(AttachedKind.BUNDLE, b"\x00\xff bundle", Storage.REFERRERS, DIGEST)
SEEN = ShardImage(name=NAME, image=IMAGE, attached=(BUNDLE,))
HEAD = Head(
    version=1,
    index=1,
    of=1,
    plan=DIGEST,
    policy=DIGEST,
    tool="0.2.0",
    at=datetime(2026, 11, 21, tzinfo=UTC),
)
WRITTEN = write_record(HEAD, [SEEN])
