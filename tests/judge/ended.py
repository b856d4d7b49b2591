"""Lists of ended passes: what one can say, what can be wrong with it, and what the pages say then.

Written from docs/pass.md, docs/policy.md and docs/errors.md, as the second judge is.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final, Literal, TypeAlias, get_args

What: TypeAlias = Literal[
    "image",
    "amd64",
    "release",
    "policy",
    "signer",
    "other image",
    "other release",
    "other policy",
    "other signer",
]
"""What a line ends: a part of this release, or something that it has nothing to do with."""
State: TypeAlias = Literal[
    "there",
    "absent",
    "silent",
    "malformed",
    "of another place",
    "signed by another",
    "not signed",
    "another is signed",
    "unread",
]
Seen: TypeAlias = Literal["", "an older", "the same", "a newer", "its twin"]
"""Which list was seen on this machine before."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list."""

    what: What
    image: str
    """The name of the image, where the line is about one."""
    since: int | None = None
    """Of a signer: hours after the run of `gate check`."""


@dataclass(frozen=True, slots=True)
class EndedList:
    """The list that a deploy policy names, as it is found when the deployment is."""

    lines: tuple[Line, ...] = ()
    state: State = "there"
    age: int = 0
    """For how many hours it is there; less than 0 for one that is dated to come."""
    lasts: int = 168
    """Hours from when it was made to its own end."""
    max_age: int = 24
    """What the policy takes, in hours."""
    seen: Seen = ""

    def known(self) -> bool:
        """Tell whether somebody knows from it which passes are ended."""
        return (
            self.state == "there"
            and 0 <= self.age <= min(self.max_age, self.lasts)
            and self.seen not in {"a newer", "its twin"}
        )


_WHATS: Final[tuple[What, ...]] = get_args(What)
_STATES: Final[tuple[State, ...]] = get_args(State)
_SEEN: Final[tuple[Seen, ...]] = get_args(Seen)


def some_list(random: Random, names: tuple[str, ...]) -> EndedList:
    """Draw a list: mostly one that is in order and says something."""

    def seldom(of: float = 0.1) -> bool:
        return random.random() < of

    lines = tuple(_line(random, names) for _ in range(random.choice((0, 1, 1, 1, 2))))
    return EndedList(
        lines=lines,
        state=random.choice(_STATES) if seldom(0.25) else "there",
        age=random.choice((0, 1, 5, 23)) if not seldom() else random.choice((-1, 24, 25, 200)),
        lasts=random.choice((168, 168, 24, 5)),
        max_age=random.choice((24, 24, 24, 6, 300)),
        seen=random.choice(_SEEN) if seldom(0.3) else "",
    )


def _line(random: Random, names: tuple[str, ...]) -> Line:
    what = random.choice(_WHATS)
    signer = what in {"signer", "other signer"}
    since = random.choice((None, -1, 0, 1)) if signer else None
    return Line(what, random.choice(names), since)
