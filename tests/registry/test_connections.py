"""Connections are kept while they are good, and each has one user at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import h11
import pytest

from gate.registry.http.connections import Connections
from gate.registry.http.question import Arrival, HttpQuestion
from gate.registry.http.url import Url

_ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone"
_URL: Final = Url.parse("http://registry.example/v2/")
_CONTENT = b"done"
_SECONDS = 10.0


@dataclass
class Wire:
    """A connection on which every question has an answer, until the other side closes it."""

    answers: list[bytes]
    sent: bytes = b""
    gone: bool = False
    closed: bool = False
    takes: bool = True

    def send(self, data: bytes, seconds: float) -> None:
        assert seconds == _SECONDS
        if not self.takes:
            raise BrokenPipeError
        self.sent += data

    def receive(self, seconds: float) -> bytes:
        assert seconds == _SECONDS
        return self.answers.pop(0) if self.answers else b""

    def has_news(self) -> bool:
        return self.gone

    def close(self) -> None:
        self.closed = True


@dataclass
class Host:
    """Remembers what was connected to it."""

    answers: tuple[bytes, ...] = (_ANSWER,) * 20
    wires: list[Wire] = field(default_factory=list)

    def connect(self, seconds: float) -> Wire:
        assert seconds == _SECONDS
        self.wires.append(Wire(list(self.answers)))
        return self.wires[-1]

    @property
    def open(self) -> list[bool]:
        return [not wire.closed for wire in self.wires]


def ask(of: Connections, method: str = "GET", content: bytes = b"") -> Arrival:
    question = HttpQuestion(url=_URL, method=method, content=content, most=100)
    return of.send(question, _SECONDS)


def read(answer: Arrival) -> bytes:
    content = b"".join(answer.pieces)
    answer.close()
    return content


def test_questions_one_after_another_go_over_one_connection() -> None:
    host = Host()
    of = Connections(host.connect)
    assert [read(ask(of)) for _ in range(3)] == [_CONTENT] * 3
    assert host.open == [True]


def test_who_asks_while_another_reads_has_a_connection_of_its_own() -> None:
    host = Host()
    of = Connections(host.connect)
    first, second = ask(of), ask(of)
    assert [read(second), read(first)] == [_CONTENT] * 2
    read(ask(of))
    assert host.open == [True, True]


def test_a_connection_whose_answer_was_not_read_to_its_end_is_closed() -> None:
    host = Host()
    of = Connections(host.connect)
    ask(of).close()
    assert host.open == [False]
    assert read(ask(of)) == _CONTENT
    assert host.open == [False, True]


@pytest.mark.parametrize(
    ("method", "head"),
    [("HEAD", b"200 OK\r\nContent-Length: 4"), ("GET", b"204 No"), ("PUT", b"304 No")],
)
def test_a_connection_is_kept_after_an_answer_that_has_no_content(method: str, head: bytes) -> None:
    host = Host((b"HTTP/1.1 " + head + b"\r\n\r\n", _ANSWER))
    of = Connections(host.connect)
    ask(of, method).close()
    assert read(ask(of)) == _CONTENT
    assert host.open == [True]


def test_an_answer_that_is_closed_twice_gives_its_connection_back_once() -> None:
    host = Host()
    of = Connections(host.connect)
    answer = ask(of)
    read(answer)
    answer.close()
    first, second = ask(of), ask(of)
    assert [read(first), read(second)] == [_CONTENT] * 2
    assert host.open == [True, True]


def test_a_connection_that_the_other_side_closed_is_not_used() -> None:
    host = Host()
    of = Connections(host.connect)
    read(ask(of))
    host.wires[0].gone = True
    assert read(ask(of)) == _CONTENT
    assert host.open == [False, True]


def test_a_connection_on_which_more_came_than_one_answer_is_not_used() -> None:
    host = Host((_ANSWER + _ANSWER.replace(_CONTENT, b"evil"),))
    of = Connections(host.connect)
    assert [read(ask(of)), read(ask(of))] == [_CONTENT] * 2
    assert host.open == [False, False]


@pytest.mark.parametrize(
    "broken", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"", b"HTTP/1.1 101 Up\r\n\r\n"]
)
def test_a_connection_that_broke_is_closed_and_the_fault_comes_through(broken: bytes) -> None:
    host = Host((broken,))
    with pytest.raises(h11.RemoteProtocolError):
        ask(Connections(host.connect))
    assert host.open == [False]


def test_a_connection_that_breaks_in_the_content_is_closed() -> None:
    host = Host((_ANSWER[:-2],))
    answer = ask(Connections(host.connect))
    with pytest.raises(h11.RemoteProtocolError):
        read(answer)
    answer.close()
    assert host.open == [False]


def test_an_answer_that_the_host_announces_first_is_read() -> None:
    host = Host((b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + _ANSWER,))
    answer = ask(Connections(host.connect))
    assert (answer.status, answer.headers, read(answer)) == (
        200,
        {"content-length": "4"},
        _CONTENT,
    )


def test_a_header_that_came_twice_has_both_of_its_values() -> None:
    host = Host((b"HTTP/1.1 204 No\r\nLink: <a>\r\nA: \xe4\r\nlink: <b>\r\n\r\n",))
    assert ask(Connections(host.connect)).headers == {"link": "<a>, <b>", "a": "ä"}


def test_a_question_with_its_content_is_sent_in_one_go_with_its_length() -> None:
    host = Host()
    read(ask(Connections(host.connect), "PUT", b"{}"))
    head, _, content = host.wires[0].sent.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[:2] == ["PUT /v2/ HTTP/1.1", "host: registry.example"]
    assert sorted(lines[2:])[:3] == [
        "accept-encoding: identity",
        "accept: */*",
        "content-length: 2",
    ]
    assert content == b"{}"


@pytest.mark.parametrize(("method", "length"), [("POST", ["0"]), ("PUT", ["0"]), ("GET", [])])
def test_what_writes_without_content_says_so(method: str, length: list[str]) -> None:
    host = Host()
    read(ask(Connections(host.connect), method))
    lines = host.wires[0].sent.decode().split("\r\n")
    assert [line[16:] for line in lines if line.startswith("content-length: ")] == length


def test_why_a_host_takes_no_more_of_what_is_sent_is_in_its_answer() -> None:
    refused = Wire([b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"], takes=False)
    asked: list[bytes] = []

    def pieces() -> Iterator[bytes]:
        for piece in (b"a", b"b"):
            asked.append(piece)
            yield piece

    of = Connections(lambda _: refused)
    question = HttpQuestion(url=_URL, method="PUT", headers={"content-length": "2"}, most=1)
    answer = of.send(question, _SECONDS, pieces())
    assert (answer.status, asked) == (413, [b"a"])
    answer.close()
    assert refused.closed


@pytest.mark.parametrize(("seconds", "used"), [(14.9, True), (15.0, False)])
def test_a_connection_is_used_for_some_seconds_after_its_last_answer(
    monkeypatch: pytest.MonkeyPatch, seconds: float, *, used: bool
) -> None:
    times = [100.0]
    monkeypatch.setattr("gate.registry.http.connections.time.monotonic", lambda: times[0])
    host = Host()
    of = Connections(host.connect)
    read(ask(of))
    times[0] += seconds
    read(ask(of))
    assert host.open == ([True] if used else [False, True])


def test_what_nobody_takes_is_closed_though_others_are_in_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    times = [100.0]
    monkeypatch.setattr("gate.registry.http.connections.time.monotonic", lambda: times[0])
    host = Host()
    of = Connections(host.connect)
    for answer in [ask(of), ask(of)]:
        read(answer)
    for _ in range(4):
        times[0] += 5.0
        read(ask(of))
    assert host.open == [False, True]


def test_all_are_closed_at_the_end() -> None:
    host = Host()
    of = Connections(host.connect)
    reading, done = ask(of), ask(of)
    read(done)
    of.close()
    assert host.open == [False, False]
    reading.close()
