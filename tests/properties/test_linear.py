"""No text from outside costs more than time that grows with its length.

What grows with the square of a text of 200,000 characters takes 40 billion steps, minutes where
what is linear takes a fraction of a second: the guard counts seconds of the processor, ends such
a run, and lets a slow machine be slow.
"""

from __future__ import annotations

import ast
import functools
import importlib
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from gate.checks.provenance import matches
from gate.documents.scalars import resolve
from gate.errors import GateError
from gate.model.expressions import expression
from gate.model.image import ImageReference
from gate.packages import licenses
from gate.packages.purl import parsed, plain_name
from gate.packages.versions import ORDERS, compare
from gate.policy.match_identity import IdentityPattern
from gate.predicates.verification_summary import parse as parse_summary
from gate.registry.http.question import HttpAnswer
from gate.registry.http.url import Url
from gate.registry.login.challenge import parse_challenge
from gate.registry.remote.referrers import next_page
from gate.reports import neutral

LONG = 200_000
SECONDS = 5.0
"""Of the processor. What is linear takes at most a fraction of one; a square takes over forty."""


@contextmanager
def ends(within: float = SECONDS) -> Iterator[None]:
    """Raise TimeoutError where the block takes longer than this, of the processor's time."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        msg = f"not done after {within} s of the processor"
        raise TimeoutError(msg)

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, within)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def long(*tokens: str, end: str = "!") -> list[str]:
    """Return a text of 200,000 characters for each token."""
    return [token * (LONG // len(token)) + end for token in tokens]


NEUTRAL = long(
    "#", "##", "##a", "::", "::a", "section_", "[", "](", "{", "{1", "@", "@a", "&", "www."
)
TEXTS: dict[str, tuple[Callable[[str], object], list[str]]] = {
    **{
        name: (functools.partial(getattr(neutral, name), limit=2 * LONG), NEUTRAL)
        for name in ("terminal", "sarif", "markdown", "markdown_code", "command_data")
    },
    "references": (
        ImageReference.parse,
        long("a", "a.", "a-", "a__", "a/", "a:", "@", "A", "[", ":1", "a.a-", "::"),
    ),
    "challenges": (
        lambda text: parse_challenge(f"Bearer {text}", "host"),
        long("a", 'a="', 'a="b",', 'a="b", ', " ", '"', "realm="),
    ),
    "links": (
        lambda text: next_page(
            HttpAnswer(200, {"link": text}, b"", Url.parse("https://host/a")),
            Url.parse("https://host/a"),
            host="host",
        ),
        long("<", "<a>", "<a> ", "<a>;", "<a>; rel", " ", ";", "<a>; rel=next "),
    ),
    "purls": (parsed, long("pkg:npm/a", "pkg:", "%", "%41", "/", "@", "?a=b&")),
    "package names": (plain_name, long("-", "-_.", "a-")),
    "versions": (
        lambda text: [compare(kind, text, text) for kind in ORDERS],
        long("1", "1.", "a", "-", "1-", "v", "1:", "~", "a1", "1.0-a.", "_", "1!", "^"),
    ),
    "licences": (
        lambda text: licenses.forbidden(text, ["AGPL-3.0-only"]),
        long("a", "a.", "-", "(", ") ", "a OR ", "GPL-2.0-with-", "AGPL-3.0-only "),
    ),
    "identities": (
        IdentityPattern("https://github.com/acme/shop/.github/workflows/a*a*a*b.yml@r").matches,
        long("a", "/", "@", "a/", "https://github.com/acme/shop/.github/workflows/a"),
    ),
    "builders": (
        lambda text: matches("https://a/" + "a*" * 100 + "b", f"https://a/{text}"),
        long("a", "/", "@", "a/", "a@"),
    ),
    "scalars": (resolve, long("1", "1_", "0x", "0b1", "1e", ".", "-", "1.")),
    "summaries": (
        lambda text: parse_summary({"verifier": {"id": text}, "timeVerified": text}),
        long("2", "2026-01-01T00:00:00.", "Z"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "number"), [(name, n) for name, (_, texts) in TEXTS.items() for n in range(len(texts))]
)
def test_a_text_of_200_000_characters_is_read_or_refused(name: str, number: int) -> None:
    read, texts = TEXTS[name]
    with ends():
        try:
            read(texts[number])
        except (ValueError, GateError):
            return  # refused: what matters here is that it ends


def test_the_guard_finds_what_grows_with_the_square() -> None:
    slow = re.compile(r"(?:file|expir\w*)s?$")
    with pytest.raises(TimeoutError), ends(0.5):
        slow.search("expir" * 200_000 + "-")


AtFirstUse: type = type(expression(""))
"""What gate compiles when it is first asked."""
USES = ("search", "findall", "finditer", "sub", "split", "match", "fullmatch")
N = 20_000
"""Long enough that a square takes more than the guard's second."""


def expressions() -> Iterator[tuple[str, str, str, re.Pattern[str]]]:
    """Yield each compiled expression of gate with the module, its name and how it is asked."""
    for path in sorted(Path("gate").rglob("*.py")):
        text = path.read_text()
        if "re.compile(" not in text and "expression(" not in text:
            continue
        name = ".".join(path.with_suffix("").parts)
        values = vars(importlib.import_module(name))
        asked = {
            (node.value.id, node.attr)
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.attr in USES
        }
        for constant, use in sorted(asked):
            if isinstance(values.get(constant), re.Pattern | AtFirstUse):
                yield name, constant, use, values[constant]


EXPRESSIONS = list(expressions())


def attacks(form: re.Pattern[Any]) -> Iterator[str]:
    """Yield texts made of what an expression itself names, repeated, with an end that fits none."""
    source = form.pattern if isinstance(form.pattern, str) else form.pattern.decode()
    words = {
        w for w in re.findall(r"[A-Za-z:/@#<-]{2,12}", source) if w not in ("re", "a-z", "A-Z")
    }
    tokens = {"a", "A", "0", " ", "-", ".", "_", ":", "/", "@", "#", "=", "a.", "a-", "0.", "\n"}
    for token in sorted(tokens | words):
        repeated = token * (N // len(token))
        yield f"{repeated}\0"
        for word in sorted(words)[:3]:
            yield f"{word}{repeated}\0"


def test_the_expressions_are_found() -> None:
    assert len(EXPRESSIONS) > 50


@pytest.mark.parametrize(
    ("use", "form"),
    [(use, form) for _, _, use, form in EXPRESSIONS],
    ids=[f"{module}.{name}.{use}" for module, name, use, _ in EXPRESSIONS],
)
def test_no_expression_takes_a_choice_back_again_and_again(use: str, form: re.Pattern[Any]) -> None:
    for text in attacks(form):
        given: Any = text if isinstance(form.pattern, str) else text.encode()
        arguments = (given[:0], given) if use == "sub" else (given,)
        with ends(1):
            found = getattr(form, use)(*arguments)
            if use == "finditer":
                list(found)
