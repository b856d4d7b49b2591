"""Regular expressions that wait until they are used."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import re
import threading

import pytest

import gate
from gate.model import expressions
from gate.model.expressions import expression


def test_an_expression_does_what_re_does() -> None:
    late, early = expression(r"([a-z])(\d)?", re.ASCII), re.compile(r"([a-z])(\d)?", re.ASCII)
    assert late.pattern == early.pattern
    assert late.findall("a1 b2") == early.findall("a1 b2")
    assert late.sub("x", "a1-b") == early.sub("x", "a1-b")
    assert late.split("1a2") == early.split("1a2")
    for text in ("a1", "a", "A", "é", ""):
        for name in ("match", "fullmatch", "search"):
            found, wanted = (getattr(one, name)(text) for one in (late, early))
            assert (found and found.groups()) == (wanted and wanted.groups())
    assert [m[0] for m in late.finditer("a1b")] == ["a1", "b"]
    assert expression(rb"\xff+").fullmatch(b"\xff\xff") is not None


def test_the_text_is_looked_at_when_it_is_first_used() -> None:
    broken = expression("(")
    with pytest.raises(re.error, match="missing"):
        broken.match("a")


def test_what_no_expression_has_is_no_attribute() -> None:
    assert not hasattr(expression("a"), "matches")


def test_threads_may_use_one_for_the_first_time_at_once() -> None:
    late, found = expression(r"a+"), []
    begin = threading.Barrier(8)

    def use() -> None:
        begin.wait()
        found.append(late.fullmatch("aa") is not None)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8


def test_every_expression_of_gate_compiles() -> None:
    for module in pkgutil.walk_packages(gate.__path__, "gate."):
        if module.name != "gate.__main__":
            importlib.import_module(module.name)
    gc.unfreeze()  # what an earlier test ended as a program does
    every = [one for one in gc.get_objects() if type(one) is expressions.expression]
    assert len(every) > 200
    for one in every:
        assert one.pattern is not None
