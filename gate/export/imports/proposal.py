"""The policy that imported demands add up to.

In gate the first entry that matches an image decides. So a narrow entry takes over the demands of
each wider one, and nothing that a wide pattern demanded is lost where another begins.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from itertools import combinations
from typing import Any

from gate.export.imports.lint_said import LintSaid, together
from gate.model.records import dataclass
from gate.policy.glob import ANY, covers
from gate.policy.match import ImagePattern
from gate.policy.profile import Profile
from gate.policy.pydantic_alone import ValidationError
from gate.policy.signers import KeylessSigner, KeySigner
from gate.policy.yaml_scalar import scalar


@dataclass(frozen=True, slots=True)
class Ask:
    """That so many of these signers must have signed."""

    by: tuple[str, ...]
    at_least: int = 1

    def both(self, other: Ask) -> Ask | None:
        """Return what demands both; None where one list of signers cannot say it."""
        if self == other:
            return self
        if self.at_least == len(self.by) and other.at_least == len(other.by):
            every = tuple(sorted({*self.by, *other.by}))
            return Ask(every, len(every))
        return None


@dataclass(slots=True)
class ImportedPolicy:
    """Collects signers, entries and rules. Everything in it is as the policy's reader takes it."""

    signers: dict[str, dict[str, Any]] = field(default_factory=dict)
    entries: dict[str, dict[str, Ask]] = field(default_factory=dict)
    digests: set[str] = field(default_factory=set)
    """Patterns whose images must have a digest."""
    apart: dict[str, dict[str, Ask]] = field(default_factory=dict)
    """What tools demand of which one rule alone counts for an image, the narrowest: it is not
    handed down."""
    linters: dict[str, LintSaid] = field(default_factory=dict)
    """What each linter's configuration demands, by the linter's name."""
    waivers: list[dict[str, str]] = field(default_factory=list)

    def signer(self, name: str, said: dict[str, Any]) -> str:
        """Return the name of a signer, which is added where it is new.

        Raises ValueError where the policy could not have it, with the reason.
        """
        kind = KeySigner if "key" in said else KeylessSigner
        try:
            kind.model_validate(said)
        except ValidationError as error:
            raise ValueError(_reason(error)) from error
        for known, other in self.signers.items():
            if other == said:
                return known
        base = "".join(c if c.isalnum() or c == "-" else "-" for c in name.lower()).strip("-")
        base = base[:40] or "signer"
        called = next(
            n for n in (base, *(f"{base}-{i}" for i in range(2, 10_000))) if n not in self.signers
        )
        self.signers[called] = said
        return called

    def ask(self, pattern: str, check: str, ask: Ask, *, apart: bool = False) -> bool:
        """Demand something of the images of a pattern; False where another demand is in the way.

        `apart` says that what a wider pattern of the same tool demands is not asked of them too.
        Raises ValueError for a pattern that the policy could not have.
        """
        ImagePattern(pattern)
        self.entries.setdefault(pattern, {})
        checks = (self.apart if apart else self.entries).setdefault(pattern, {})
        both = checks[check].both(ask) if check in checks else ask
        if both is None:
            return False
        checks[check] = both
        return True

    def digest(self, pattern: str) -> None:
        """Demand a digest of the images of a pattern. Raises ValueError."""
        ImagePattern(pattern)
        self.digests.add(pattern)
        self.entries.setdefault(pattern, {})

    def linter(self, tool: str, profile: Profile) -> LintSaid:
        """Return what a linter demands, which may be added to; it asks for a profile at least."""
        said = self.linters.setdefault(tool, LintSaid(profile))
        said.widened(profile)
        return said

    def waive(self, said: dict[str, str]) -> None:
        """Add a waiver, as the policy's reader takes it; the same one is there once."""
        if said not in self.waivers:
            self.waivers.append(said)

    @property
    def empty(self) -> bool:
        """Whether nothing was carried."""
        return not self.entries and not self.linters and not self.waivers

    def settled(self) -> Iterator[str]:
        """Hand the demands of wide entries down to narrow ones; yield what could not be."""
        for narrow in self.entries:
            for wide in self.entries:
                if narrow != wide and covers(wide, narrow):
                    yield from self._hand_down(wide, narrow)
        for pattern, checks in self.apart.items():
            yield from self._join(pattern, checks)
            for narrow in self.entries:
                if narrow not in self.apart and covers(pattern, narrow):
                    yield from self._join(narrow, checks)
        yield from together(self.linters)[1]
        if not self.entries:
            yield "a policy says something of images, so this one asks each for a digest"
        for one, other in combinations([p for p in self.entries if "*" in p], 2):
            if not covers(one, other) and not covers(other, one) and _may_meet(one, other):
                yield f"an image that {one} and {other} match meets the first of them alone"

    def _hand_down(self, wide: str, narrow: str) -> Iterator[str]:
        if wide in self.digests:
            self.digests.add(narrow)
        for check, ask in self.entries[wide].items():
            held = self.entries[narrow].get(check)
            both = held.both(ask) if held else ask
            if both is not None:
                self.entries[narrow][check] = both
                continue
            yield (
                f"images of {narrow} must also meet {check} of {wide}, and one entry cannot say "
                "both: the narrower one is kept"
            )

    def _join(self, pattern: str, checks: Mapping[str, Ask]) -> Iterator[str]:
        for check, ask in checks.items():
            held = self.entries[pattern].get(check)
            both = held.both(ask) if held else ask
            if both is not None:
                self.entries[pattern][check] = both
                continue
            yield f"two tools demand other signers of {check} of {pattern}: one is kept"

    def text(self) -> str:
        """Return the policy, narrow patterns first."""
        lines = ["version: 1", *self._signer_lines(), "images:"]
        for pattern, checks in sorted(self.entries.items(), key=lambda e: _width(e[0])):
            lines.append(f"  - match: {scalar(pattern)}")
            if pattern in self.digests:
                lines.append("    digest: required")
            for check, ask in sorted(checks.items()):
                many = f", at-least: {ask.at_least}" if ask.at_least > 1 else ""
                lines.append(f"    {check}: {{by: [{', '.join(map(scalar, ask.by))}]{many}}}")
        if not self.entries:
            lines += ['  - match: "**"', "    digest: required"]
        lines += [*self._manifest_lines(), *self._waiver_lines()]
        return "".join(f"{line}\n" for line in lines)

    def _manifest_lines(self) -> Iterator[str]:
        said, _ = together(self.linters)
        if said is None:
            return
        yield "manifests:"
        yield f"  profile: {said.profile}"
        for key in ("block", "warn", "off", "exclude"):
            if named := getattr(said, key):
                yield f"  {key}: [{', '.join(scalar(one) for one in sorted(named))}]"

    def _waiver_lines(self) -> Iterator[str]:
        if self.waivers:
            yield "waivers:"
        for said in sorted(self.waivers, key=lambda one: tuple(one.values())):
            yield "  - " + ", ".join(f"{key}: {scalar(text)}" for key, text in said.items()).join(
                "{}"
            )

    def _signer_lines(self) -> Iterator[str]:
        if self.signers:
            yield "signers:"
        for name, said in sorted(self.signers.items()):
            yield f"  {scalar(name)}:"
            for key, value in said.items():
                yield from _field(key, value)


def _field(key: str, value: object) -> Iterator[str]:
    if isinstance(value, str) and "\n" in value:
        yield f"    {key}: |"
        yield from (f"      {line}" for line in value.strip().splitlines())
    elif isinstance(value, list):
        yield f"    {key}: [{', '.join(scalar(str(one)) for one in value)}]"
    else:
        yield f"    {key}: {scalar(str(value))}"


def _width(pattern: str) -> tuple[int, int, int, str]:
    """Return what patterns are sorted by: a pattern comes before each that covers it."""
    segments = pattern.split("/")
    return (segments.count(ANY), pattern.count("*"), -len(pattern), pattern)


def _may_meet(one: str, other: str) -> bool:
    """Whether two patterns may match one image, as far as what is before their first * says."""
    left, right = one.partition("*")[0], other.partition("*")[0]
    return left.startswith(right) or right.startswith(left)


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    return str(first["msg"]).removeprefix("Value error, ")


def union(names: Collection[str]) -> Ask:
    """Return that any one of these signers must have signed."""
    return Ask(tuple(sorted(set(names))))
