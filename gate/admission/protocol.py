"""HTTP/1.1 with a bound on the header of a request, which uvicorn's parser does not have."""

from __future__ import annotations

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEADER: Final = 32 * 1024
"""Bytes of one request's path and header fields."""


class BoundedProtocol(HttpToolsProtocol):
    """Breaks a connection off whose header is longer."""

    _header = 0

    def on_message_begin(self) -> None:
        """Begin to count."""
        self._header = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count a part of the path."""
        if self._counts(len(url)):
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header field."""
        if self._counts(len(name) + len(value)):
            super().on_header(name, value)

    def _counts(self, more: int) -> bool:
        self._header += more
        if self._header <= MAX_HEADER:
            return True
        self.transport.abort()
        return False
