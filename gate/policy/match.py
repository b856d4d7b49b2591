"""How a policy names images: literals and two wildcards, never regular expressions.

A pattern is compared with the canonical name `registry/repository`, segment by
segment. `*` matches any text inside one segment, `**` is a whole segment of its own and
matches any number of segments: at the end at least one, elsewhere none too. Tags and
digests take no part: what a name may run is decided by evidence, not by its tag.
"""

from __future__ import annotations

from typing import Final

from gate.model.expressions import expression
from gate.model.image import ImageReference
from gate.model.records import dataclass
from gate.policy.glob import ANY, check_bounds, covers, spans

_SEGMENT: Final = expression(r"[a-z0-9*]+(?:(?:[._]+|-+)[a-z0-9*]+)*")
_HOST: Final = expression(r"(?:[a-z0-9*.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class ImagePattern:
    """A pattern over canonical image names. An instance can match some name."""

    text: str

    def __post_init__(self) -> None:
        """Refuse a pattern that no canonical name can match. Raises ValueError."""
        check_bounds(self.text)
        if slip := _slip(self.text, "/**"):
            msg = f"{self.text!r} is not an image pattern: {slip}"
            raise ValueError(msg)
        host, *path = self.text.split("/")
        if host != ANY:
            _check_host(self.text, host, path)
        for segment in path:
            if segment != ANY and (ANY in segment or not _SEGMENT.fullmatch(segment)):
                msg = (
                    f"{self.text!r} is not an image pattern: {segment!r} is no path segment "
                    "(lowercase letters, digits, separators, and * in it, or ** as a whole one)"
                )
                raise ValueError(msg)

    def matches(self, reference: ImageReference) -> bool:
        """Whether the image's canonical name matches, its tag and digest left aside."""
        return spans(self.text, reference.name)

    def covers(self, other: ImagePattern) -> bool:
        """Whether every name that `other` matches is matched here too.

        It may say no where the answer is yes; it never says yes where the answer is no.
        """
        return covers(self.text, other.text)


def _slip(text: str, below: str) -> str | None:
    """Return what people write by mistake in a pattern, and what to write; None for nothing.

    `below` is what a pattern ends with that means all in a folder.
    """
    if any(c.isspace() for c in text):
        return "it has a space in it"
    if "://" in text:
        return f"it begins with a scheme: write {text.partition('://')[2]}"
    name, at, _ = text.partition("@")
    if at:
        return f"it has a digest, and an entry holds for every one: write {name}"
    head, _, last = text.rpartition("/")
    bare, tag, _ = last.partition(":")
    if head and tag:
        return f"it has a tag, and an entry holds for every one: write {head}/{bare}"
    stem = text.rstrip("/")
    if stem and stem != text:
        return f"it ends with '/': write {stem}{below} for all that is in it"
    return f"it has a capital letter: write {text.lower()}" if text != text.lower() else None


def _check_host(text: str, host: str, path: list[str]) -> None:
    if not _HOST.fullmatch(host) or ANY in host:
        msg = f"{text!r} is not an image pattern: {host!r} is no registry host in lowercase"
        raise ValueError(msg)
    if not path:
        msg = f"{text!r} names a registry only: write {text}/** for all that it holds"
        raise ValueError(msg)
    if not any(c in host for c in ".:*[") and host != "localhost":
        hub = text if "/" in text else f"library/{text}"
        msg = f"{text!r} has no registry: canonical names start with one, as docker.io/{hub} does"
        raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class AllowedRegistry:
    """An entry of the allowlist: a registry, or a registry and the start of a repository."""

    text: str

    def __post_init__(self) -> None:
        """Refuse what is no canonical prefix of an image's name. Raises ValueError."""
        check_bounds(self.text)
        host, *path = self.text.split("/")
        if "*" in self.text:
            msg = (
                f"{self.text!r}: an allowed registry takes no wildcard; whole segments are compared"
            )
            raise ValueError(msg)
        if slip := _slip(self.text, ""):
            msg = f"{self.text!r} is not a registry and path: {slip}"
            raise ValueError(msg)
        _check_host(self.text, host, path or ["**"])
        if host in {"index.docker.io", "registry-1.docker.io"}:
            msg = f"{self.text!r}: the canonical name of Docker Hub is docker.io"
            raise ValueError(msg)
        if not all(_SEGMENT.fullmatch(s) for s in path):
            msg = f"{self.text!r} is not a registry and path; no scheme, tag, or trailing slash"
            raise ValueError(msg)

    def allows(self, reference: ImageReference) -> bool:
        """Whether the image lies in this registry, below this path."""
        name = [reference.registry, *reference.repository.split("/")]
        allowed = self.text.split("/")
        return name[: len(allowed)] == allowed
