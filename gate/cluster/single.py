"""Single objects of a cluster by their exact names: read, replaced, patched."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import httpx

from gate.cluster.connection import connect
from gate.cluster.kubeconfig import ClusterAccess
from gate.documents import MalformedJson, read_json
from gate.errors import ClusterError

MAX_BYTES: Final = 4 * 1024 * 1024
"""Of one object: more than an API server stores."""
_SECONDS: Final = 10.0
_CHANGED: Final = (httpx.codes.CONFLICT, httpx.codes.UNPROCESSABLE_ENTITY)


class ObjectChangedError(Exception):
    """Somebody else changed the object meanwhile, so nothing was written."""


class SingleObjects:
    """Asks one API server for objects that are named. Not for several threads."""

    def __init__(
        self, access: ClusterAccess, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Take where the cluster is. Raises UsageError for certificates that are none."""
        self._server_name = access.server_name
        self._http = connect(access, seconds=_SECONDS, transport=transport)

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def get(self, path: str) -> dict[str, Any] | None:
        """Return an object, or None where there is none. Raises ClusterError."""
        return self._send("GET", path)

    def create(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """Store a new object in the list at `path`. Raises ClusterError, ObjectChangedError."""
        return self._written(path, self._send("POST", path, value))

    def replace(self, path: str, value: Mapping[str, Any]) -> dict[str, Any]:
        """Store an object in place of the one whose `resourceVersion` it has.

        Raises ObjectChangedError where that is not the one that is there, and ClusterError.
        """
        return self._written(path, self._send("PUT", path, value))

    def patch(self, path: str, operations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Apply a JSON patch (RFC 6902). Raises ObjectChangedError where a `test` fails."""
        return self._written(
            path, self._send("PATCH", path, operations, "application/json-patch+json")
        )

    def _written(self, path: str, found: dict[str, Any] | None) -> dict[str, Any]:
        if found is None:
            raise ClusterError(
                "cluster-object-missing",
                f"the API server has no {path}",
                remedy="create it as the chart does, or correct its name",
            )
        return found

    def _send(
        self, method: str, path: str, body: object = None, content_type: str = "application/json"
    ) -> dict[str, Any] | None:
        extensions = {"sni_hostname": self._server_name} if self._server_name else {}
        content = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"content-type": content_type}
        try:
            with self._http.stream(
                method, path, content=content, headers=headers, extensions=extensions
            ) as answer:
                data = bytearray()
                for chunk in answer.iter_bytes():
                    data += chunk
                    if len(data) > MAX_BYTES:
                        raise _unexpected(path, f"it is larger than {MAX_BYTES} bytes")
        except httpx.HTTPError as error:
            raise ClusterError(
                "cluster-unreachable",
                f"the API server gives no answer to {path}: {str(error) or type(error).__name__}",
                remedy="look whether gate reaches the API server: a network policy may forbid it",
            ) from error
        return _read(method, path, answer.status_code, bytes(data))


def _read(method: str, path: str, status: int, data: bytes) -> dict[str, Any] | None:
    if status == httpx.codes.NOT_FOUND:
        return None
    if method != "GET" and status in _CHANGED:
        raise ObjectChangedError(path)
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise ClusterError(
            "cluster-object-denied",
            f"the API server answers {status} to {method} {path}",
            remedy="give gate's account the rights that the chart gives it, by exact names",
        )
    if not httpx.codes.is_success(status):
        raise _unexpected(path, f"its status is {status}")
    try:
        value = read_json(data, max_bytes=MAX_BYTES)
    except MalformedJson as error:
        raise _unexpected(path, str(error)) from error
    if not isinstance(value, dict):
        raise _unexpected(path, "it is no object")
    return value


def _unexpected(path: str, problem: str) -> ClusterError:
    return ClusterError(
        "cluster-unexpected",
        f"the API server's answer to {path} cannot be used: {problem}",
        remedy=f"look at it with `kubectl get --raw {path}`",
    )
