"""Streams of YAML and JSON manifests, ordinary and odd, made from a seed.

Most are nearly right: what a tool reads differently from another is seldom noise.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from tests.interop.kubernetes.scraps import (
    KEYS,
    NOISE,
    PLAIN,
    QUOTED,
    SEPARATORS,
    TAGS,
    TAME_PLAIN,
    TAME_QUOTED,
    TAME_SEPARATORS,
    TAME_TAGS,
)


def stream(seed: int) -> bytes:
    """Return the stream of a seed; the same in every run."""
    random = _Dice(seed)
    text = _json_stream(random) if random.random() < 0.12 else _yaml_stream(random)
    for _ in range(random.choice((0, 1, 1, 2)) if random.is_odd(0.3) else 0):
        text = _spoil(random, text)
    if random.random() < 0.08:
        text = text.replace("\n", "\r\n")
    if random.random() < 0.1:
        text = text.rstrip("\n")
    return text.encode("utf-8", "surrogatepass")


class _Dice(Random):
    """Random numbers, and how odd one stream is: one thing that all refuse hides all others."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._oddness = super().choice((0.0, 0.03, 0.1, 0.3, 1.0))

    def is_odd(self, share: float = 1.0) -> bool:
        """Whether to choose something odd here."""
        return self.random() < self._oddness * share

    def one_of(self, tame: Sequence[str], odd: Sequence[str]) -> str:
        """Return one of the ordinary, or seldom one of the odd."""
        found: str = self.choice(odd if self.is_odd() else tame)
        return found


def _spoil(random: _Dice, text: str) -> str:
    at = random.randrange(len(text) + 1)
    cut = random.choice((0, 0, 0, 1, 1, 2, 5))
    put: str = random.choice(
        (*NOISE, "", "", *SEPARATORS, "\n---\n", "\n--- # a: |\n", "  ", "&a ", "*a")
    )
    return text[:at] + put + text[at + cut :]


def _yaml_stream(random: _Dice) -> str:
    parts = []
    for number in range(random.choice((1, 1, 1, 2, 2, 3))):
        if number or random.random() < 0.3:
            parts.append(random.one_of(TAME_SEPARATORS, SEPARATORS))
        parts.append(_object(random, number))
    if random.random() < 0.1:
        parts.append(random.one_of(TAME_SEPARATORS, SEPARATORS))
    return "".join(parts)


def _object(random: _Dice, number: int) -> str:
    head = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: n{number}}}\n"
    choice = random.random()
    if choice < 0.06:
        flow = _Maker(random).flow(3)
        return f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: n{number}}}, v: {flow}}}\n"
    if choice < 0.1:
        return json.dumps(_json_object(random, number)) + "\n"
    if choice < 0.18:
        kind = random.one_of(("List", "ConfigMapList"), ("Fool", "FooList", "ListA"))
        items = random.one_of(("", "[]"), ("null", "{}", "{a: b}", "1"))
        if items == "" and not random.is_odd():
            inner = _object(random, number).replace("\n", "\n  ").rstrip(" ")
            items = f"\n- {inner}"
        return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: n{number}}}\nitems: {items}\n"
    maker = _Maker(random)
    body = "".join(
        f"{key}:{maker.value(1)}" for key in random.sample(KEYS, random.choice((1, 1, 2, 3)))
    )
    if random.random() < 0.1:
        indent = random.choice((" ", "  "))
        text = head + body
        return indent + text.rstrip("\n").replace("\n", "\n" + indent) + "\n"
    return random.choice(("", "", "", "# a\n", "\n", " # a\n", "  \n")) + head + body


def _json_stream(random: _Dice) -> str:
    tame = ("\n", "", " ", "\n\n", "\r\n")
    between = ("\t", "\n---\n", "---", "\n# a\n", ",", "\u00a0", "\n...\n", "\n--- # a\n")
    text = random.one_of(
        ("", "", "\n", " "), ("\t", "\u00a0", "\ufeff", "\u3000", "---\n", "# a\n")
    )
    for number in range(random.choice((1, 1, 2, 2, 3))):
        indent = random.choice((None, None, 2))
        value: Any = _json_object(random, number)
        written = json.dumps(value, indent=indent, ensure_ascii=random.random() < 0.7)
        odd = random.one_of(
            ("1", "1.0", "1e3", "-0", '"\\/"', '"\\u0000"'),
            (
                "1",
                "1.0",
                "1e3",
                "-0",
                "1E400",
                "01",
                "0x1",
                '"\\ud83d"',
                '"\\/"',
                '"\\u0000"',
                "yes",
                "a",
                "'a'",
                "1152921504606846976.0",
                '"\t"',
            ),
        )
        text += written.replace('"@"', odd) + random.one_of(tame, between)
    return text


def _json_object(random: _Dice, number: int) -> Any:  # noqa: ANN401  # any JSON
    def value(depth: int) -> Any:  # noqa: ANN401  # any JSON value
        choices: tuple[Callable[[], Any], ...] = (
            lambda: random.choice((0, 1, -1, 10**19, 2**63, 1.5, 1e20, 1e300, True, None, "@")),
            lambda: random.choice(
                ("", "a", "é", "\U0001f600", "\\ud83d", "a: b", "#", "---", "\ue03d", "yes")
            ),
            lambda: [value(depth - 1) for _ in range(random.randrange(3))] if depth else [],
            lambda: (
                {
                    random.choice((*KEYS, "\U0001f600", "1", "<<", "")): value(depth - 1)
                    for _ in range(random.randrange(3))
                }
                if depth
                else {}
            ),
        )
        found: Any = random.choice(choices)()
        return found

    if random.random() < 0.1:
        items = [_json_object(random, number) for _ in range(random.randrange(3))]
        return {
            "apiVersion": "v1",
            "kind": random.one_of(("List", "AList"), ("A",)),
            "items": items,
        }
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": f"n{number}"},
        "v": value(3),
    }


