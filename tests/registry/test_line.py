"""Bytes on a connection come and go within a deadline, however they are cut."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from gate.registry.http.line import SocketLine, deadline, remaining

Pair = tuple[SocketLine, socket.socket]


class Counted(socket.socket):
    """A socket that remembers its timeouts."""

    told: list[float | None]

    def settimeout(self, value: float | None) -> None:
        self.told.append(value)
        super().settimeout(value)


@pytest.fixture
def pair() -> Iterator[tuple[Counted, socket.socket]]:
    ours, theirs = socket.socketpair()
    counted = Counted(fileno=ours.detach())
    counted.told = []
    with counted, theirs:
        yield counted, theirs


def test_what_is_sent_arrives_whole_though_the_system_takes_it_in_parts(
    pair: tuple[Counted, socket.socket],
) -> None:
    ours, theirs = pair
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    theirs.settimeout(10)
    arrived = bytearray()
    send = ours.send
    data = bytes(range(256)) * 4096

    def sent(part: memoryview) -> int:
        done = send(part[:100_000])
        arrived.extend(theirs.recv(1 << 20))
        return done

    ours.send = sent  # type: ignore[assignment,method-assign]  # who reads what is sent
    with deadline(time.monotonic() + 10):
        SocketLine(ours).send(data, 10)
    assert bytes(arrived) == data


def test_a_socket_is_told_its_timeout_once_for_many_questions_and_never_past_the_deadline(
    pair: tuple[Counted, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = pair
    now = [100.0]
    monkeypatch.setattr("gate.registry.http.line.time.monotonic", lambda: now[0])
    line = SocketLine(ours)
    for passed in (0.0, 0.05, 0.05, 20.0, 5.0):
        now[0] += passed
        with deadline(now[0] + 30 if passed < 1 else 130.0):
            line.send(b"a", 30)
            theirs.sendall(b"b")
            assert line.receive(30) == b"b"
            told = ours.gettimeout()
            assert told is not None
            assert told <= remaining(30)
    assert ours.told == pytest.approx([29.85, 9.85, 4.9], abs=0.1)


@pytest.mark.parametrize("bound", ["deadline", "seconds"])
def test_what_does_not_come_in_time_is_a_timeout(
    pair: tuple[Counted, socket.socket], bound: str
) -> None:
    ours, _ = pair
    short = 0.02
    with (
        deadline(time.monotonic() + (short if bound == "deadline" else 60)),
        pytest.raises(TimeoutError),
    ):
        SocketLine(ours).receive(60 if bound == "deadline" else short)


def test_nothing_is_sent_or_read_after_the_deadline(pair: tuple[Counted, socket.socket]) -> None:
    ours, theirs = pair
    theirs.sendall(b"late")
    with deadline(time.monotonic()):
        with pytest.raises(TimeoutError, match="the deadline has passed"):
            SocketLine(ours).receive(10)
        with pytest.raises(TimeoutError, match="the deadline has passed"):
            SocketLine(ours).send(b"late", 10)


def test_a_line_has_news_where_something_came_or_the_other_side_or_this_one_closed(
    pair: tuple[Counted, socket.socket],
) -> None:
    ours, theirs = pair
    line = SocketLine(ours)
    assert not line.has_news()
    theirs.sendall(b"a")
    assert line.has_news()
    with deadline(time.monotonic() + 10):
        assert line.receive(10) == b"a"
    assert not line.has_news()
    theirs.close()
    assert line.has_news()
    line.close()
    assert line.has_news()
