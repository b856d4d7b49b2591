"""What one shard of a run saw, as bytes: one JSON object a line, the first and the last about it.

Reading believes nothing: it is strict and bounded, and what a record says of an image that does
not fall to its shard, or twice, is refused. Who signed the record is asked elsewhere, between its
first line and the others: of a record that nobody signed no image is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from itertools import islice
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.types import FailFast

from gate.documents.strict_json import MalformedJson, read_json
from gate.model.evidence import Attached, PlaceNote, Unread
from gate.model.expressions import expression
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.pipeline.shard import Shard

VERSION: Final = 1
MAX_BYTES: Final = 1024 * 1024 * 1024
"""The longest record that is read."""
MAX_HEAD: Final = 4096
"""Bytes of the first line."""
MAX_LINE: Final = 256 * 1024 * 1024
"""All that is told of one image."""
MAX_VALUES: Final = 250_000
"""Values in one line: an image has 10,000 attachments at most, of some 15 values each."""
MAX_IMAGES: Final = 100_000
MAX_TEXT: Final = 128 * 1024
"""Characters of one reason, which may quote what a registry said."""
_CODE: Final = expression(r"[a-z0-9]{1,32}(-[a-z0-9]{1,32}){0,7}")
_SAID: Final = bytes(set(range(256)) - set(b'",'))
_STRICT: Final = ConfigDict(extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        msg = "no such time"
        raise ValueError(msg) from error


_Moment = Annotated[AwareDatetime, AfterValidator(_utc)]


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
    tool: Annotated[str, Field(max_length=64)]
    at: _Moment
    """When the shard looked, UTC."""
    as_of: bool = False
    """Whether that is what --as-of said and no clock: then nobody knows when it looked."""

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
    attached: Annotated[tuple[Attached, ...], FailFast()] = ()
    unread: Annotated[tuple[Unread, ...], FailFast()] = ()
    notes: Annotated[tuple[PlaceNote, ...], FailFast()] = ()
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


def read_head(data: bytes) -> Head:
    """Read what a record is about, from its first line alone. Raises MalformedRecord."""
    end = data.find(b"\n", 0, MAX_HEAD)
    if end < 0:
        msg = f"its first line is cut off, or has over {MAX_HEAD:,} bytes"
        raise MalformedRecord(msg)
    head: Head = _read(_heads(), data[:end], "the first line")
    if head.version != VERSION:
        msg = f"it has version {head.version}, and this gate reads version {VERSION}"
        raise MalformedRecord(msg)
    try:
        Shard(head.index, head.of)
    except ValueError as error:
        raise MalformedRecord(str(error)) from error
    return head


def demand_whole(data: bytes) -> None:
    """Refuse a record that was cut off, by its last line. Raises MalformedRecord.

    It reads nothing of the images, so that a record can be told to be whole before anybody
    believes it.
    """
    images = data.count(b"\n") - 2
    if len(data) > MAX_BYTES or not 0 <= images <= MAX_IMAGES or not data.endswith(b"\n"):
        msg = "it is cut off, or longer than is read"
        raise MalformedRecord(msg)
    if not data.endswith(b'\n{"images":%d}\n' % images):
        msg = "its last line does not count its images"
        raise MalformedRecord(msg)


def read_record(data: bytes) -> Record:
    """Read a record. Raises MalformedRecord."""
    head = read_head(data)
    demand_whole(data)
    found: dict[str, ShardImage] = {}
    # One line after another: a record may have a gigabyte, and is held once.
    for image in _seen(islice(BytesIO(data), 1, data.count(b"\n") - 1)):
        if image.name in found:
            msg = f"it has {image.name} twice"
            raise MalformedRecord(msg)
        _demand_own(image, head.shard)
        _demand_words(image)
        _demand_times(image)
        found[image.name] = image
    return Record(head, found)


def _seen(lines: Iterable[bytes]) -> Iterator[ShardImage]:
    for number, line in enumerate(lines, 2):
        yield _read(_images(), line[:-1], f"line {number}")


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


def _demand_words(image: ShardImage) -> None:
    """Refuse reasons that no registry of gate gives: reports show them."""
    reasons = [(one.code, one.kind + one.reason + one.remedy) for one in image.unread]
    if image.problem is not None:
        reasons.append((image.problem.code, image.problem.problem + image.problem.remedy))
    if not all(_CODE.fullmatch(code) and len(text) <= MAX_TEXT for code, text in reasons):
        msg = f"it gives a reason for {image.name} that gate does not know"
        raise MalformedRecord(msg)


def _demand_times(image: ShardImage) -> None:
    """Refuse a time of which nobody can tell whether it is past."""
    made = [one.created for one in image.configurations or ()]
    if any(at is not None and at.utcoffset() is None for at in made):
        msg = f"a time in the configuration of {image.name} has no offset"
        raise MalformedRecord(msg)


def _values(line: bytes) -> int:
    """Return about how many values a line has: its commas outside of strings.

    Two quotation marks side by side change nothing behind them, so that nearly all strings go.
    """
    if line.count(b",") <= MAX_VALUES:
        return 0
    bare = line.replace(rb"\\", b"").replace(rb"\"", b"")
    marks = bare.translate(None, _SAID).replace(b'""', b"")
    return b"".join(marks.split(b'"')[::2]).count(b",")


def _read(adapter: TypeAdapter[Any], line: bytes, what: str) -> Any:  # noqa: ANN401  # by the adapter
    if _values(line) > MAX_VALUES:  # each takes a hundred times its bytes, and more if it is wrong
        msg = f"{what} has over {MAX_VALUES:,} values"
        raise MalformedRecord(msg)
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
