"""The rows of the table, and the positions of a policy, put to one object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from gate.documents import read_yaml
from gate.errors import DocumentError
from gate.manifests.embedded import at_one_place
from gate.manifests.positions.forms import compose, is_complete, tag_text
from gate.manifests.positions.gathered import Gathered
from gate.manifests.positions.row import Meaning, Row
from gate.manifests.positions.rows import ROWS
from gate.manifests.positions.select import at, beside, select
from gate.manifests.positions.walk import walk
from gate.manifests.positions.words import has_host, is_never_an_image, without_scheme
from gate.model.document import Path
from gate.model.kubernetes import ImagePosition, ImageUse, KubernetesObject
from gate.model.pods import api_group

_BY_KIND: Final[dict[tuple[str, str], list[Row]]] = defaultdict(list)
for _each in ROWS:
    _BY_KIND[_each.group, _each.kind].append(_each)


def rows_of(obj: KubernetesObject) -> Iterable[Row]:
    """Return the rows of an object's kind."""
    return _BY_KIND.get((api_group(obj.api_version), obj.name.kind), ())


def by_table(found: Gathered) -> None:
    """Remember what the table says of the object, and close what it says is quiet."""
    value = found.object.value
    for row in rows_of(found.object):
        for path in select(value, row.path):
            text = at(value, path)
            if row.meaning is Meaning.START and isinstance(text, str) and text:
                found.unjudged(path, text, "the names of images begin with it")
            elif row.meaning is Meaning.QUIET:
                found.closed.add(path)
            elif isinstance(text, str) and text:
                _row(found, row, path, text)


def _row(found: Gathered, row: Row, path: Path, text: str) -> None:
    if row.meaning is Meaning.VALUES:
        _values(found, path, text)
    elif row.meaning is Meaning.LIKELY and not has_host(text):
        found.closed.add(path)
    elif not is_never_an_image(text):
        _image(found, row, path, text)


def _image(found: Gathered, row: Row, path: Path, text: str) -> None:
    if row.after:
        _behind(found, path, text, row.after)
        return
    value = found.object.value
    tag = next((t for p in row.tag if (t := _said(value, p, path))), "")
    digest = _said(value, row.digest, path) if row.digest else ""
    if is_complete(text):
        found.use(path, text)
    elif row.open_tag and not digest and _said(value, row.open_tag, path):
        found.unjudged(path, text, "its tag is chosen only inside the cluster")
    elif tag or digest:
        where = _where(value, row, path)
        _parts(found, path, text, compose("", tag, digest), where)
    elif row.tag and not row.latest:
        found.unjudged(path, text, "its tag is filled in only inside the cluster")
    else:
        found.use(path, text)


def _parts(found: Gathered, path: Path, text: str, rest: str, where: Path | None) -> None:
    scheme, name = without_scheme(text)
    found.use(path, name, image=f"{name}{rest}", prefix=scheme, split=found.split(where))


def _behind(found: Gathered, path: Path, text: str, mark: str) -> None:
    name, sign, image = text.rpartition(mark)
    if is_complete(image):
        found.use(path, image, prefix=f"{name}{sign}")
    else:
        found.unjudged(path, text, "its tag is the one that the files have")


def _where(value: Any, row: Row, path: Path) -> Path | None:  # noqa: ANN401  # any JSON value
    """Return the field that takes the digest: it need not exist where its parent does."""
    if not row.digest:
        return None
    there = beside(value, row.digest, path)
    if there is not None:
        return there
    parent, _, key = row.digest.rpartition(".")
    held = beside(value, parent, path)
    return None if held is None else (*held, key)


def _said(value: Any, pattern: str, path: Path) -> str:  # noqa: ANN401  # any JSON value
    where = beside(value, pattern, path)
    return "" if where is None else tag_text(at(value, where))


def _values(found: Gathered, path: Path, text: str) -> None:
    """Remember the images of YAML that is written as a text."""
    if "mage" not in text and "://" not in text:
        return
    obj = found.object
    try:
        documents = read_yaml(text.encode("utf-8", "surrogatepass"), obj.document.path)
    except DocumentError:
        found.unjudged(path, text, "gate cannot read the YAML in it")
        return
    for document in documents:
        moved = at_one_place(document, obj.place(*path))
        inner = Gathered(KubernetesObject(obj.api_version, obj.name, moved))
        walk(inner, document.value)
        for key, item in inner.items.items():
            if isinstance(item, ImageUse):
                found.items.setdefault((*path, *key), _inside(item, path))
            else:
                found.items.setdefault((*path, *key), item)


def _inside(use: ImageUse, path: Path) -> ImageUse:
    return ImageUse(
        use.image, use.object, path, use.location, use.container, use.prefix, None, fixed=True
    )


def by_policy(found: Gathered, positions: Iterable[ImagePosition]) -> frozenset[Path]:
    """Remember what a policy says of the object; return the fields that it leaves out."""
    ignored: set[Path] = set()
    value = found.object.value
    for position in positions:
        if not position.is_of(found.object):
            continue
        for path in select(value, position.path):
            if position.ignore:
                ignored.add(path)
                continue
            text = at(value, path)
            if isinstance(text, str) and text and path not in found.items:
                tag = _said(value, position.tag, path) if position.tag else ""
                name = text if is_complete(text) or not tag else compose(text, tag, "")
                found.use(path, text, image=None if name == text else name, fixed=True)
    return frozenset(ignored)
