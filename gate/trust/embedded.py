"""The trusted root of Sigstore's public instance, as it came with this release of gate."""

from __future__ import annotations

from functools import cache
from pkgutil import get_data
from typing import Final

from gate.model.image import Digest
from gate.trust.root import Authority, Log, TrustedRoot

_FILE: Final = "roots/public-good.json"


class EmbeddedRoot(TrustedRoot):
    """The root, which is read when something is held against it.

    A bundle by a plain key, without log entries and timestamps, is held against nothing in it.
    """

    __slots__ = ()

    def __init__(self) -> None:
        """Take its digest alone."""
        object.__setattr__(self, "digest", Digest.of(_content()))

    @property
    def certificate_authorities(self) -> tuple[Authority, ...]:
        """As of the root that it is."""
        return _parsed().certificate_authorities

    @property
    def timestamp_authorities(self) -> tuple[Authority, ...]:
        """As of the root that it is."""
        return _parsed().timestamp_authorities

    @property
    def logs(self) -> tuple[Log, ...]:
        """As of the root that it is."""
        return _parsed().logs

    @property
    def ct_logs(self) -> tuple[Log, ...]:
        """As of the root that it is."""
        return _parsed().ct_logs

    @property
    def names_ct_logs(self) -> bool:
        """As of the root that it is."""
        return _parsed().names_ct_logs

    @property
    def skipped(self) -> tuple[str, ...]:
        """As of the root that it is."""
        return _parsed().skipped


@cache
def embedded_root() -> TrustedRoot:
    """Return the root. `gate.trust.policy.EMBEDDED_AT` says of which day it is."""
    return EmbeddedRoot()


def _content() -> bytes:
    return get_data("gate.trust", _FILE) or b""  # lighter than importlib.resources


@cache
def _parsed() -> TrustedRoot:
    """Read it once in a process: many statements are held against it, and it never changes."""
    from gate.trust.trusted_root import parse_trusted_root  # noqa: PLC0415  # as EmbeddedRoot says

    return parse_trusted_root(_content())
