"""Connections are kept while they are good, and each has one user at a time."""

from __future__ import annotations

from typing import Any, Final

import httpcore
import pytest

from gate.registry.http.connections import Connections

_ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone"
_URL: Final = "http://registry.example/v2/"
_CONTENT = b"done"


class Stream(httpcore.MockStream):
    """A connection on which every question has an answer, until the other side closes it."""

    gone = False
    closed = False

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  # as httpcore has it
        return self.gone if info == "is_readable" else None

    def close(self) -> None:
        self.closed = True


class Backend(httpcore.MockBackend):
    """Remembers what it connected."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = answers or (_ANSWER,) * 20
        self.streams: list[Stream] = []

    def connect_tcp(self, *_: object, **__: object) -> httpcore.NetworkStream:
        self.streams.append(Stream(list(self.answers)))
        return self.streams[-1]

    @property
    def open(self) -> list[bool]:
        return [not stream.closed for stream in self.streams]


def pool(backend: Backend) -> Connections:
    return Connections(httpcore.Origin(b"http", b"registry.example", 80), None, backend)


def ask(of: Connections) -> httpcore.Response:
    return of.handle_request(httpcore.Request("GET", _URL, headers={"host": "registry.example"}))


def read(answer: httpcore.Response) -> bytes:
    content = b"".join(answer.iter_stream())
    answer.close()
    return content


def test_questions_one_after_another_go_over_one_connection() -> None:
    backend = Backend()
    of = pool(backend)
    assert [read(ask(of)) for _ in range(3)] == [_CONTENT] * 3
    assert backend.open == [True]


def test_who_asks_while_another_reads_has_a_connection_of_its_own() -> None:
    backend = Backend()
    of = pool(backend)
    first, second = ask(of), ask(of)
    assert [read(second), read(first)] == [_CONTENT] * 2
    read(ask(of))
    assert backend.open == [True, True]


def test_a_connection_whose_answer_was_not_read_to_its_end_is_closed() -> None:
    backend = Backend()
    of = pool(backend)
    ask(of).close()
    assert backend.open == [False]
    assert read(ask(of)) == _CONTENT
    assert backend.open == [False, True]


def test_an_answer_that_is_closed_twice_gives_its_connection_back_once() -> None:
    backend = Backend()
    of = pool(backend)
    answer = ask(of)
    read(answer)
    answer.close()
    first, second = ask(of), ask(of)
    assert [read(first), read(second)] == [_CONTENT] * 2
    assert backend.open == [True, True]


def test_a_connection_that_the_other_side_closed_is_not_used() -> None:
    backend = Backend()
    of = pool(backend)
    read(ask(of))
    backend.streams[0].gone = True
    assert read(ask(of)) == _CONTENT
    assert backend.open == [False, True]


@pytest.mark.parametrize("broken", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b""])
def test_a_connection_that_broke_is_closed_and_the_fault_comes_through(broken: bytes) -> None:
    backend = Backend(broken)
    with pytest.raises(httpcore.RemoteProtocolError):
        ask(pool(backend))
    assert backend.open == [False]


def test_a_connection_that_breaks_in_the_content_is_closed() -> None:
    backend = Backend(_ANSWER[:-2])
    answer = ask(pool(backend))
    with pytest.raises(httpcore.RemoteProtocolError):
        read(answer)
    answer.close()
    assert backend.open == [False]


@pytest.mark.parametrize(("seconds", "used"), [(14.9, True), (15.0, False)])
def test_a_connection_is_used_for_some_seconds_after_its_last_answer(
    monkeypatch: pytest.MonkeyPatch, seconds: float, *, used: bool
) -> None:
    times = [100.0]
    monkeypatch.setattr("gate.registry.http.connections.time.monotonic", lambda: times[0])
    backend = Backend()
    of = pool(backend)
    read(ask(of))
    times[0] += seconds
    read(ask(of))
    assert backend.open == ([True] if used else [False, True])


def test_what_nobody_takes_is_closed_though_others_are_in_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = [100.0]
    monkeypatch.setattr("gate.registry.http.connections.time.monotonic", lambda: times[0])
    backend = Backend()
    of = pool(backend)
    for answer in [ask(of), ask(of)]:
        read(answer)
    for _ in range(4):
        times[0] += 5.0
        read(ask(of))
    assert backend.open == [False, True]


def test_all_are_closed_at_the_end() -> None:
    backend = Backend()
    of = pool(backend)
    reading, done = ask(of), ask(of)
    read(done)
    of.close()
    assert backend.open == [False, False]
    reading.close()
