"""How kinds that nobody listed write an image: one text, or a repository with a tag beside it."""

from __future__ import annotations

from typing import Any, Final

from gate.manifests.positions.gathered import Gathered
from gate.manifests.positions.words import (
    has_host,
    is_code,
    is_never_an_image,
    without_scheme,
)
from gate.model.document import Path
from gate.model.kubernetes import Split

_REPOSITORIES: Final = ("newName", "repository", "repo")
"""Fields that name an image without its tag."""
_NAMES: Final = ("name", "reference", "ref", "url", "fullName", "path")
"""Fields of a mapping under `image` that may name all of it."""
_WHOLE: Final = frozenset(("name", "reference", "fullName"))
"""Those of them in which a tag makes an image of a text without a registry too."""
_TAGS: Final = ("newTag", "tag", "imageTag", "version")
_DIGESTS: Final = ("digest", "sha256", "sha")
_OPEN: Final = "its tag is filled in only inside the cluster"
_HEX_DIGITS: Final = 64


def text_with_siblings(
    found: Gathered, value: dict[str, Any], path: Path, text: str, *, whole: bool = True
) -> None:
    """Remember an image that one field names, with a tag or digest of a field beside it.

    `proxyImage: example.org/x` takes `proxyImageTag`, `imageTag` or `tag` where the text has
    none itself. With `whole` false, as for `imageRepository`, a tag has to be there.
    """
    key = str(path[-1])
    name = _full_name(value, key)
    if is_complete(text):
        _whole(found, path, text, name)
        return
    tags = (f"{key}Tag", f"{key}_tag", f"{key}-tag", "imageTag", "imageVersion", "tag")
    digests = (f"{key}Digest", f"{key}_digest", "imageDigest", "digest")
    if any(name in value for name in (*tags, *digests)):
        _parts(found, value, path, name, (tags, digests))
    elif whole:
        _whole(found, path, text, name)
    else:
        found.unjudged(path, text, _OPEN)


def mapping(found: Gathered, value: dict[str, Any], at: Path, *, speaks: bool) -> frozenset[str]:
    """Remember the image that a mapping names in parts; return the fields that it is made of.

    `speaks` says whether the mapping is under a key such as `image`. Without it, only a
    repository that names a registry, with a tag or digest beside it, counts.
    """
    key = next((k for k in _REPOSITORIES if _text(value, k)), None)
    if key is None:
        return _named(found, value, at) if speaks else frozenset()
    name = _full_name(value, key)
    used = frozenset((key, "registry", *_TAGS, *_DIGESTS))
    beside = _text(value, "image")
    if key == "repository" and beside and not has_host(beside):  # the GPU operator's three parts
        name, used = f"{name.rstrip('/')}/{beside}", used | {"image"}
    elif not speaks and not _is_registry(value, name):
        return frozenset()
    _parts(found, value, (*at, key), name, (_TAGS, _DIGESTS))
    return used


def is_complete(text: str) -> bool:
    """Whether a text has a tag or a digest of its own."""
    _, name = without_scheme(text)
    return ":" in name.rpartition("/")[2]


def compose(name: str, tag: str, digest: str) -> str:
    """Return `name:tag@digest`; a tag or digest that is empty is left out."""
    if tag.startswith("sha256:"):
        tag, digest = "", digest or tag
    if len(digest) == _HEX_DIGITS:
        digest = f"sha256:{digest}"
    return f"{name}{f':{tag}' if tag else ''}{f'@{digest}' if digest else ''}"


def tag_text(value: Any) -> str:  # noqa: ANN401  # any JSON value
    """Return a tag as text; empty where there is none, or where a number has lost its form."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _whole(found: Gathered, path: Path, text: str, name: str) -> None:
    """Remember the image of one text, which a registry beside it makes a part of `name`."""
    if name == text.strip():
        found.use(path, text)
    else:
        found.use(path, text, image=name, split=Split(None))


def _named(found: Gathered, value: dict[str, Any], at: Path) -> frozenset[str]:
    for key in _NAMES:
        text, name = _text(value, key), _full_name(value, key)
        if not text or not (has_host(name) or _is_one(value, key, name)):
            continue
        if any(t in value for t in (*_TAGS, *_DIGESTS)):
            _parts(found, value, (*at, key), name, (_TAGS, _DIGESTS))
        else:
            _whole(found, (*at, key), text, name)
        return frozenset((key, "registry", *_TAGS, *_DIGESTS))
    return frozenset()


def _is_one(value: dict[str, Any], key: str, name: str) -> bool:
    """Whether a text without a registry is an image: a tag is beside it, or in it."""
    if any(tag_text(value.get(tag)) for tag in ("newTag", "tag")):
        return True
    return key in _WHOLE and is_complete(name) and not is_never_an_image(name)


def _parts(
    found: Gathered,
    value: dict[str, Any],
    path: Path,
    name: str,
    beside: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    tags, digests = beside
    tagged = next((k for k in tags if tag_text(value.get(k))), "")
    digested = next((k for k in digests if k in value), "")
    tag, digest = tag_text(value.get(tagged)), _text(value, digested)
    if is_complete(name):
        _whole(found, path, _text(value, str(path[-1])), name)
    elif not tag and not digest:
        found.unjudged(path, name, _OPEN)
    else:
        where, before = digested or tagged, ""
        if not digested and not tag.startswith("sha256:"):
            where = tagged if tagged.lower().endswith("tag") else ""
            before = f"{tag.partition('@')[0]}@"
        split = found.split((*path[:-1], where) if where else None, before)
        found.use(path, name, image=compose(name, tag, digest), split=split)


def _full_name(value: dict[str, Any], key: str) -> str:
    text = _text(value, key)
    registry = _text(value, "registry") or _text(value, "imageRegistry")
    head = text.partition("/")[0]
    if registry and not ("/" in text and ("." in head or ":" in head)):
        return f"{registry.rstrip('/')}/{text.lstrip('/')}"
    return text


def _is_registry(value: dict[str, Any], name: str) -> bool:
    tagged = any(tag_text(value.get(k)) for k in ("newTag", "tag", "imageTag", *_DIGESTS))
    return tagged and has_host(name) and not is_code(without_scheme(name)[1])


def _text(value: dict[str, Any], key: str) -> str:
    part = value.get(key)
    return part.strip() if isinstance(part, str) else ""
