"""Who we are to each registry. Hosts match exactly: never by suffix, never by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Protocol

from gate.model.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user and password, or a token in their place. Never shown."""

    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)
    """An OAuth 2 refresh token, as some credential helpers give."""


class Logins(Protocol):
    """Finds the login for a repository."""

    def find(self, host: str, repository: str) -> Login | None:
        """Return the login for a host; None to be anonymous. Raises RegistryError."""


class NamedLogins:
    """Logins that the caller gives, by `host` or `host/path` of whole segments."""

    def __init__(self, logins: Mapping[str, Login]) -> None:
        """Take each login under the host that may hear it."""
        self._logins = dict(logins)

    def find(self, host: str, repository: str) -> Login | None:
        """Return the login of the longest name that fits."""
        segments = [host, *repository.split("/")]
        names = ("/".join(segments[:length]) for length in range(len(segments), 0, -1))
        return next((self._logins[name] for name in names if name in self._logins), None)


class FirstLogin:
    """Asks several places in turn."""

    def __init__(self, places: Sequence[Logins]) -> None:
        """Take the places, the one that decides first."""
        self._places = tuple(places)

    def find(self, host: str, repository: str) -> Login | None:
        """Return what the first place that knows the host says."""
        found = (place.find(host, repository) for place in self._places)
        return next((login for login in found if login is not None), None)


ANONYMOUS: Logins = NamedLogins({})
"""No login anywhere."""
