"""An end to calls that have none of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, Final, TypeVar

T = TypeVar("T")


class TimedCalls:
    """Makes calls, and waits for each no longer than it is given. Used from several threads.

    Other people's clients wait for a log, an authority or a repository without a limit. A call
    that is given up goes on in a thread that does not keep the process alive. A thread whose call
    ended makes another one: sigstore's clients keep a connection for each thread.
    """

    def __init__(self) -> None:
        """Nothing is called yet."""
        self._idle: Final[list[SimpleQueue[tuple[Future[Any], Callable[[], Any]]]]] = []

    def within(self, seconds: float, call: Callable[[], T]) -> T:
        """Return what a call returns, or raise what it raises; TimeoutError when time is up."""
        answer: Future[T] = Future()
        try:
            thread = self._idle.pop()
        except IndexError:
            thread = _thread()
        thread.put((answer, call))
        try:
            return answer.result(seconds)
        except TimeoutError:
            if answer.done():  # the call's own
                raise
            msg = f"no answer within {seconds:g} seconds"
            raise TimeoutError(msg) from None
        finally:
            if answer.done():
                self._idle.append(thread)


def _thread() -> SimpleQueue[tuple[Future[Any], Callable[[], Any]]]:
    """Start a thread; what is put into its queue is called there."""
    calls: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()

    def work() -> None:
        while True:
            answer, call = calls.get()
            try:
                answer.set_result(call())
            except BaseException as error:  # noqa: BLE001  # it is raised again by the caller
                answer.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return calls
