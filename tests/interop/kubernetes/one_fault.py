"""Objects with one fault each, and what a real API server says to them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gate.model.document import Path as FieldPath
from gate.model.kubernetes import field_path
from tests.interop.kubernetes.api_server import ApiServer

GONE: Final = object()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to one object."""

    taken: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """An object with one fault, and the field that has it."""

    value: dict[str, Any]
    path: FieldPath
    how: str

    def __str__(self) -> str:
        """Return `Pod spec.dnsPolicy empty`."""
        return f"{self.value['kind']} {field_path(self.path)} {self.how}"


def faults(whole: dict[str, Any]) -> Iterator[Fault]:
    """Yield the object with one fault after the other."""
    for path, value in _parts(whole, ()):
        if path[0] in ("apiVersion", "kind") or path == ("metadata", "namespace"):
            continue
        for how, other in (*_others(value), ("gone", GONE)):
            if other != value:
                yield Fault(_with(whole, path, other), path, how)


def _parts(value: Any, path: FieldPath) -> Iterator[tuple[FieldPath, Any]]:  # noqa: ANN401  # any JSON
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        yield (*path, key), part
        if isinstance(part, dict | list):
            yield from _parts(part, (*path, key))


def _others(value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # any JSON
    """Yield values that stand near one and are mostly wrong, with what was done."""
    match value:
        case bool():
            yield "text", "yes"
        case int():
            yield from (("negative", -1), ("huge", 70_000_000), ("text", "x"))
        case str():
            yield from (("odd", "A b?"), ("empty", ""), ("number", 7), ("case", value.swapcase()))
        case list():
            yield from (("twice", value + value[:1]), ("mapping", {}), ("none", []))
        case dict():
            yield from (("extra", {**value, "zzz": 1}), ("odd key", {**value, "A b?": "c"}))
            yield from (("list", []), ("none", {}))
        case _:
            return


def _with(whole: dict[str, Any], path: FieldPath, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(whole)
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    if value is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


class Oracle:
    """The server, asked to create objects without storing them."""

    def __init__(self, server: ApiServer) -> None:
        """Take the server."""
        self._server = server
        self._served: dict[str, dict[str, Any]] = {}

    def answer(self, value: dict[str, Any]) -> Answer | None:
        """Return what the server says; None where it does not serve the kind."""
        version = value["apiVersion"]
        base = f"/api/{version}" if "/" not in version else f"/apis/{version}"
        if version not in self._served:
            found = self._server.client.get(base)
            listed = found.json()["resources"] if found.is_success else []
            named = {r["kind"]: r for r in listed if "/" not in r["name"]}
            self._served[version] = named
        resource = self._served[version].get(value["kind"])
        if resource is None:
            return None
        where = "/namespaces/default" if resource["namespaced"] else ""
        answer = self._server.client.post(
            f"{base}{where}/{resource['name']}?dryRun=All&fieldValidation=Strict",
            content=json.dumps(value),
            headers={"Content-Type": "application/json"},
        )
        details = answer.json().get("details") or {}
        fields = tuple(cause.get("field", "") for cause in details.get("causes", ()))
        exists = answer.json().get("reason") == "AlreadyExists"
        return Answer(answer.is_success or exists, fields)


def is_right(found: Sequence[str], fault: Fault, answer: Answer) -> bool:
    """Whether a finding stands at the fault, inside it, around it, or where the server says.

    A selector and the labels that it does not match are one fault, wherever it is shown.
    """
    wanted = [field_path(fault.path), *filter(None, answer.fields)]
    wanted += ["spec.selector" for field in wanted if field == "spec.template.metadata.labels"]
    wanted = [field.lower().replace("[", ".") for field in wanted]
    got = [field.lower().replace("[", ".") for field in found if field]
    return any(a.startswith(b) or b.startswith(a) for a in got for b in wanted)
