"""Where logins are found: the environment, and the files of docker and its kin."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from gate.errors import RegistryError
from gate.registry.codes import Code
from gate.registry.login.credentials import ANONYMOUS, FirstLogin, Login, Logins, NamedLogins
from gate.registry.login.docker_config import HUB_HOSTS, DockerConfig, host_of
from gate.registry.wire import quote

_LONGEST: Final = 1 << 20


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
    elif host and (username or password):
        places.append(_Half(host, "PASSWORD" if username else "USERNAME"))
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


class _Half:
    """A login in the environment that lacks a part: silence would look like a wrong password."""

    def __init__(self, host: str, missing: str) -> None:
        self._names = _under_each_name(host, Login(username="-", password="-"))  # noqa: S106  # none
        self._missing = f"GATE_REGISTRY_{missing}"

    def find(self, host: str, repository: str) -> Login | None:
        if self._names.find(host, repository) is None:
            return None
        raise RegistryError(
            Code.CREDENTIALS_UNREADABLE,
            f"GATE_REGISTRY names {quote(host)}, and {self._missing} is empty",
            remedy=f"Set {self._missing}: CI hides a protected variable from other branches.",
        )


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
    key = host_of(host)
    names = HUB_HOSTS if key in HUB_HOSTS else {key}
    return NamedLogins(dict.fromkeys(names, login))
