"""Security contexts: what they set, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.documents.lenient import mapping, strings
from gate.lint.facts.view import Container, Pod
from gate.model.document import Path

USER_NAMESPACES: Final = 35
"""The minor version of Kubernetes from which a pod's own user namespace excuses it."""


def contexts(pod: Pod) -> Iterator[tuple[dict[str, Any], Path]]:
    """Yield the security context of the pod and of each container, with its place."""
    yield pod.context, (*pod.path, "securityContext")
    for container in pod.containers:
        yield container.context, container.context_path


def added(container: Container) -> Iterator[tuple[Path, str]]:
    """Yield each capability that is added, with its place."""
    capabilities = mapping(container.context.get("capabilities"))
    for index, name in enumerate(strings(capabilities.get("add"))):
        yield (*container.security("capabilities"), "add", index), name


def dropped(container: Container) -> list[str]:
    """Return the capabilities that are dropped."""
    return strings(mapping(container.context.get("capabilities")).get("drop"))


def plain(name: str) -> str:
    """Return a capability's name as the kernel lists it, without CAP_."""
    return name.upper().removeprefix("CAP_")
