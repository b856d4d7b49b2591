"""A real kube-controller-manager beside the API server, so that workloads get their Pods."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.interop.kubernetes.api_server import ApiServer, running
from tests.interop.tools import KUBECTL, required

INSTALL: Final = f'.ci/kubernetes {KUBECTL} "$GOBIN" kube-controller-manager'
CONTROLLERS: Final = (
    *("deployment", "replicaset", "statefulset", "daemonset", "job", "cronjob"),
    "replicationcontroller",
)


@contextmanager
def controllers(server: ApiServer, folder: Path, *, program: str | None = None) -> Iterator[None]:
    """Run the controllers of workloads. Skips where the program is missing; in CI it fails.

    `program` is a kube-controller-manager of another version.
    """
    program = program or required("kube-controller-manager", INSTALL)
    command = [
        program, f"--kubeconfig={server.kubeconfig}", "--leader-elect=false", "--secure-port=0",
        f"--controllers={','.join(f'{name}-controller' for name in CONTROLLERS)}",
    ]  # fmt: skip
    with running(command, folder / "kube-controller-manager.log"):
        yield


def pods(server: ApiServer, space: str, makers: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the Pods of a namespace by name, once each of the makers has one; 60 seconds at most.

    A Pod `web-7d9f-x` is one of `web`.
    """
    path = f"/api/v1/namespaces/{space}/pods"
    listed = server.get(path)
    found = {item["metadata"]["name"]: item for item in listed["items"]}
    watch = {
        "watch": "1",
        "resourceVersion": listed["metadata"]["resourceVersion"],
        "timeoutSeconds": "60",
    }
    if _makers(found) >= set(makers):
        return found
    with server.client.stream("GET", path, params=watch, timeout=70) as answer:
        for line in answer.iter_lines():
            pod = json.loads(line)["object"]
            found.setdefault(pod["metadata"]["name"], pod)
            if _makers(found) >= set(makers):
                break
    return found


def _makers(names: Iterable[str]) -> set[str]:
    return {name.partition("-")[0] for name in names}
