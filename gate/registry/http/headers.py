"""Headers: those that a question is sent with, and those of an answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gate import __version__
from gate.registry.http.question import HttpQuestion

_OURS: Final = (
    (b"user-agent", f"gatepass/{__version__}".encode()),
    (b"accept-encoding", b"identity"),
)


def sent_headers(question: HttpQuestion, *, streamed: bool) -> list[tuple[bytes, bytes]]:
    """Return the headers of a question; what is streamed has its length among the question's own.

    Raises UnicodeEncodeError for what is not ASCII.
    """
    said = {"host": question.url.authority, **question.headers, "accept": question.accept}
    if question.authorization is not None:
        said["authorization"] = question.authorization
    if question.content_type:
        said["content-type"] = question.content_type
    if not streamed and (question.content or question.method in ("POST", "PUT")):
        said["content-length"] = str(len(question.content))
    return [*_OURS, *((name.encode("ascii"), said[name].encode("ascii")) for name in said)]


def by_name(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return an answer's headers by lower-case name; of one that came often, all of its values."""
    found: dict[str, str] = {}
    for raw_name, raw in headers:
        name, value = raw_name.decode("latin-1").lower(), raw.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found
