"""The second judge of `gate check`: what the pages for users say of each check, and no more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from tests.judge import glob
from tests.judge.world import (
    HOLDERS,
    PLATFORMS,
    SIGNERS,
    Built,
    Found,
    Holder,
    Image,
    Item,
    Part,
    Sbom,
    Scan,
    Vex,
    World,
)

Answer: TypeAlias = Literal["held", "failed", "undecided"]
RANKS: Final = ("low", "medium", "high", "critical")
_UNKNOWN: Final = 2.5
"""Where an unknown severity is among RANKS: above all but critical."""
_RULES: Final = frozenset({"forbid-packages", "forbid-licenses", "allow-licenses"})
_MOST_AHEAD: Final = 90


def hours(text: str) -> int:
    """Read a duration of the policy."""
    return int(text[:-1]) * {"h": 1, "d": 24, "w": 168}[text[-1]]


@dataclass(frozen=True)
class SecondJudge:
    """Answers each question about the images of a world."""

    world: World

    def cleared(self) -> bool:
        """Tell whether the release may pass."""
        return all(a == "held" for a in self.answers().values())

    def exit_code(self) -> int:
        """Return 0 for cleared, 1 where something failed, 3 where it is only unknown."""
        told = set(self.answers().values())
        return 1 if "failed" in told else 3 if "undecided" in told else 0

    def answers(self) -> dict[tuple[str, str], Answer]:
        """Return the answer to each check of each image, by the image's name."""
        found: dict[tuple[str, str], Answer] = {}
        for image in self.world.images:
            found |= {(image.name, check): a for check, a in self._image(image).items()}
        return found

    def _image(self, image: Image) -> dict[str, Answer]:
        allow = self.world.allow
        entry = next((e for e in self.world.entries if glob.of_image(e["match"], image.name)), None)
        told: dict[str, Answer] = {"images": "failed" if entry is None else "held"}
        if allow and not any(glob.of_repository(a, image.name) for a in allow):
            return told | {"registry": "failed"}
        if allow:
            told["registry"] = "held"
        if entry is None:
            return told
        unknown = image.silent or ("configuration" in entry and image.unread_configuration)
        for check, params in entry.items():
            if check != "match":
                told[check] = "undecided" if unknown else self._check(image, check, params)
        return told

    def _check(self, image: Image, check: str, params: Mapping[str, Any]) -> Answer:
        if check == "digest":
            return "held" if image.pinned else "failed"
        if check == "configuration":
            return self._configuration(image, params)
        evidence = Evidence(image, params, self.world.at)
        answer = evidence.met(COUNTS[check])
        if check == "sbom":
            answer = _with_contents(answer, evidence, params)
        if check == "vulnerabilities":
            return Vulnerabilities(evidence, params, self._waived(image)).answer(answer)
        return answer

    def _configuration(self, image: Image, params: Mapping[str, Any]) -> Answer:
        root = params.get("user") == "not-root" and image.user in {"", "0", "root"}
        age = self.world.at - image.created
        old = "max-age" in params and not 0 <= age <= hours(params["max-age"])
        return "failed" if root or old else "held"

    def _waived(self, image: Image) -> frozenset[str]:
        today, rest = divmod(12 + self.world.at, 24)  # the first moment is noon
        return frozenset(
            w.finding
            for w in self.world.waivers
            if w.check == "vulnerabilities"
            and w.image == image.name
            and today <= w.last_day
            and _ahead(w.last_day, today, rest)
        )


def _ahead(last_day: int, today: int, hour: int) -> bool:
    """Tell whether a day's end is at most 90 days away."""
    return (last_day + 1 - today) * 24 - hour <= _MOST_AHEAD * 24


@dataclass(frozen=True)
class Evidence:
    """What is attached to one image, for one check."""

    image: Image
    params: Mapping[str, Any]
    at: int

    def signed(self, by: Iterable[str]) -> Iterator[Item]:
        """Yield what one of these signers signed about this image."""
        names = tuple(by)
        for item in self.image.items:
            if item.about == "other" or (item.about != "index" and not self.image.platforms):
                continue
            if any(counts_for(item, SIGNERS[name], self.at) for name in names):
                yield item

    def met(self, good: Callable[[Item, Evidence], bool]) -> Answer:
        """Tell whether enough different signers made what counts, where the policy asks for it."""
        least = self.params.get("at-least", 1)
        found: dict[Part, set[object]] = {"index": set(), "amd64": set(), "arm64": set()}
        for item in self.signed(self.params["by"]):
            if item.broken != "predicate-type" and good(item, self):
                found[item.about].add(self._told_apart(item))
        parts = PLATFORMS if self.image.platforms else ("index",)
        index = len(found["index"]) >= least
        platforms = all(len(found[part]) >= least for part in parts)
        wanted = {"index": index, "platforms": platforms, "either": index or platforms}
        if wanted[self.params.get("on", "either")]:
            return "held"
        return "undecided" if self.image.unread else "failed"

    def _told_apart(self, item: Item) -> object:
        if "scanners" in self.params and isinstance(item.said, Scan):
            return item.said.scanner
        return principal(item)


