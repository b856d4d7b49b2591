"""The search of a custom kind for images: the forms of any kind, and what looks like one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.documents.lenient import mappings
from gate.documents.lenient import text as text_of
from gate.manifests.positions.forms import mapping, text_with_siblings
from gate.manifests.positions.gathered import Gathered
from gate.manifests.positions.row import OCI_SCHEMES
from gate.manifests.positions.rows import MACHINE_GROUPS, MACHINE_SUFFIXES
from gate.manifests.positions.words import (
    Speaks,
    has_host,
    has_image_word,
    is_code,
    is_never_an_image,
    is_registry,
    is_whole,
    speaks,
)
from gate.model.document import Path
from gate.model.expressions import expression
from gate.model.pods import api_group

_NO_NAMES: Final = frozenset(("apiVersion", "apiGroup", "kind", "namespace"))
_OF_THE_SERVER: Final = frozenset(("status", "metadata"))
_CALLS: Final = (("args",), ("command",))
"""Lists of a program's arguments, which name what it builds and pushes as well."""
_BUILT: Final = ("to",)
"""What an image is built to."""
_NAMES_BEGIN: Final = "the names of images begin with it"
_QUOTED: Final = expression(r"\"[^\"\\]{0,1024}\"|'[^'\\]{0,1024}'")


def walk(found: Gathered, value: Any, at: Path = (), *, speaking: bool = False) -> None:  # noqa: ANN401  # any JSON
    """Search a part of an object; `speaking` says whether it is right under a key of images."""
    if at in found.closed:
        return
    if value.__class__ is dict:
        _mapping(found, value, at, speaking=speaking)
    elif value.__class__ is list:
        for index, part in enumerate(value):
            if part.__class__ is not str:
                walk(found, part, (*at, index), speaking=speaking)
            elif speaking or _is_marked(part) or (at[-1:] not in _CALLS and _is_image(part)):
                likely(found, (*at, index), part)


def _mapping(found: Gathered, value: dict[str, Any], at: Path, *, speaking: bool) -> None:
    done = mapping(found, value, at, speaks=speaking)
    _pairs(found, value, at)
    for key, part in value.items():
        said = speaks(key)
        if part.__class__ is not str:
            if at or key not in _OF_THE_SERVER:
                walk(found, part, (*at, key), speaking=said is not Speaks.NOTHING)
        elif key not in done and (
            said is not Speaks.NOTHING
            or speaking
            or _is_marked(part)
            or (_is_image(part) and not (has_image_word(key) or at[-1:] == _BUILT))
        ):
            _text(found, value, (*at, key), part, said)


def _is_marked(text: str) -> bool:
    """Whether a text says by itself, under any key, that it names something of a registry."""
    return text.startswith(OCI_SCHEMES) or "@sha256:" in text


def _is_image(text: str) -> bool:
    """Whether a text, or a piece of a list in it, is an image with its registry and its tag."""
    if ":" not in text or "/" not in text or "\n" in text:
        return False
    return any(map(is_whole, _pieces(text)))


def _pieces(text: str) -> Iterator[str]:
    """Yield what may be an image in a text: `a=ghcr.io/acme/a:1,b=ghcr.io/acme/b:1` has two."""
    for piece in text.split(","):
        yield piece.strip().rpartition("=")[2]


def _text(found: Gathered, value: dict[str, Any], path: Path, text: str, said: Speaks) -> None:
    key = str(path[-1])
    if path in found.closed:
        return
    if said is Speaks.IMAGE:
        if text and not is_never_an_image(text) and (has_host(text) or not _is_machine(found)):
            text_with_siblings(found, value, path, text)
    elif said is Speaks.REFERENCE and (has_host(text) or _is_tagged(value, key, text)):
        text_with_siblings(found, value, path, text)
    elif said is Speaks.REPOSITORY and has_host(text):
        text_with_siblings(found, value, path, text, whole=False)
    elif said is Speaks.START and is_registry(text) and not _has_image(value):
        begins(found, path, text)
    elif key not in _NO_NAMES:
        likely(found, path, text)


