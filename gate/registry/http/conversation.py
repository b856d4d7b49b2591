"""Questions and answers on one connection, one after another, in HTTP/1.1.

h11 writes and reads the bytes: an answer that its readers could read differently ends here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import h11

from gate.registry.http.headers import by_name, sent_headers
from gate.registry.http.line import Line
from gate.registry.http.question import HttpQuestion

_LONGEST_HEAD: Final = 100 * 1024
"""Bytes of an answer's status and headers."""


class Conversation:
    """One connection. Not for several threads.

    What fails raises OSError or h11.ProtocolError; then it is closed by who called.
    """

    def __init__(self, line: Line) -> None:
        """Take an open connection, which this closes."""
        self._line = line
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)

    def ask(
        self, question: HttpQuestion, seconds: float, pieces: Iterable[bytes] | None
    ) -> tuple[int, dict[str, str]]:
        """Send a question, and return the status and headers of its answer."""
        self._send(question, seconds, pieces)
        while True:
            event = self._next(seconds)
            if isinstance(event, h11.Response):
                return event.status_code, by_name(event.headers)
            if not isinstance(event, h11.InformationalResponse):
                msg = "the answer does not begin with a status"
                raise h11.RemoteProtocolError(msg)

    def content(self, seconds: float) -> Iterator[bytes]:
        """Yield the content of the answer as it comes."""
        while isinstance(event := self._next(seconds), h11.Data):
            yield bytes(event.data)

    def ready(self) -> bool:
        """Make ready for the next question; false where this answer was not read to its end."""
        state = self._state
        try:
            if state.their_state is h11.SEND_BODY:  # of an answer without content
                state.next_event()
            over = state.our_state is h11.DONE and state.their_state is h11.DONE
            if not over or state.trailing_data[0]:
                return False
            state.start_next_cycle()
        except h11.ProtocolError:
            return False
        return True

    def is_over(self) -> bool:
        """Whether the other side has closed it, or said what nobody asked."""
        return self._line.has_news()

    def close(self) -> None:
        """Close the connection."""
        self._line.close()

    def _send(self, question: HttpQuestion, seconds: float, pieces: Iterable[bytes] | None) -> None:
        state = self._state
        head = state.send(
            h11.Request(
                method=question.method,
                target=question.url.target,
                headers=sent_headers(question, streamed=pieces is not None),
            )
        )
        data = head or b""
        for piece in (question.content,) if pieces is None else pieces:
            if pieces is not None and not self._is_sent(data, seconds):
                return
            data = (b"" if pieces is not None else data) + (state.send(h11.Data(data=piece)) or b"")
        self._is_sent(data + (state.send(h11.EndOfMessage()) or b""), seconds)

    def _is_sent(self, data: bytes, seconds: float) -> bool:
        """Send; false where the other side takes no more. Why it does not is in its answer."""
        try:
            self._line.send(data, seconds)
        except TimeoutError:
            raise
        except OSError:
            return False
        return True

    def _next(self, seconds: float) -> object:
        while (event := self._state.next_event()) is h11.NEED_DATA:
            self._state.receive_data(self._line.receive(seconds))
        return event
