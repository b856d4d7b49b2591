"""The policy's `trusted-roots`: whose certificates, logs and clocks are believed.

A trusted root is a Sigstore TrustedRoot document. The policy pins each by digest, or
pins the TUF root that vouches for it; nothing is believed because it was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from gate.policy.fields import After, Sized
from gate.policy.section import Section

_Path = Annotated[str, Sized(min_length=1, max_length=1024)]
_Sha256 = Annotated[str, Sized(pattern=r"^(sha256:)?[0-9a-f]{64}$")]


def _repository(text: str) -> str:
    """Refuse what is more than a host and a path: a password in a policy would be read by many."""
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named = False
    if not named or not {"?", "#"}.isdisjoint(text) or "@" in parts.netloc:
        msg = "this is the https URL of a host and a path, without a user, a query or a fragment"
        raise ValueError(msg)
    return text


class RootSource(Section):
    """Where a trusted root is, and what pins it: `file` and `sha256`, or `tuf` and `root`."""

    file: _Path | None = None
    """A Sigstore TrustedRoot document, from the policy's folder."""
    sha256: _Sha256 | None = None
    """The SHA-256 of `file`, or of `root`."""
    tuf: Annotated[str, Sized(pattern=r"^https://[!-~]+$"), After(_repository)] | None = None
    """The URL of a TUF repository with the target `trusted_root.json`, asked on every run."""
    root: _Path | None = None
    """The first TUF root, `root.json`, from which the repository is verified."""

    def check_whole(self, context: Mapping[str, Any]) -> None:
        """Refuse what is neither of the two ways. Raises ValueError."""
        del context
        if (self.file is None) == (self.tuf is None):
            msg = "a trusted root is either a file with its sha256, or a tuf URL with its root"
        elif self.file is not None and self.root is not None:
            msg = "root belongs to a tuf URL, not to a file"
        elif self.sha256 is None:
            msg = "a trusted root needs the sha256 of its file, or of the first TUF root"
        elif self.tuf is not None and self.root is None:
            msg = "a tuf URL needs root: the file of the first TUF root"
        else:
            return
        raise ValueError(msg)

    @property
    def digest(self) -> str:
        """The 64 hexadecimal digits that pin the file or the first TUF root."""
        return (self.sha256 or "").removeprefix("sha256:")

    def files(self) -> tuple[str, ...]:
        """Return the path that it refers to."""
        path = self.file or self.root
        return (path,) if path else ()
