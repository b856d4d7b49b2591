"""The objects of a cluster that run images, listed page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

import httpx

from gate.cluster.connection import connect
from gate.cluster.kubeconfig import ClusterAccess
from gate.documents import MalformedJson, read_json
from gate.errors import ClusterError

WORKLOADS: Final = (
    ("apps/v1", "Deployment", "deployments"),
    ("apps/v1", "StatefulSet", "statefulsets"),
    ("apps/v1", "DaemonSet", "daemonsets"),
    ("apps/v1", "ReplicaSet", "replicasets"),
    ("v1", "ReplicationController", "replicationcontrollers"),
    ("batch/v1", "CronJob", "cronjobs"),
    ("batch/v1", "Job", "jobs"),
    ("v1", "Pod", "pods"),
)
"""The kinds of Kubernetes that run images: version, kind and resource. Pods come last."""
PAGE: Final = 250
"""Objects a page."""
_MAX_PAGE_BYTES: Final = 64 * 1024 * 1024
_MAX_PAGES: Final = 10_000
_SECONDS: Final = 60.0


class ClusterClient:
    """Asks one API server. It sends GET and nothing else."""

    def __init__(
        self, access: ClusterAccess, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Take where the cluster is. Raises UsageError for certificates that are none."""
        self._server_name = access.server_name
        self._http = connect(access, seconds=_SECONDS, transport=transport)

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def workloads(self, namespaces: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        """Yield every object of `WORKLOADS`, of some namespaces or of all. Raises ClusterError."""
        for version, kind, resource in WORKLOADS:
            base = "/api/v1" if version == "v1" else f"/apis/{version}"
            for namespace in namespaces or ("",):
                inside = f"/namespaces/{quote(namespace, safe='')}" if namespace else ""
                yield from self._pages(f"{base}{inside}/{resource}", version, kind)

    def _pages(self, path: str, version: str, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the objects of a list. One that lasts longer than the server keeps it goes on.

        https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
        """
        following = ""
        for _ in range(_MAX_PAGES):
            status, page = self._get(path, following)
            told = _told(page)
            if status == httpx.codes.GONE and following and isinstance(told, str) and told:
                following = told
                continue
            if status != httpx.codes.OK:
                raise _refused(path, status)
            items = page.get("items")
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise _unexpected(path, "it has no list of objects")
            for item in items:
                yield {**item, "apiVersion": version, "kind": kind}
            if told in (None, ""):
                return
            if not isinstance(told, str) or told == following:
                raise _unexpected(path, "it does not say how the list goes on")
            following = told
        raise _unexpected(path, f"it has more than {_MAX_PAGES} pages")

    def _get(self, path: str, following: str) -> tuple[int, dict[str, Any]]:
        params = {"limit": str(PAGE)} | ({"continue": following} if following else {})
        extensions = {"sni_hostname": self._server_name} if self._server_name else {}
        try:
            with self._http.stream("GET", path, params=params, extensions=extensions) as answer:
                data = bytearray()
                for chunk in answer.iter_bytes():
                    data += chunk
                    if len(data) > _MAX_PAGE_BYTES:
                        raise _unexpected(path, f"it is larger than {_MAX_PAGE_BYTES} bytes")
        except httpx.HTTPError as error:
            raise ClusterError(
                "cluster-unreachable",
                f"the API server gives no answer to {path}: {str(error) or type(error).__name__}",
                remedy="try `kubectl --kubeconfig FILE get --raw /readyz`",
            ) from error
        if answer.status_code not in (httpx.codes.OK, httpx.codes.GONE):
            raise _refused(path, answer.status_code)
        try:
            page = read_json(bytes(data), max_bytes=_MAX_PAGE_BYTES)
        except MalformedJson as error:
            raise _unexpected(path, str(error)) from error
        if not isinstance(page, dict):
            raise _unexpected(path, "it is no object")
        return answer.status_code, page


def _told(page: dict[str, Any]) -> object:
    """Return what a page says of how the list goes on, of any type; False where it cannot say."""
    metadata = page.get("metadata", {})
    return metadata.get("continue") if isinstance(metadata, dict) else False


def _refused(path: str, status: int) -> ClusterError:
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return ClusterError(
            "cluster-denied",
            f"the API server answers {status} to {path}",
            remedy="give the account the ClusterRole `view`, or name namespaces with --namespace",
        )
    return _unexpected(path, f"its status is {status}")


def _unexpected(path: str, problem: str) -> ClusterError:
    return ClusterError(
        "cluster-unexpected",
        f"the API server's answer to {path} is no list that can be read: {problem}",
        remedy=f"look at it with `kubectl get --raw {path}`",
    )
