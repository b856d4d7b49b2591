"""The trusted root of Sigstore's public instance, as it came with this release of gate."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pkgutil import get_data
from typing import Final

from gate.errors import TrustRootError
from gate.model.image import Digest
from gate.trust.root import Authority, Log, TrustedRoot

# `.ci/renew_root.py` writes these two and the file.
EMBEDDED_AT: Final = datetime(2026, 11, 21, tzinfo=UTC)
"""When Sigstore's TUF repository was last asked for the root."""
EMBEDDED_DIGEST: Final = "sha256:6494e21ea73fa7ee769f85f57d5a3e6a08725eae1e38c755fc3517c9e6bc0b66"
"""Of the file, so that a damaged one is found before anything is held against it."""
_FILE: Final = "roots/public-good.json"


class EmbeddedRoot(TrustedRoot):
    """The root, which is read when something is held against it.

    A bundle by a plain key, without log entries and timestamps, is held against nothing in it.
    """

    __slots__ = ()

    def __init__(self) -> None:
        """Take its digest alone. Raises TrustRootError where the file is damaged or missing."""
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
    """Return the root as of `EMBEDDED_AT`. Raises TrustRootError where it is damaged."""
    return EmbeddedRoot()


def _content() -> bytes:
    try:
        data = get_data("gate.trust", _FILE) or b""  # lighter than importlib.resources
    except OSError as error:
        raise _damaged(f"cannot be read: {error.strerror}") from error
    if str(Digest.of(data)) != EMBEDDED_DIGEST:
        raise _damaged("is not the one of this release")
    return data


def _damaged(why: str) -> TrustRootError:
    return TrustRootError(
        "trust-root-damaged",
        f"gate's own file {_FILE} {why}",
        remedy="install gate again, or pin a root in the policy under trusted-roots",
    )


@cache
def _parsed() -> TrustedRoot:
    """Read it once in a process: many statements are held against it, and it never changes."""
    from gate.trust.trusted_root import parse_trusted_root  # noqa: PLC0415  # as EmbeddedRoot says

    return parse_trusted_root(_content())
