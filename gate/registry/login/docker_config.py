"""Logins as docker and its kin keep them: configuration files and credential helpers.

https://docs.docker.com/reference/cli/docker/login/#credential-stores
https://github.com/docker/docker-credential-helpers
"""

from __future__ import annotations

import base64
import binascii
import functools
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from gate.errors import RegistryError
from gate.registry.bounds import BOUNDS, Bounds
from gate.registry.codes import Code
from gate.registry.login.credentials import ANONYMOUS, FirstLogin, Login, Logins, NamedLogins
from gate.registry.wire import parse_object, quote

_HUB_HOSTS: Final = frozenset(("docker.io", "registry-1.docker.io", "index.docker.io"))
_HUB_KEY: Final = "https://index.docker.io/v1/"
_HELPER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TOKEN_USER: Final = "<token>"  # noqa: S105  # a marker of the helpers' protocol
_NO_CREDENTIALS: Final = b"credentials not found"
_LONGEST: Final = 1 << 20

RunHelper = Callable[[str, str], bytes | None]
"""Asks a helper program for a host's credentials; None where it has none."""


class DockerConfig:
    """One docker or podman configuration: logins by host, and helpers to ask for others."""

    def __init__(self, content: bytes, *, what: str, run: RunHelper | None = None) -> None:
        """Read the JSON of `config.json` or `auth.json`. Raises RegistryError."""
        self._what = what
        self._run = run or run_helper
        value = parse_object(content, what=what, depth=8)
        self._logins = NamedLogins(dict(self._stored(_table(value, "auths"))))
        self._helpers = {
            _host(key): name
            for key, name in _table(value, "credHelpers").items()
            if isinstance(name, str)
        }
        store = value.get("credsStore")
        self._store = store if isinstance(store, str) else None

    def find(self, host: str, repository: str) -> Login | None:
        """Return the login for a host: from its helper, else the file, else the common store."""
        known = "docker.io" if host in _HUB_HOSTS else host
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
                    _host(key),
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
        answer = self._run(helper, _HUB_KEY if host in _HUB_HOSTS else host)
        if answer is None:
            return None
        found = parse_object(answer, what=f"docker-credential-{helper}", depth=4)
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


def run_helper(helper: str, host: str, bounds: Bounds = BOUNDS) -> bytes | None:
    """Ask `docker-credential-<helper>` for a host's login. Raises RegistryError.

    No shell is involved, and the host, which is a well-formed one, goes to its input.
    """
    program = f"docker-credential-{helper}"
    try:
        ended = subprocess.run(  # noqa: S603  # the user's own configuration names it
            [program, "get"],
            input=host.encode(),
            capture_output=True,
            timeout=bounds.helper_seconds,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise _helper_failed(program, type(error).__name__) from error
    if ended.returncode != 0:
        if _NO_CREDENTIALS in (ended.stdout + ended.stderr).lower():
            return None
        raise _helper_failed(program, f"exit code {ended.returncode}")
    return ended.stdout[: bounds.error_bytes]


def logins_from(environ: Mapping[str, str], home: Path) -> Logins:
    """Return who we are, as the environment and the user's files say.

    In this order, the first that knows a host decides: GATE_REGISTRY with
    GATE_REGISTRY_USERNAME and GATE_REGISTRY_PASSWORD; DOCKER_AUTH_CONFIG (its value is the
    JSON); the file that REGISTRY_AUTH_FILE names; `config.json` in DOCKER_CONFIG or
    `~/.docker`; `containers/auth.json` in XDG_RUNTIME_DIR. Each is read when a registry first
    asks who we are, and what is wrong with it is raised then.
    """
    places: list[Logins] = []
    host = environ.get("GATE_REGISTRY")
    username = environ.get("GATE_REGISTRY_USERNAME", "")
    password = environ.get("GATE_REGISTRY_PASSWORD", "")
    if host and username and password:
        places.append(_under_each_name(host, Login(username=username, password=password)))
    content = environ.get("DOCKER_AUTH_CONFIG", "").encode()
    if content:
        places.append(_Later("DOCKER_AUTH_CONFIG", lambda: content))
    docker = Path(environ["DOCKER_CONFIG"]) if environ.get("DOCKER_CONFIG") else home / ".docker"
    files = [docker / "config.json"]
    if environ.get("REGISTRY_AUTH_FILE"):
        files.insert(0, Path(environ["REGISTRY_AUTH_FILE"]))
    if environ.get("XDG_RUNTIME_DIR"):
        files.append(Path(environ["XDG_RUNTIME_DIR"]) / "containers" / "auth.json")
    places += [_Later(str(file), functools.partial(_content, file)) for file in files]
    return FirstLogin(places)


class _Later:
    """A configuration that is read when it is first needed, once."""

    def __init__(self, what: str, read: Callable[[], bytes]) -> None:
        self._what = what
        self._read = read
        self._lock = threading.Lock()
        self._logins: Logins | None = None

    def find(self, host: str, repository: str) -> Login | None:
        with self._lock:
            if self._logins is None:
                content = self._read()
                empty = not content.strip()
                self._logins = ANONYMOUS if empty else DockerConfig(content, what=self._what)
        return self._logins.find(host, repository)


def _content(path: Path) -> bytes:
    """Return a file's bytes; none where it is not there. Raises RegistryError."""
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise RegistryError(
            Code.CREDENTIALS_UNREADABLE,
            f"{path} cannot be read: {error.strerror}",
            remedy="Let this user read it, or remove it.",
        ) from error


def _under_each_name(host: str, login: Login) -> NamedLogins:
    key = _host(host)
    names = _HUB_HOSTS if key in _HUB_HOSTS else {key}
    return NamedLogins(dict.fromkeys(names, login))


def _host(key: str) -> str:
    """Return the host, and the path if any, that a key of a configuration file is for."""
    name = key.removeprefix("https://").removeprefix("http://").rstrip("/")
    host, _, path = name.partition("/")
    host = host.lower()
    if host in _HUB_HOSTS:
        return "docker.io"
    legacy = path in ("v1", "v2")
    return host if legacy or not path else f"{host}/{path}"


def _table(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def _helper_failed(program: str, problem: str) -> RegistryError:
    return RegistryError(
        Code.CREDENTIALS_UNREADABLE,
        f"{quote(program)} gives no credentials ({problem})",
        remedy=f"Run `{quote(program)} list` to see what is wrong with it.",
    )
