"""How a Pod reaches the API server of its own cluster: by its service account.

https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from gate.cluster.kubeconfig import ClusterAccess
from gate.errors import UsageError

FOLDER: Final = "/var/run/secrets/kubernetes.io/serviceaccount"
"""Where the kubelet puts the account's token, which it replaces before it ends."""


def account_access(environ: Mapping[str, str], read: Callable[[str], bytes]) -> ClusterAccess:
    """Return how this Pod reaches its API server, with the token of now.

    Raises UsageError outside of a Pod, and where the Pod has no token.
    """
    host = environ.get("KUBERNETES_SERVICE_HOST", "")
    port = environ.get("KUBERNETES_SERVICE_PORT", "")
    if not host or not (port.isascii() and port.isdigit()):
        raise _missing("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set")
    try:
        token = read(f"{FOLDER}/token").decode("ascii").strip()
        authority = read(f"{FOLDER}/ca.crt")
    except (OSError, UnicodeDecodeError) as error:
        raise _missing(f"the files in {FOLDER} cannot be read") from error
    if not token or not token.isprintable():
        raise _missing(f"{FOLDER}/token holds no token")
    named = f"[{host}]" if ":" in host else host
    return ClusterAccess(server=f"https://{named}:{port}", authority=authority, token=token)


def _missing(problem: str) -> UsageError:
    return UsageError(
        "cluster-account-missing",
        f"gate asks the API server as its service account, and has none: {problem}",
        remedy="run gate in a Pod with a token of its account, or give --kubeconfig",
    )
