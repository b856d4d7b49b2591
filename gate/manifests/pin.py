"""Tags to digests, in the text of a manifest or a kustomization, and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any, Final

from gate.documents import read_yaml
from gate.documents.entries import Entry, entries_at
from gate.errors import DocumentError
from gate.manifests.images import image_uses
from gate.manifests.kustomization import kustomized_images
from gate.manifests.load import load_manifests
from gate.manifests.written import pinned_field
from gate.model.expressions import expression
from gate.model.kubernetes import ImageUse
from gate.model.location import Location
from gate.model.records import dataclass

_LINE_END: Final = expression(r"\r\n|\n|\r|$")


@dataclass(frozen=True, slots=True)
class Pinned:
    """A file after pinning."""

    data: bytes
    problems: tuple[DocumentError, ...]
    """One for each image that could not be pinned, in the order of the file."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """`text[start:end]` becomes `new`."""

    start: int
    end: int
    new: str


def images_in(data: bytes, path: str) -> tuple[ImageUse, ...]:
    """Return every image that a file names, those of a kustomization's `images` too."""
    return (
        *image_uses(load_manifests([(path, data)]).objects).uses,
        *kustomized_images(data, path),
    )


def pin(data: bytes, path: str, pins: Mapping[str, str]) -> Pinned:
    """Return the file with each image that `pins` has, by its text, replaced by the text there.

    Comments, quotes, anchors, tags, line ends and everything else stay byte for byte; an image
    that `pins` lacks stays too, so pinning twice changes nothing the second time. An image
    behind an alias is pinned once, at its anchor: `image: &a shop:1.0` becomes
    `image: &a shop:1.0@sha256:…`, and `image: *a` stays. Where the anchored text is a bare word,
    which may be a name too (`name: &n nginx`, `image: *n`), the alias is replaced instead. An
    image in parts takes its digest in the field that its kind has for it, which is added below.

    An image that cannot be pinned is a problem, and the others are pinned. The file is read again
    afterwards: if anything but images differs, nothing of it is changed. Raises nothing.
    """
    named = images_in(data, path)
    uses = [use for use in named if use.image in pins]
    if not uses:
        return Pinned(data, ())
    try:
        edits, problems = _edits(data.decode(), path, uses, pins)
        pinned = _edited(data.decode(), edits).encode()
        left = {error.location for error in problems}
        texts = [u.image if u.location in left else pins.get(u.image, u.image) for u in named]
        if [use.image for use in images_in(pinned, path)] != texts:
            raise _says_more(path)
        _hold(data, pinned, path, {pins[use.image].rpartition("@")[2] for use in uses})
    except DocumentError as error:
        return Pinned(data, (error,))
    return Pinned(pinned, tuple(problems))


def _edits(
    text: str, path: str, uses: Iterable[ImageUse], pins: Mapping[str, str]
) -> tuple[set[_Edit], list[DocumentError]]:
    problems: list[tuple[Location, DocumentError]] = []
    meant: list[tuple[ImageUse, Location, str, str]] = []
    for use in uses:
        try:
            field, new = pinned_field(use, pins[use.image])
        except DocumentError as error:
            problems.append((use.location, error))
            continue
        added = use.split is not None and use.split.location is None
        if added and field[:-1] != use.path[:-1]:  # it is of another mapping than what is here
            problems.append((use.location, _unpinnable(use, use.location)))
            continue
        place = use.split.location if use.split and use.split.location else use.location
        meant.append((use, place, new, str(field[-1]) if added else ""))
    entries = entries_at(text, path, {place for _, place, _, _ in meant})
    at_images = {e.text.start for e in entries.values()}
    edits = set()
    for use, place, new, key in meant:
        entry = entries.get(place)
        edit = None
        if entry is not None:
            edit = _added(text, entry, key, new) if key else _replaced(entry, use, new, at_images)
        if edit is None:
            problems.append((place, _unpinnable(use, place)))
        else:
            edits.add(edit)
    return edits, [error for _, error in sorted(problems, key=itemgetter(0))]


def _replaced(entry: Entry, use: ImageUse, new: str, at_images: set[int]) -> _Edit | None:
    """Return the edit of a text that takes the digest; None where it would change a name too."""
    if use.split is not None:
        old = use.split.before.removesuffix("@")
    else:
        old = f"{use.prefix}{use.image}"
    text, anchor = entry.text, entry.anchor
    if text.value != old:
        return None
    is_name = not {"/", ":"} & set(old)
    if anchor is None:
        return None if is_name and text.shared else _edit(entry, new)
    if is_name and (anchor.shared or anchor.start not in at_images):
        return _edit(entry, new)
    return _Edit(anchor.start, anchor.end, f"{anchor.quote}{new}{anchor.quote}")


def _edit(entry: Entry, new: str) -> _Edit:
    text = entry.text
    return _Edit(text.start, text.end, f"{text.quote}{new}{text.quote}")


def _added(text: str, entry: Entry, key: str, new: str) -> _Edit:
    """Return the edit that writes another entry below one, as that one is written."""
    quote = entry.key_quote
    added = f"{quote}{key}{quote}: {quote}{new}{quote}"
    if entry.flow:
        return _Edit(entry.text.end, entry.text.end, f", {added}")
    end = next(_LINE_END.finditer(text, entry.text.end))
    return _Edit(end.start(), end.start(), f"{end[0] or chr(10)}{' ' * entry.column}{added}")


def _edited(text: str, edits: set[_Edit]) -> str:
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end, e.new)):
        parts += (text[done : edit.start], edit.new)
        done = edit.end
    return "".join((*parts, text[done:]))


def _hold(before: bytes, after: bytes, path: str, digests: set[str]) -> None:
    """Refuse a file that says anything new besides digests. Raises DocumentError."""
    old, new = (read_yaml(data, path) for data in (before, after))
    if len(old) != len(new) or not all(
        _same(a.value, b.value, digests) for a, b in zip(old, new, strict=True)
    ):
        raise _says_more(path)


def _says_more(path: str) -> DocumentError:
    return DocumentError(
        "cannot-pin",
        f"{path} would say something else besides digests after pinning",
        remedy="write every image as plain or quoted text of its own",
        location=Location(path, 1),
    )


def _same(old: Any, new: Any, digests: set[str]) -> bool:  # noqa: ANN401  # any JSON values
    """Whether two values differ by digests alone: behind a text, or where nothing was."""
    match old, new:
        case dict(), dict():
            added = [new[key] for key in new if key not in old]
            return all(value in digests for value in added) and all(
                key in new and _same(value, new[key], digests) for key, value in old.items()
            )
        case list(), list():
            return len(old) == len(new) and all(
                _same(a, b, digests) for a, b in zip(old, new, strict=True)
            )
        case str(), str():
            return old == new or new in {f"{old}@{d}" if old else d for d in digests}
        case _:
            return bool(old == new and type(old) is type(new))


def _unpinnable(use: ImageUse, place: Location) -> DocumentError:
    return DocumentError(
        "cannot-pin",
        f"the image {use.image!r} cannot be pinned here without changing something else",
        remedy="write it as plain or quoted text of its own, on one line",
        location=place,
    )
