"""The fields of an object, and how one is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401  # any JSON value
    """Yield the path of each text, number and truth."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*at, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from leaves(part, (*at, index))
    elif value is not None:
        yield at


def changed(value: Any) -> Any:  # noqa: ANN401  # any JSON scalar
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value}x"


def holder(value: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401  # any JSON value
    for key in path[:-1]:
        value = value[key]
    return value


def live_fields(live: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return the leaves that somebody other than the API server can set."""
    skipped = {"status", "uid", "resourceVersion", "generation", "creationTimestamp"}
    return [
        path
        for path in leaves({k: v for k, v in live.items() if k != "status"})
        if not (path[0] == "metadata" and path[1] in {*skipped, "managedFields", "selfLink"})
        and "kubectl.kubernetes.io/last-applied-configuration" not in path
        and "deployment.kubernetes.io/revision" not in path
        and "status" not in path
    ]


# What the server takes from its own ranges, makes up, or runs the same of an image with a digest.
FREE: Final = (
    *("nodePort", "clusterIP", "clusterIPs", "ipFamilies", "imagePullPolicy", "serviceAccount"),
    *("pullPolicy", "deprecated.daemonset.template.generation", "namespace"),
)