def principal(item: Item) -> Holder:
    """Return the key or the identity that signed, without what does not tell two apart."""
    holder = HOLDERS[item.by]
    return replace(holder, repository="", trigger="")


def counts_for(item: Item, signer: Mapping[str, str], at: int) -> bool:
    """Tell whether this is verifiably by a signer of the policy."""
    holder = HOLDERS[item.by]
    logged = item.signed is not None and item.clock == "log"
    stamped = item.signed is not None and item.clock == "authority"
    if item.broken in {"signature", "payload-type"} or (item.signed or at) > at:
        return False
    if signer.get("timestamp") == "required" and not stamped:
        return False
    if "key" in signer:
        return f"{holder.key}.pub" == signer["key"] and (signer.get("log") != "required" or logged)
    repository = signer["identity"].partition("/.github/")[0]
    return (
        logged
        and not holder.key
        and holder.issuer == signer["issuer"]
        and glob.of_identity(signer["identity"], holder.subject)
        and holder.trigger != "pull_request"
        and holder.repository in {"", repository}
    )


def _is_signature(item: Item, _: Evidence) -> bool:
    return item.said is None


def _is_sbom(item: Item, evidence: Evidence) -> bool:
    said = item.said
    if not isinstance(said, Sbom) or not said.readable:
        return False
    made = said.made if said.made is not None else item.signed
    if len(said.packages) < evidence.params.get("minimum-packages", 1):
        return False
    if said.made is not None and said.made > evidence.at:
        return False
    stated = said.tool and made is not None
    return stated or evidence.params.get("minimum-elements", "document") == "none"


def _with_contents(answer: Answer, evidence: Evidence, params: Mapping[str, Any]) -> Answer:
    """Add what the SBOMs of demanded signers list, where the policy asks for that."""
    if not _RULES & params.keys():
        return answer
    if evidence.image.unread:
        return "undecided"
    found = [
        i.said
        for i in evidence.signed(params["by"])
        if isinstance(i.said, Sbom) and i.broken != "predicate-type"
    ]
    listed = [p.split(" ") for said in found if said.readable for p in said.packages]
    purls = {f"pkg:npm/{name}" for name, _ in listed}
    licences = {licence for _, licence in listed}
    allowed = set(params.get("allow-licenses", licences))
    if any(said.readable for said in found) and not all(said.readable for said in found):
        return "undecided"
    if purls & set(params.get("forbid-packages", ())):
        return "failed"
    if licences & set(params.get("forbid-licenses", ())) or licences - allowed:
        return "failed"
    return answer


def _times(item: Item) -> list[int]:
    said = item.said
    assert isinstance(said, Scan)
    return [t for t in (item.signed, said.finished, said.reported) if t is not None]


def _is_sound(item: Item, evidence: Evidence) -> bool:
    """Tell whether this is a scan that looked at something, not dated after this run."""
    said = item.said
    if not isinstance(said, Scan) or said.form != "read":
        return False
    return all(t <= evidence.at for t in _times(item))


def _is_fresh(item: Item, evidence: Evidence) -> bool:
    said, params, at = item.said, evidence.params, evidence.at
    if not isinstance(said, Scan) or not _is_sound(item, evidence):
        return False
    if said.scanner not in params.get("scanners", [said.scanner]):
        return False
    if item.signed is not None and max(_times(item)) > item.signed:
        return False
    if said.database is not None and said.database > at:
        return False
    if "max-database-age" in params and (
        said.database is None or at - said.database > hours(params["max-database-age"])
    ):
        return False
    return at - min(_times(item)) <= hours(params["max-age"])


def _is_built(item: Item, evidence: Evidence) -> bool:
    said, params = item.said, evidence.params
    return (
        isinstance(said, Built)
        and glob.of_identity(params.get("builder", said.builder), said.builder)
        and params.get("source", said.source) == said.source
        and glob.of_identity(params.get("ref", said.ref), said.ref)
    )


COUNTS: Final[Mapping[str, Callable[[Item, Evidence], bool]]] = {
    "signature": _is_signature,
    "sbom": _is_sbom,
    "scan-age": _is_fresh,
    "vulnerabilities": _is_sound,
    "provenance": _is_built,
}
"""What counts for each check that asks for evidence."""


