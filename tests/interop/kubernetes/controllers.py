"""A real kube-controller-manager beside the API server, so that workloads get their Pods."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.interop.kubernetes.api_server import ApiServer, running
from tests.interop.tools import KUBECTL, required

INSTALL: Final = f'.ci/kubernetes {KUBECTL} "$GOBIN" kube-controller-manager'
CONTROLLERS: Final = (
    *("deployment", "replicaset", "statefulset", "daemonset", "job", "cronjob"),
    "replicationcontroller",
)


@contextmanager
def controllers(server: ApiServer, folder: Path) -> Iterator[None]:
    """Run the controllers of workloads. Skips where the program is missing; in CI it fails."""
    program = required("kube-controller-manager", INSTALL)
    command = [
        program, f"--kubeconfig={server.kubeconfig}", "--leader-elect=false", "--secure-port=0",
        f"--controllers={','.join(f'{name}-controller' for name in CONTROLLERS)}",
    ]  # fmt: skip
    with running(command, folder / "kube-controller-manager.log"):
        yield