class _Maker:
    """Values of one document, which share anchors."""

    def __init__(self, random: _Dice) -> None:
        self._random = random
        self._anchors: list[str] = []
        self._mappings: list[str] = []
        """Names of anchors that are mappings, whose keys no other mapping has."""

    def value(self, depth: int) -> str:
        """Return what follows the colon of a key at this depth, from 0, with its line ends."""
        random = self._random
        chosen = random.random()
        indent = "  " * depth
        if chosen < 0.32 or depth > 4:
            return f" {self._properties()}{self._scalar(indent)}{self._comment()}\n"
        if chosen < 0.42:
            return f" {self._properties()}{self._block(indent)}"
        if chosen < 0.56:
            return f" {self._properties()}{self.flow(2)}{self._comment()}\n"
        if chosen < 0.62 and self._anchors:
            return f" *{random.choice(self._anchors)}{self._comment()}\n"
        properties = self._properties()
        if chosen < 0.75:
            deeper = random.choice((indent, indent[2:]))
            items = [f"{deeper}-{self.value(depth + 1)}" for _ in range(random.randrange(1, 3))]
            return f" {properties}\n{''.join(items)}"
        mapping = self._mapping(depth)
        if chosen > 0.9:
            properties = f"&m{len(self._mappings)}"
            self._mappings.append(properties[1:])
        return f" {properties}\n{mapping}"

    def _mapping(self, depth: int) -> str:
        indent = "  " * depth
        lines = []
        for _ in range(self._random.choice((1, 2, 2, 3))):
            key = self._key()
            written = f"? {key}\n{indent}:" if self._random.is_odd(0.3) else f"{key}:"
            if key == "<<" and self._mappings:
                value = f" *{self._random.choice(self._mappings)}\n"
            else:
                value = self.value(depth + 1)
            lines.append(f"{indent}{written}{value}")
        return "".join(lines)

    def _key(self) -> str:
        random = self._random
        chosen = random.random()
        if not random.is_odd():
            fresh = f"{random.choice(KEYS)}{random.randrange(10)}"
            return "<<" if chosen < 0.2 and self._mappings else fresh
        if chosen < 0.5:
            return random.choice(KEYS)
        if chosen < 0.7:
            return "<<"
        if chosen < 0.8:
            return f"{self._properties()}{random.choice(KEYS)}"
        if chosen < 0.93:
            return random.one_of(TAME_PLAIN, PLAIN)
        return random.one_of(TAME_QUOTED, QUOTED)

    def _properties(self) -> str:
        random = self._random
        text = ""
        if random.random() < 0.15:
            name = f"p{len(self._anchors)}"
            if random.is_odd(0.5):
                name = random.choice(("p0", "p1", "p-1", "é", "p.q"))
            self._anchors.append(name)
            text += f"&{name} "
        if random.random() < 0.04:
            text += f"{random.one_of(TAME_TAGS, TAGS)} "
        return text

    def _scalar(self, indent: str) -> str:
        random = self._random
        chosen = random.random()
        if chosen < 0.6:
            return random.one_of(TAME_PLAIN, PLAIN)
        if chosen < 0.8:
            return random.one_of(TAME_QUOTED, QUOTED)
        if chosen < 0.9:
            return f"a\n{indent}{random.choice(('', ' '))}{random.one_of(TAME_PLAIN, PLAIN)}"
        return "".join(
            random.choice("0123456789+-.eExob_abc:~ ") for _ in range(random.randrange(1, 7))
        )

    def _block(self, indent: str) -> str:
        random = self._random
        head = random.choice("|>") + random.one_of(("", "-", "+"), ("2", "1-", "+2", "3"))
        lines = [
            random.one_of((indent, indent, indent + " "), (indent[1:], ""))
            + random.choice(("a", "# a", "", "- a", "a: b", "\ta", "---", "...", " "))
            for _ in range(random.randrange(4))
        ]
        return (
            head
            + random.choice(("", "", " # a", " "))
            + "\n"
            + "".join(f"{line}\n" for line in lines)
        )

    def _comment(self) -> str:
        return self._random.one_of(("", "", "", " # a"), ("", " #", "\t# a", "#a"))

    def flow(self, depth: int) -> str:
        """Return a mapping, a sequence or a scalar on one line, or nearly so."""
        random = self._random
        if depth == 0 or random.random() < 0.3:
            if self._anchors and random.random() < 0.15:
                return f"*{random.choice(self._anchors)}" + random.choice(("", " "))
            return self._properties() + random.choice(
                (random.one_of(TAME_PLAIN, PLAIN), random.one_of(TAME_QUOTED, QUOTED))
            )
        comma = random.one_of((", ", ", ", ", ", ",\n    "), (",", " , ", ",\n"))
        parts = []
        for _ in range(random.randrange(4)):
            if random.random() < 0.5:
                parts.append(self.flow(depth - 1))
            else:
                colon = random.one_of((": ",), (":", " : ", ":\n "))
                parts.append(f"{self._key()}{colon}{self.flow(depth - 1)}")
        if random.random() < 0.6:
            kept = [p for p in parts if ":" in p] or ["a: b"]
            return f"{self._properties()}{{{comma.join(kept)}}}"
        return f"{self._properties()}[{comma.join(parts)}]"
