"""The rows of the table, and the positions of a policy, put to one object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from gate.documents import read_yaml
from gate.documents.lenient import dig
from gate.documents.lenient import text as text_of
from gate.errors import DocumentError
from gate.manifests.embedded import at_one_place
from gate.manifests.positions.forms import compose, is_complete, tag_text
from gate.manifests.positions.gathered import Gathered
from gate.manifests.positions.row import Meaning, Row
from gate.manifests.positions.rows import ROWS
from gate.manifests.positions.select import at, beside, select
from gate.manifests.positions.walk import begins, walk
from gate.manifests.positions.words import has_host, is_never_an_image
from gate.model.document import Path
from gate.model.kubernetes import ImagePosition, ImageUse, KubernetesObject, field_path
from gate.model.pods import api_group

_SAY_IMAGES: Final = ("mage", "epository", "egistry", "hub", "@sha256:")
"""A template that has none of these names no image in a form that gate knows."""
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
            said = text_of(at(value, path))
            if row.meaning is Meaning.QUIET:
                found.closed.add(path)
            elif said:
                _row(found, row, path, said)


def _row(found: Gathered, row: Row, path: Path, text: str) -> None:
    if row.meaning is Meaning.START:
        begins(found, path, text)
    elif row.meaning is Meaning.VALUES:
        if not (row.template and not any(word in text for word in _SAY_IMAGES)):
            _values(found, path, text)
    elif (row.meaning is not Meaning.LIKELY or has_host(text)) and not is_never_an_image(text):
        _image(found, row, path, text)


def _image(found: Gathered, row: Row, path: Path, text: str) -> None:
    if row.after:
        _behind(found, path, text, row.after)
        return
    value = found.object.value
    tag = next((t for p in row.tag if (t := _said(value, p, path))), "")
    digest = tag_text(dig(value, *row.digest))
    if is_complete(text):
        found.use(path, text)
    elif not digest and _said(value, row.open_tag, path):
        found.unjudged(path, text, "its tag is chosen only inside the cluster")
    elif tag or digest:
        image, split = compose(text, tag, digest), found.split(row.digest or None)
        found.use(path, text, image=image, split=split)
    elif row.tag and not row.latest:
        found.unjudged(path, text, "its tag is filled in only inside the cluster")
    else:
        found.use(path, text)


def _behind(found: Gathered, path: Path, text: str, mark: str) -> None:
    name, sign, image = text.rpartition(mark)
    if is_complete(image):
        found.use(path, image, prefix=f"{name}{sign}")
    else:
        found.unjudged(path, text, "its tag is the one that the files have")


def _said(value: Any, pattern: str, path: Path) -> str:  # noqa: ANN401  # any JSON value
    where = beside(value, pattern, path)
    return "" if where is None else tag_text(at(value, where))


def _values(found: Gathered, path: Path, text: str) -> None:
    """Remember the images of YAML that is written as a text."""
    obj = found.object
    try:
        documents = read_yaml(text.encode("utf-8", "surrogatepass"), obj.document.path)
    except DocumentError:
        found.unjudged(path, text, "gate cannot read the YAML in it")
        return
    for document in documents:
        moved = at_one_place(document.value, len(document.marks), obj.place(*path))
        inner = Gathered(KubernetesObject(obj.api_version, obj.name, moved))
        walk(inner, document.value)
        for key, item in inner.items.items():
            here = (*path, *key)
            found.items[here] = (
                replace(item, path=path, split=None, fixed=True)
                if isinstance(item, ImageUse)
                else replace(item, field=field_path(here))
            )


def by_policy(found: Gathered, positions: Iterable[ImagePosition]) -> frozenset[Path]:
    """Remember what a policy says of the object; return the fields that it leaves out."""
    ignored: set[Path] = set()
    value = found.object.value
    for position in positions:
        if not position.is_of(found.object):
            continue
        for path in select(value, position.path):
            said = text_of(at(value, path))
            if position.ignore:
                ignored.add(path)
            elif said:
                tag = "" if is_complete(said) else _said(value, position.tag, path)
                found.use(path, said, image=compose(said, tag, ""), fixed=True)
    return frozenset(ignored)
