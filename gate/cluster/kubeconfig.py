"""How a cluster is reached and as whom, from a kubeconfig file.

https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/

A token or a client certificate, and a server that is held to its certificate. A file that asks for
more is refused: a program that it names is not run, because a file that somebody sends would then
run it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Final
from urllib.parse import urlsplit

from gate.documents import read_yaml
from gate.errors import DocumentError, UsageError
from gate.model.records import dataclass

MAX_BYTES: Final = 1024 * 1024
"""The largest kubeconfig, and the largest file that one names."""
_UNUSED: Final[Mapping[str, str]] = {
    "exec": "runs a program to log in",
    "auth-provider": "logs in by a plugin of kubectl",
    "username": "logs in by a password",
    "password": "logs in by a password",
    "as": "asks as somebody else",
    "as-uid": "asks as somebody else",
    "as-groups": "asks as somebody else",
    "as-user-extra": "asks as somebody else",
}
"""What a user of a kubeconfig may have and gate does not take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterAccess:
    """Where a cluster is, and what is shown to it."""

    server: str
    """`https://host:port`, perhaps with a path."""
    authority: bytes | None = None
    """PEM certificates that the server's is held to; None for those of the machine."""
    server_name: str | None = None
    """The name that the server's certificate is for, where it is not the host."""
    token: str | None = field(default=None, repr=False)
    certificate: bytes | None = None
    key: bytes | None = field(default=None, repr=False)


def read_kubeconfig(
    data: bytes, path: str, *, context: str | None, read: Callable[[str], bytes]
) -> ClusterAccess:
    """Return the access of a context, the current one where none is named.

    `read` gives the content of a file that the kubeconfig names, by the name in it. Raises
    UsageError `kubeconfig-unreadable` and `kubeconfig-unsupported`.
    """
    try:
        documents = read_yaml(data[: MAX_BYTES + 1], path)
    except DocumentError as error:
        raise _unreadable(path, error.problem) from error
    value = documents[0].value if len(documents) == 1 and len(data) <= MAX_BYTES else None
    if not isinstance(value, dict):
        raise _unreadable(path, "it is not one mapping of at most 1 MiB")
    file = _File(value, path, read)
    name = context or file.text(value, "current-context", "the file")
    if not name:
        raise _unreadable(path, "it has no current-context, and no --context is given")
    chosen = file.named("contexts", "context", name)
    cluster_name = file.text(chosen, "cluster", f"the context {name!r}")
    user_name = file.text(chosen, "user", f"the context {name!r}")
    cluster = file.named("clusters", "cluster", cluster_name)
    user = file.named("users", "user", user_name)
    return _access(file, cluster, user, user_name)


def _access(
    file: _File, cluster: Mapping[str, Any], user: Mapping[str, Any], user_name: str
) -> ClusterAccess:
    server = file.text(cluster, "server", "the cluster")
    if not _is_https(server):
        raise file.unsupported(f"its server {server[:200]!r} is no https address")
    if cluster.get("insecure-skip-tls-verify"):
        raise file.unsupported("it does not hold the server to its certificate")
    if cluster.get("proxy-url"):
        raise file.unsupported("it names a proxy")
    for way, what in _UNUSED.items():
        if user.get(way):
            raise file.unsupported(f"its user {user_name!r} {what} (`{way}`)")
    token = file.text(user, "token", "the user") or _token(file, user)
    certificate = file.content(user, "client-certificate")
    key = file.content(user, "client-key")
    if (certificate is None) != (key is None):
        raise _unreadable(file.path, "a client certificate and its key come together")
    if not token and certificate is None:
        raise file.unsupported(f"its user {user_name!r} has neither a token nor a certificate")
    return ClusterAccess(
        server=server.rstrip("/"),
        authority=file.content(cluster, "certificate-authority"),
        server_name=file.text(cluster, "tls-server-name", "the cluster") or None,
        token=token or None,
        certificate=certificate,
        key=key,
    )


def _is_https(server: str) -> bool:
    """Whether this is an https address of a host, without a user and without a query."""
    try:
        parts = urlsplit(server)
    except ValueError:  # brackets around what is no IPv6 address
        return False
    return bool(
        parts.scheme == "https" and parts.hostname and not parts.username and not parts.query
    )


def _token(file: _File, user: Mapping[str, Any]) -> str:
    """Return the token of a `tokenFile`; empty where there is none."""
    name = file.text(user, "tokenFile", "the user")
    if not name:
        return ""
    text = file.bytes_of(name).decode("ascii", "replace").strip()
    if not text.isprintable() or "\ufffd" in text:
        raise _unreadable(file.path, f"{name!r} holds no token")
    return text


class _File:
    """A kubeconfig, and the files that it names."""

    def __init__(self, value: Mapping[str, Any], path: str, read: Callable[[str], bytes]) -> None:
        self._value = value
        self.path = path
        self._read = read

    def named(self, key: str, inner: str, name: str) -> Mapping[str, Any]:
        """Return the entry of a list that has a name. Raises UsageError."""
        entries = self._value.get(key)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and entry.get("name") == name:
                found = entry.get(inner)
                if isinstance(found, dict):
                    return found
        raise _unreadable(self.path, f"it has no {inner} {name[:200]!r}")

    def text(self, value: Mapping[str, Any], key: str, owner: str) -> str:
        """Return a text, empty where there is none. Raises UsageError."""
        found = value.get(key)
        if found is None:
            return ""
        if not isinstance(found, str) or not found.isprintable():
            raise _unreadable(self.path, f"`{key}` of {owner} is no text of one line")
        return found

    def content(self, value: Mapping[str, Any], key: str) -> bytes | None:
        """Return what a file holds, or what is there as base64. Raises UsageError."""
        inline = self.text(value, f"{key}-data", "the file")
        if inline:
            try:
                return base64.b64decode(inline, validate=True)
            except (binascii.Error, ValueError) as error:
                raise _unreadable(self.path, f"`{key}-data` is no base64") from error
        name = self.text(value, key, "the file")
        return self.bytes_of(name) if name else None

    def bytes_of(self, name: str) -> bytes:
        """Return what a named file holds. Raises UsageError."""
        try:
            return self._read(name)
        except OSError as error:
            raise _unreadable(self.path, f"{name!r} cannot be read: {error.strerror}") from error

    def unsupported(self, problem: str) -> UsageError:
        """Return the error of a file that asks for what gate does not do."""
        return UsageError(
            "kubeconfig-unsupported",
            f"{self.path}: {problem}",
            remedy="write a kubeconfig with a token or a client certificate, for example with the "
            "token of `kubectl create token`",
        )


def _unreadable(path: str, problem: str) -> UsageError:
    return UsageError(
        "kubeconfig-unreadable",
        f"{path}: {problem}",
        remedy="name a file that `kubectl --kubeconfig FILE config view` shows without an error",
    )
