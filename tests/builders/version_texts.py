"""Texts that are versions of an ecosystem, or nearly: with them orders are held to references."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

WORDS = (
    *("alpha", "beta", "rc", "a", "b", "m", "milestone", "snapshot", "SNAPSHOT", "ga", "final"),
    *("release", "sp", "jre", "cr", "dev", "x", "pre", "canary", "next", "Final", "z", "p", "git"),
)


def _number(random: Random) -> str:
    return str(random.choice((0, 1, 2, 9, 10, 11, 100, 2023, random.randrange(10**10))))


def _some(random: Random, least: int, most: int, *parts: Callable[[], str]) -> str:
    return "".join(random.choice(parts)() for _ in range(random.randrange(least, most)))


def semantic(random: Random) -> str:
    """Return three numbers, most with what leads to a release."""
    text = ".".join(_number(random) for _ in range(3))
    if random.random() < 0.7:
        parts = [
            random.choice((_number(random), random.choice(WORDS), f"{random.choice(WORDS)}1", "0a"))
            for _ in range(random.randrange(1, 4))
        ]
        text += "-" + ".".join(parts)
    return text + random.choice(("", "", "", "+build.1", "+incompatible"))


def golang(random: Random) -> str:
    """Return a tag, or a pseudo-version."""
    base = f"v{_number(random)}.{_number(random)}.{_number(random)}"
    stamp = f"2023{random.randrange(10**10):010}-abcdef012345"
    pseudo = random.choice((f"{base}-0.{stamp}", f"{base}-rc.1.0.{stamp}", f"v0.0.0-{stamp}"))
    return pseudo if random.random() < 0.3 else f"v{semantic(random)}"


def pep440(random: Random) -> str:
    """Return a release with any of an epoch, a pre-, post-, development and local part."""
    text = random.choice(("", "", "1!", "v"))
    text += ".".join(_number(random) for _ in range(random.randrange(1, 5)))
    text += random.choice(("", "", "a1", ".beta2", "c", "-pre3", "_preview", "rc4"))
    text += random.choice(("", "", ".post1", "-2", ".rev3", "post"))
    text += random.choice(("", "", ".dev1", "dev", "-dev2"))
    return text + random.choice(("", "", "", "+acme.1", "+01", "+ubuntu"))


def debian(random: Random) -> str:
    """Return an upstream version, most with a revision, some with an epoch."""

    def part() -> str:
        return _some(random, 1, 6, lambda: _number(random), lambda: random.choice(".+~abzAZ"))

    revision = f"-{part()}" if random.random() < 0.7 else ""
    return random.choice(("", "", "1:", "0:")) + _number(random) + part() + revision


def rpm(random: Random) -> str:
    """Return a version of RPM without its release."""
    return _number(random) + _some(
        random,
        1,
        6,
        lambda: _number(random),
        lambda: random.choice("._+~^"),
        lambda: random.choice(WORDS),
    )


def alpine(random: Random) -> str:
    """Return a version of Alpine."""
    text = _number(random)
    for _ in range(random.randrange(4)):
        text += "." + random.choice(("", "", "0", "00")) + _number(random)
    text += random.choice(("", "", "", "a", "z"))
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        text += "_" + random.choice(("alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"))
        text += random.choice(("", _number(random)))
    text += random.choice(("", "", "", "~abc", "~0"))
    return text + random.choice(("", f"-r{_number(random)}"))


def maven(random: Random) -> str:
    """Return numbers and words with dots, dashes and nothing between them."""
    text = random.choice((_number(random), _number(random), random.choice(WORDS)))
    for _ in range(random.randrange(6)):
        text += random.choice((".", "-", ".", "-", "", ".-", "-.", "..", "_", "+"))
        text += random.choice((_number(random), random.choice(WORDS), "0", "00", "01"))
    return text


def _near(text: str, random: Random) -> str:
    """Return a text that differs from another in one place."""
    at = random.randrange(1, len(text) + 1)
    return random.choice((text[:at], text[:at] + random.choice("019.~_ab") + text[at:]))


def pairs(
    make: Callable[[Random], str], count: int, *, seed: int = 20
) -> Iterator[tuple[str, str]]:
    """Yield pairs of texts, half of them nearly alike."""
    random = Random(seed)  # noqa: S311  # the same texts in every run
    for _ in range(count):
        one = make(random)
        yield one, make(random) if random.random() < 0.5 else _near(one, random)
