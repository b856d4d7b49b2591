"""The search of a custom kind for images: the forms of any kind, and what looks like one."""

from __future__ import annotations

import re
from typing import Any, Final

from gate.manifests.positions.forms import mapping, text_with_siblings
from gate.manifests.positions.gathered import Gathered
from gate.manifests.positions.row import OCI_SCHEMES
from gate.manifests.positions.rows import MACHINE_GROUPS, MACHINE_SUFFIXES
from gate.manifests.positions.words import Speaks, has_host, is_never_an_image, speaks
from gate.model.document import Path
from gate.model.pods import api_group

_NO_NAMES: Final = frozenset(("apiVersion", "apiGroup", "kind", "namespace"))
_OF_THE_SERVER: Final = frozenset(("status", "metadata"))
_QUOTED: Final = re.compile(r"\"([^\"\\]{0,1024})\"|'([^'\\]{0,1024})'")


def walk(found: Gathered, value: Any, at: Path = (), *, speaking: bool = False) -> None:  # noqa: ANN401  # any JSON
    """Search a part of an object; `speaking` says whether it is right under a key of images."""
    if found.closed and at in found.closed:
        return
    if value.__class__ is dict:
        _mapping(found, value, at, speaking=speaking)
    elif value.__class__ is list:
        for index, part in enumerate(value):
            if part.__class__ is str:
                if speaking or part.startswith(OCI_SCHEMES):
                    likely(found, (*at, index), part)
            elif part.__class__ is dict or part.__class__ is list:
                walk(found, part, (*at, index), speaking=speaking)


def _mapping(found: Gathered, value: dict[str, Any], at: Path, *, speaking: bool) -> None:
    done: frozenset[str] = frozenset()
    if speaking or "repository" in value or "repo" in value:
        done = mapping(found, value, at, speaks=speaking)
    _pairs(found, value, at)
    for key, part in value.items():
        if part.__class__ is str:
            said = speaks(key)
            if (said is not Speaks.NOTHING or speaking or part.startswith(OCI_SCHEMES)) and (
                key not in done and (*at, key) not in found.items
            ):
                _text(found, value, (*at, key), part, said)
        elif (part.__class__ is dict or part.__class__ is list) and (
            at or key not in _OF_THE_SERVER
        ):
            walk(found, part, (*at, key), speaking=speaks(key) is not Speaks.NOTHING)


def _text(found: Gathered, value: dict[str, Any], path: Path, text: str, said: Speaks) -> None:
    key = str(path[-1])
    if not text or path in found.closed:
        return
    if said is Speaks.IMAGE:
        if not is_never_an_image(text) and (has_host(text) or not _is_machine(found)):
            text_with_siblings(found, value, path, text)
    elif said is Speaks.REFERENCE and (has_host(text) or _is_tagged(value, key, text)):
        text_with_siblings(found, value, path, text)
    elif said is Speaks.REPOSITORY and has_host(text):
        text_with_siblings(found, value, path, text, whole=False)
    elif key not in _NO_NAMES:
        likely(found, path, text)


def likely(found: Gathered, path: Path, text: str) -> None:
    """Remember a text whose pieces look like images: `a=ghcr.io/acme/a:1,b=ghcr.io/acme/b:1`."""
    if path in found.closed:
        return
    for piece in text.split(",", 64):
        name = piece.strip()
        if has_host(name) or has_host(name.rpartition("=")[2]):
            found.unjudged(path, text)
            return


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
            text = match[1] or match[2] or ""
            if has_host(text) and (":" in text.partition("/")[2] or "@" in text):
                found.unjudged(at, text, "an expression puts it into other objects later")


def _pairs(found: Gathered, value: dict[str, Any], at: Path) -> None:
    """Look at mappings whose name is in one field and whose text is in another."""
    text, name = value.get("value"), value.get("name")
    if isinstance(text, str):
        field = name if isinstance(name, str) else str(value.get("path", "")).rpartition("/")[2]
        _named(found, (*at, "value"), field, text, variable=at[-2:-1] == ("env",))
    if value.get("kind") == "DockerImage" and isinstance(name, str) and at[-1:] != ("to",):
        found.use((*at, "name"), name)
    parameters = value.get("params")
    if value.get("resolver") == "bundles" and isinstance(parameters, list):
        for index, parameter in enumerate(parameters):
            if isinstance(parameter, dict) and parameter.get("name") == "bundle":
                bundle = parameter.get("value")
                if isinstance(bundle, str) and bundle:
                    found.use((*at, "params", index, "value"), bundle)
    bundle = value.get("bundle")
    if at[-1:] in (("taskRef",), ("pipelineRef",)) and isinstance(bundle, str) and bundle:
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
    else:
        likely(found, path, text)


def _is_tagged(value: dict[str, Any], key: str, text: str) -> bool:
    return not is_never_an_image(text) and f"{key}Tag" in value


def _is_machine(found: Gathered) -> bool:
    group = api_group(found.object.api_version)
    return group in MACHINE_GROUPS or group.endswith(MACHINE_SUFFIXES)
