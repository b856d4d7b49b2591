"""The logins that pull secrets hold, read anew for each image that is looked at."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any, Final, Protocol

from gate.admission.pulls import MOST, PullScope, secret_names
from gate.errors import ClusterError, RegistryError
from gate.registry.login.credentials import FirstLogin, Logins
from gate.registry.login.docker_config import DockerConfig

_KINDS: Final[Mapping[str, str]] = {
    "kubernetes.io/dockerconfigjson": ".dockerconfigjson",
    "kubernetes.io/dockercfg": ".dockercfg",
}
"""The types of secrets that hold logins, and the key of each. Another secret is not looked into."""
_DENIED: Final = "cluster-object-denied"


class Reads(Protocol):
    """Reads single objects of a cluster."""

    def get(self, path: str) -> dict[str, Any] | None:
        """Return an object, or None. Raises ClusterError."""

    def close(self) -> None:
        """Close every connection."""


class PullLogins:
    """Reads pull secrets of namespaces. For several threads; it holds nothing."""

    def __init__(
        self, open_cluster: Callable[[], Reads], log: Callable[[dict[str, Any]], None]
    ) -> None:
        """Take the cluster, and who hears of a secret that cannot be used."""
        self._open_cluster = open_cluster
        self._log = log

    def of(self, scope: PullScope) -> Logins:
        """Return the logins of a scope, first to last. Raises ClusterError.

        As for a kubelet, a secret that is not there, that gate's account may not read, or that
        holds no logins is left out. Programs that a secret names as helpers are not run.
        """
        with closing(self._open_cluster()) as cluster:
            return FirstLogin(list(self._each(cluster, scope)))

    def _each(self, cluster: Reads, scope: PullScope) -> Iterator[Logins]:
        names = [*scope.secrets]
        if scope.account:
            account = self._read(cluster, scope.namespace, "serviceaccounts", scope.account)
            names += secret_names((account or {}).get("imagePullSecrets"))
        for name in list(dict.fromkeys(names))[:MOST]:
            secret = self._read(cluster, scope.namespace, "secrets", name)
            if secret is None:
                continue
            try:
                found = _logins(secret, f"the Secret {scope.namespace}/{name}")
            except RegistryError as error:
                self._tell(scope.namespace, name, error.code)
                continue
            if found is not None:
                yield found

    def _read(
        self, cluster: Reads, namespace: str, resource: str, name: str
    ) -> dict[str, Any] | None:
        try:
            return cluster.get(f"/api/v1/namespaces/{namespace}/{resource}/{name}")
        except ClusterError as error:
            if error.code != _DENIED:
                raise
            self._tell(namespace, name, error.code)
            return None

    def _tell(self, namespace: str, name: str, code: str) -> None:
        self._log(
            {"event": "pull-secret-unused", "namespace": namespace, "name": name, "code": code}
        )


def _logins(secret: Mapping[str, Any], what: str) -> Logins | None:
    key = _KINDS.get(secret.get("type", ""))
    data = secret.get("data")
    text = data.get(key) if isinstance(data, dict) else None
    if not isinstance(text, str):
        return None
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    if key == ".dockercfg":
        content = b'{"auths":' + content + b"}"
    return DockerConfig(content, what=what, run=_no_program)


def _no_program(helper: str, host: str) -> bytes | None:
    del helper, host
    return None