def _has_image(value: dict[str, Any]) -> bool:
    """Whether a mapping names an image itself, of which a field beside it is the registry."""
    named = (Speaks.IMAGE, Speaks.REFERENCE, Speaks.REPOSITORY)
    return any(part.__class__ is str and speaks(key) in named for key, part in value.items())


def begins(found: Gathered, path: Path, text: str) -> None:
    """Remember a registry, or a folder of one, from which a program makes up images."""
    found.unjudged(path, text, _NAMES_BEGIN)


def likely(found: Gathered, path: Path, text: str) -> None:
    """Remember a text whose pieces look like images: `a=ghcr.io/acme/a:1,b=ghcr.io/acme/b:1`."""
    if any(map(has_host, _pieces(text))):
        found.unjudged(path, text)


def quoted(found: Gathered, value: Any, at: Path) -> None:  # noqa: ANN401  # any JSON value
    """Remember texts that quote an image with its tag or digest, as an expression in CEL does."""
    if isinstance(value, dict):
        for key, part in value.items():
            quoted(found, part, (*at, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            quoted(found, part, (*at, index))
    elif isinstance(value, str):
        for match in _QUOTED.finditer(value):
            name = match[0][1:-1]
            if has_host(name) and ":" in name.partition("/")[2]:
                found.unjudged(at, name, "an expression puts it into other objects later")


def _pairs(found: Gathered, value: dict[str, Any], at: Path) -> None:
    """Look at mappings whose name is in one field and whose text is in another."""
    name = text_of(value.get("name"))
    field = name or text_of(value.get("path")).rpartition("/")[2]
    for key in ("value", "string"):
        said = text_of(value.get(key))
        _named(found, (*at, key), field, said, variable=at[-2:-1] == ("env",))
    hub, chart = text_of(value.get("hub")), text_of(value.get("repoURL"))
    if has_host(hub) and not is_code(hub):
        begins(found, (*at, "hub"), hub)
    if "chart" in value and is_registry(chart):  # of Argo CD: a registry has no scheme
        begins(found, (*at, "repoURL"), chart)
    if value.get("kind") == "DockerImage" and name and at[-1:] != ("to",):
        found.use((*at, "name"), name)
    if value.get("resolver") == "bundles":
        for index, parameter in mappings(value.get("params")):
            bundle = text_of(parameter.get("value"))
            if parameter.get("name") == "bundle" and bundle:
                found.use((*at, "params", index, "value"), bundle)
    bundle = text_of(value.get("bundle"))
    if at[-1:] in (("taskRef",), ("pipelineRef",)) and bundle:
        found.use((*at, "bundle"), bundle)


def _named(found: Gathered, path: Path, name: str, text: str, *, variable: bool) -> None:
    said = speaks(name)
    if said is Speaks.NOTHING:
        return
    if variable:
        named_variable(found, path, name, text)
    else:
        likely(found, path, text)


def named_variable(
    found: Gathered, path: Path, name: str, text: str, container: str | None = None
) -> None:
    """Remember the image that a variable of an operator names, such as `RELATED_IMAGE_AGENT`."""
    related = name.startswith("RELATED_IMAGE_")
    if related and text and not is_never_an_image(text):
        found.use(path, text, container=container)
    elif has_host(text):
        if speaks(name) in (Speaks.IMAGE, Speaks.REFERENCE):
            found.use(path, text, container=container)
        else:
            found.unjudged(path, text)
    elif speaks(name) is Speaks.START and is_registry(text):
        begins(found, path, text)
    else:
        likely(found, path, text)


def _is_tagged(value: dict[str, Any], key: str, text: str) -> bool:
    return not is_never_an_image(text) and f"{key}Tag" in value


def _is_machine(found: Gathered) -> bool:
    group = api_group(found.object.api_version)
    return group in MACHINE_GROUPS or f".{group}".endswith(MACHINE_SUFFIXES)
