"""Logins as docker and its kin keep them: one configuration file, and the helpers it names.

https://docs.docker.com/reference/cli/docker/login/#credential-stores
https://github.com/docker/docker-credential-helpers
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from gate.errors import RegistryError
from gate.model.expressions import expression
from gate.registry.codes import Code
from gate.registry.login.credentials import Login, NamedLogins
from gate.registry.login.helper import run_helper
from gate.registry.wire import parse_object, quote

HUB_HOSTS: Final = frozenset(("docker.io", "registry-1.docker.io", "index.docker.io"))
_HUB_KEY: Final = "https://index.docker.io/v1/"
_HELPER: Final = expression(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TOKEN_USER: Final = "<token>"  # noqa: S105  # a marker of the helpers' protocol

RunHelper = Callable[[str, str], bytes | None]
"""Asks a helper program for a host's credentials; None where it has none."""


class DockerConfig:
    """One docker or podman configuration: logins by host, and helpers to ask for others."""

    def __init__(self, content: bytes, *, what: str, run: RunHelper | None = None) -> None:
        """Read the JSON of `config.json` or `auth.json`. Raises RegistryError."""
        self._what = what
        self._run = run or run_helper
        value = _parsed(content, what)
        self._logins = NamedLogins(dict(self._stored(_table(value, "auths"))))
        self._helpers = {
            host_of(key): name
            for key, name in _table(value, "credHelpers").items()
            if isinstance(name, str)
        }
        store = value.get("credsStore")
        self._store = store if isinstance(store, str) else None

    def find(self, host: str, repository: str) -> Login | None:
        """Return the login for a host: from its helper, else the file, else the common store."""
        known = "docker.io" if host in HUB_HOSTS else host
        if known in self._helpers:
            return self._ask(self._helpers[known], known)
        found = self._logins.find(known, repository)
        if found is None and self._store:
            return self._ask(self._store, known)
        return found

    def _stored(self, auths: Mapping[str, Any]) -> Iterator[tuple[str, Login]]:
        for key, entry in auths.items():
            if not isinstance(entry, dict):
                continue
            token = entry.get("identitytoken", "")
            username, password = entry.get("username", ""), entry.get("password", "")
            if entry.get("auth"):
                username, password = self._decoded(entry["auth"], key)
            if not all(isinstance(part, str) for part in (token, username, password)):
                raise self._unreadable(key)
            if token or username:
                yield (
                    host_of(key),
                    Login(username=username, password=password, identity_token=token),
                )

    def _decoded(self, auth: object, key: str) -> tuple[str, str]:
        try:
            text = base64.b64decode(auth if isinstance(auth, str) else "!", validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise self._unreadable(key) from error
        username, _, password = text.partition(":")
        return username, password.rstrip("\0")

    def _ask(self, helper: str, host: str) -> Login | None:
        if not _HELPER.fullmatch(helper):
            raise self._unreadable(helper)
        answer = self._run(helper, _HUB_KEY if host in HUB_HOSTS else host)
        if answer is None:
            return None
        try:
            found = parse_object(answer, what=f"docker-credential-{helper}", depth=4)
        except RegistryError as error:
            raise self._unreadable(helper) from error
        username, secret = found.get("Username"), found.get("Secret")
        if not isinstance(username, str) or not isinstance(secret, str):
            raise self._unreadable(helper)
        if username == _TOKEN_USER:
            return Login(identity_token=secret)
        return Login(username=username, password=secret)

    def _unreadable(self, part: str) -> RegistryError:
        """Say which host or helper is at fault, and never what its entry holds."""
        return RegistryError(
            Code.CREDENTIALS_UNREADABLE,
            f"{self._what} cannot be used: its entry or helper {quote(part)!r} is malformed",
            remedy="Run docker login again, or remove the entry.",
        )


def _parsed(content: bytes, what: str) -> Mapping[str, Any]:
    """Return the object that a configuration file holds. Raises RegistryError, naming the file."""
    try:
        return parse_object(content, what=what, depth=8)
    except RegistryError as error:
        raise RegistryError(
            Code.CREDENTIALS_UNREADABLE,
            f"{what} should hold credentials, and is not well-formed JSON",
            remedy=f"Correct {what}, or remove it and run docker login again.",
        ) from error


def host_of(key: str) -> str:
    """Return the host, and the path if any, that a key of a configuration file is for."""
    name = key.removeprefix("https://").removeprefix("http://").rstrip("/")
    host, _, path = name.partition("/")
    host = host.lower()
    if host in HUB_HOSTS:
        return "docker.io"
    legacy = path in ("v1", "v2")
    return host if legacy or not path else f"{host}/{path}"


def _table(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}
