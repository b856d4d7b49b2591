"""What one shard of a run saw, as bytes: one JSON object a line, the first and the last about it.

Reading believes nothing: it is strict and bounded, and what a record says of an image that does
not fall to its shard, or twice, is refused. Who signed the record is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from gate.documents.strict_json import MalformedJson, read_json
from gate.model.evidence import Attached, PlaceNote, Unread
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.pipeline.shard import Shard

VERSION: Final = 1
MAX_BYTES: Final = 1024 * 1024 * 1024
"""The longest record that is read."""
MAX_LINE: Final = 256 * 1024 * 1024
"""All that is told of one image."""
MAX_IMAGES: Final = 100_000
_STRICT: Final = ConfigDict(extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


@dataclass(frozen=True, slots=True)
class SeenProblem:
    """Why a registry did not answer, as `RegistryError` has it."""

    code: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a record is about."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    version: int
    index: int
    of: int
    plan: Digest
    policy: Digest
    tool: str
    at: datetime
    """When the shard looked, UTC."""

    @property
    def shard(self) -> Shard:
        """Which part of the run it is."""
        return Shard(self.index, self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardImage:
    """What the registry said of one image: all of it, unverified."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: str
    """As the run names it."""
    image: ResolvedImage | None = None
    attached: tuple[Attached, ...] = ()
    unread: tuple[Unread, ...] = ()
    notes: tuple[PlaceNote, ...] = ()
    configurations: tuple[ImageConfiguration, ...] | None = None
    problem: SeenProblem | None = None
    """Why it was not looked at to the end."""


@dataclass(frozen=True, slots=True)
class Record:
    """One shard's record."""

    head: Head
    images: Mapping[str, ShardImage]
    """By name."""


class MalformedRecord(ValueError):  # noqa: N818  # whoever catches it says it as a fact
    """The bytes are no whole record."""


def write_record(head: Head, images: Iterable[ShardImage]) -> bytes:
    """Return the record of a shard, its images by name, so that the same gives the same bytes."""
    lines = [_heads().dump_json(head)]
    every = sorted(images, key=lambda image: image.name)
    lines += [_images().dump_json(image, exclude_defaults=True) for image in every]
    lines.append(b'{"images":%d}' % len(every))
    return b"".join(line + b"\n" for line in lines)


def read_record(data: bytes) -> Record:
    """Read a record. Raises MalformedRecord."""
    lines = data.split(b"\n")
    if len(data) > MAX_BYTES or len(lines) > MAX_IMAGES or len(lines) < 3 or lines[-1]:  # noqa: PLR2004  # first and last line
        msg = "it is cut off, or longer than is read"
        raise MalformedRecord(msg)
    head = _read(_heads(), lines[0], "the first line")
    if head.version != VERSION:
        msg = f"it has version {head.version}, and this gate reads version {VERSION}"
        raise MalformedRecord(msg)
    if lines[-2] != b'{"images":%d}' % (len(lines) - 3):
        msg = "its last line does not count its images"
        raise MalformedRecord(msg)
    if head.at.utcoffset() is None:
        msg = "its time has no offset"
        raise MalformedRecord(msg)
    try:
        shard = head.shard
    except ValueError as error:
        raise MalformedRecord(str(error)) from error
    found: dict[str, ShardImage] = {}
    for image in _seen(lines[1:-2]):
        if image.name in found:
            msg = f"it has {image.name} twice"
            raise MalformedRecord(msg)
        _demand_own(image, shard)
        found[image.name] = image
    return Record(head, found)


def _seen(lines: Iterable[bytes]) -> Iterator[ShardImage]:
    for number, line in enumerate(lines, 2):
        yield _read(_images(), line, f"line {number}")


def _demand_own(image: ShardImage, shard: Shard) -> None:
    """Refuse an image of another shard, and an answer about another image."""
    try:
        reference = ImageReference.parse(image.name)
    except ValueError as error:
        raise MalformedRecord(str(error)) from error
    if str(reference) != image.name or not shard.holds(reference):
        msg = f"{image.name} does not fall to shard {shard}"
        raise MalformedRecord(msg)
    found = image.image
    if found is None:
        if image.problem is None:
            msg = f"it says nothing of {image.name}"
            raise MalformedRecord(msg)
        return
    if found.reference != reference or reference.digest not in (None, found.digest):
        msg = f"it tells of {found} in place of {image.name}"
        raise MalformedRecord(msg)


def _read(adapter: TypeAdapter[Any], line: bytes, what: str) -> Any:  # noqa: ANN401  # by the adapter
    try:
        read_json(line, max_bytes=MAX_LINE, max_depth=16)  # repeated keys, and what JSON is not
        return adapter.validate_json(line, strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        msg = f"{what} cannot be read: {place}: {first['msg']}"
        raise MalformedRecord(msg) from error
    except (MalformedJson, RecursionError) as error:
        msg = f"{what} cannot be read: {error}"
        raise MalformedRecord(msg) from error


@cache
def _heads() -> TypeAdapter[Head]:
    return TypeAdapter(Head)


@cache
def _images() -> TypeAdapter[ShardImage]:
    return TypeAdapter(ShardImage)
