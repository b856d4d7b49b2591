"""How a command reaches a cluster: by a kubeconfig, or as the account of its own Pod."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gate.cluster.account import account_access
from gate.cluster.kubeconfig import MAX_BYTES, ClusterAccess, read_kubeconfig
from gate.errors import UsageError


def cluster_access(kubeconfig: str | None, environ: Mapping[str, str]) -> ClusterAccess:
    """Return how the cluster is reached now: a token in a file may be another one each time.

    Without a kubeconfig it is the cluster that gate runs in. Raises UsageError.
    """
    if kubeconfig is not None:
        return kubeconfig_access(kubeconfig)
    return account_access(environ, lambda name: _read(Path(name)))


def kubeconfig_access(kubeconfig: str, context: str | None = None) -> ClusterAccess:
    """Return how a kubeconfig says that its cluster is reached. Raises UsageError."""
    path = Path(kubeconfig)
    try:
        data = _read(path)
    except OSError as error:
        raise UsageError(
            "kubeconfig-unreadable",
            f"{kubeconfig} cannot be read: {error.strerror}",
            remedy="name the kubeconfig of the cluster with --kubeconfig",
        ) from error
    return read_kubeconfig(
        data, kubeconfig, context=context, read=lambda name: _read(path.parent / name)
    )


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
