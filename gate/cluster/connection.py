"""The connection to one API server: who asks, with which certificates, and for how long."""

from __future__ import annotations

import httpx

from gate import __version__
from gate.cluster.kubeconfig import ClusterAccess
from gate.cluster.tls import context_of


def connect(
    access: ClusterAccess, *, seconds: float, transport: httpx.BaseTransport | None
) -> httpx.Client:
    """Return what asks the cluster, with a bound of seconds for each answer.

    It follows no redirect and no proxy of the environment. Raises UsageError for certificates that
    are none.
    """
    headers = {"user-agent": f"gate/{__version__}", "accept": "application/json"}
    if access.token:
        headers["authorization"] = f"Bearer {access.token}"
    return httpx.Client(
        base_url=access.server,
        verify=context_of(access),
        headers=headers,
        timeout=seconds,
        trust_env=False,
        follow_redirects=False,
        transport=transport,
    )
