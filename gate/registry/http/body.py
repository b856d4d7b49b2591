"""The content of an answer: bounded, and as the host sent it."""

from __future__ import annotations

from gate.errors import RegistryError
from gate.registry.codes import Code
from gate.registry.http.question import Arrival, HttpQuestion
from gate.registry.http.url import Url
from gate.registry.wire import quote


def demand_plain(arrival: Arrival, url: Url) -> None:
    """Refuse an answer whose content was compressed on its way. Raises RegistryError."""
    encoding = arrival.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise RegistryError(
            Code.ENCODED_ANSWER,
            f"{quote(url.authority)} compressed what was asked for plain",
            remedy="Switch compression off in the registry or the proxy before it.",
        )


def read_body(arrival: Arrival, question: HttpQuestion, *, error_bytes: int) -> bytes:
    """Return the content of an answer as it came, no longer than the question allows.

    Of an error, `error_bytes` are read and the rest is left. Raises RegistryError.
    """
    good = arrival.status in (200, 201, 202)
    most = question.most if good else error_bytes
    if question.method == "HEAD":
        return b""
    if good:
        demand_plain(arrival, question.url)
    content = bytearray()
    for chunk in arrival.pieces:
        content += chunk
        if len(content) > most:
            if not good:
                return bytes(content[:most])
            raise RegistryError(
                Code.TOO_LARGE,
                f"{quote(str(question.url))} is longer than {most} bytes",
                remedy="Look at what is stored there; gate reads manifests and attestations.",
            )
    return bytes(content)