@dataclass(frozen=True)
class Vulnerabilities:
    """What the newest scans found, and what excuses it."""

    evidence: Evidence
    params: Mapping[str, Any]
    waived: Collection[str]

    def answer(self, met: Answer) -> Answer:
        """Return the answer to the check, of which `met` says whether there are scans enough."""
        newest = list(self._newest())
        found: dict[str, list[tuple[Found, Part]]] = {}
        for item, said in (*newest, *self._partly_ahead()):
            for one in said.found if said.form == "read" else ():
                found.setdefault(one.id, []).append((one, item.about))
        if self.evidence.image.unread:
            return "undecided"
        if any(self._unread(item, said) for item, said in newest):
            return "undecided"
        if any(self._blocks(name, told) for name, told in found.items()):
            return "failed"
        return "undecided" if self._vex_unread(found) else met

    def _scans(self) -> Iterator[tuple[Item, Scan]]:
        for item in self.evidence.signed(self.params["by"]):
            said = item.said
            if isinstance(said, Scan) and item.broken != "predicate-type":
                yield item, said

    def _newest(self) -> Iterator[tuple[Item, Scan]]:
        """Yield the newest scan of each signer, scanner and manifest, of those that count."""
        by_whom: dict[object, list[tuple[Item, Scan]]] = {}
        for item, said in self._scans():
            if said.form == "nothing-scanned" or max(_times(item)) > self.evidence.at:
                continue
            by_whom.setdefault((principal(item), said.scanner, item.about), []).append((item, said))
        for scans in by_whom.values():
            last = max(min(_times(item)) for item, _ in scans)
            yield from (scan for scan in scans if min(_times(scan[0])) == last)

    def _unread(self, item: Item, said: Scan) -> bool:
        """Tell whether a scan cannot be read, and nothing newer by its signer makes up for it."""
        if said.form == "read":
            return False
        for other, read in self._scans():
            if not _is_sound(other, self.evidence) or principal(other) != principal(item):
                continue
            if (read.scanner, other.about) == (said.scanner, item.about):
                return True
        return not any(
            principal(other) == principal(item)
            and other.about in {item.about, "index"}
            and _is_sound(other, self.evidence)
            and min(_times(other)) > min(_times(item))
            for other, _ in self._scans()
        )

    def _partly_ahead(self) -> Iterator[tuple[Item, Scan]]:
        for item, said in self._scans():
            if min(_times(item)) <= self.evidence.at < max(_times(item)):
                yield item, said

    def _blocks(self, name: str, told: list[tuple[Found, Part]]) -> bool:
        if name in self.waived:
            return False
        if name in self.params.get("deny", ()):
            return True
        if not any(self._severe(one) for one in _together([o for o, _ in told])):
            return False
        dates = [one.published for one, _ in told if one.published is not None]
        grace = hours(self.params["grace"]) if "grace" in self.params else -1
        if dates and 0 <= self.evidence.at - min(dates) <= grace:
            return False
        return not all(self._excused(name, part) for _, part in told)

    def _severe(self, one: Found) -> bool:
        threshold = self.params["fail-on"]
        if not one.fixed:
            threshold = self.params.get("fail-on-unfixable", threshold)
        if threshold == "never":
            return False
        return one.severity == "UNKNOWN" or _rank(one) >= RANKS.index(threshold)

    def _vex(self) -> Iterator[tuple[Item, Vex]]:
        for item in self.evidence.signed(self.params.get("vex", ())):
            if isinstance(item.said, Vex) and item.broken != "predicate-type":
                yield item, item.said

    def _excused(self, name: str, part: Part) -> bool:
        """Tell whether the newest word about a finding on a manifest is that it does no harm."""
        about = [
            (min(said.made, item.signed if item.signed is not None else said.made), said)
            for item, said in self._vex()
            if said.readable and said.id == name
        ]
        good = [w for w, s in about if _excuses(s) and s.about == part and w <= self.evidence.at]
        bad = [w for w, s in about if not _excuses(s) and s.about in {part, "index"}]
        return bool(good) and (not bad or max(good) > max(bad))

    def _vex_unread(self, found: Mapping[str, object]) -> bool:
        excused = any(
            said.readable and _excuses(said) and said.id in found for _, said in self._vex()
        )
        return excused and any(not said.readable for _, said in self._vex())


def _together(told: list[Found]) -> list[Found]:
    """Return one vulnerability with the highest severity, fixed and not as scanners say."""
    worst = max(told, key=_rank)
    return [replace(worst, fixed=fixed) for fixed in {one.fixed for one in told}]


def _rank(one: Found) -> float:
    return _UNKNOWN if one.severity == "UNKNOWN" else RANKS.index(one.severity.lower())


def _excuses(said: Vex) -> bool:
    return said.status in {"fixed", "not_affected"}
