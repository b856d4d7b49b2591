"""Why no attestation satisfies a check: the reason that came nearest, and what to do.

Each attestation is verified and counts, or is present but unsigned, by another signer,
about another image, of another predicate, unreadable, or not there at all. An image's
evidence is complete (what could not be asked never gets this far), so that
"absent" is a fact and not a guess.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final, Generic, Self, TypeVar

from gate.checks.demand.base import SignedParams
from gate.model import words
from gate.model.evidence import AttachedKind, ImageEvidence, Rejection
from gate.model.image import Digest
from gate.model.predicates import Predicate, Unreadable
from gate.model.records import dataclass
from gate.predicates.image_signature import SIMPLE_SIGNING
from gate.predicates.types import IMAGE_SIGNATURE

P = TypeVar("P", bound=Predicate)

_CLOSE: Final = 0.75
_SHOWN: Final = 3
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfalls:
    """The reason codes of one check, for each way in which evidence can be missing.

    Each is written out at its check, as in `absent="sbom-absent"`, so that a search finds it.
    """

    absent: str
    incomplete: str
    not_verified: str
    too_few: str
    unreadable: str
    unsigned: str
    wrong_predicate: str
    wrong_signer: str
    wrong_subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought(Generic[P]):
    """What a check looks for among an image's evidence."""

    codes: Shortfalls
    """Its reason codes for what every check on evidence can lack."""
    noun: str
    """With its article, as in `an SBOM`."""
    kind: type[P]
    types: tuple[str, ...]
    """Predicate type URIs that name it, the usual one first."""
    remedy: str
    """The next step where there is none."""
    of_artifact: str = ""
    """That step for a chart or a bundle of manifests, with {name} where its name goes; empty where
    it is the same as for an image."""
    more: str = ""
    """The next step where there are too few; empty: another of the signers."""
    layers: Collection[AttachedKind] = ()
    """Ways of wrapping that can hold nothing else."""

    def on(self, image: ImageEvidence) -> Self:
        """Return what is sought with the next step that fits: an artifact is no image."""
        if not image.is_artifact or not self.of_artifact:
            return self
        named = self.of_artifact.replace("{name}", str(image.image.reference))
        return replace(self, remedy=named)

    def claimed_by(self, rejection: Rejection) -> bool:
        """Whether rejected bytes claim to be what is looked for."""
        return rejection.predicate_type in self.types or rejection.kind in self.layers


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an attestation does not count."""

    code: str
    """In kebab-case."""
    message: str
    remedy: str
    rank: float = 0
    """How near it came to counting; of several, the highest is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted, and what was not."""

    good: frozenset[Digest]
    """Digests that have at least one attestation that counts."""
    refused: tuple[tuple[Refused, ...], ...]
    """Of each on a digest that needs more, whichever way of meeting `on` it belongs to, all that
    is wrong, the first first."""
    lacking: Mapping[Digest, int]
    """Digests with too few that count, and how many."""


def explain(
    sought: Sought[P], image: ImageEvidence, asked: SignedParams, tally: Tally
) -> tuple[Refused, ...]:
    """Return all that is wrong with what came nearest to satisfying the check."""
    return _not_good_enough(tally) or (_missing(sought, image, asked, tally),)


def _missing(sought: Sought[P], image: ImageEvidence, asked: SignedParams, tally: Tally) -> Refused:
    return (
        _too_few(sought, asked, tally)
        or _not_everywhere(sought, image, tally)
        or _unreadable(sought, image, asked)
        or _wrong_signer(sought, image, asked)
        or _rejected(sought, image)
        or _wrong_predicate(sought, image, asked)
        or _absent(sought, image, asked)
    )


def _not_good_enough(tally: Tally) -> tuple[Refused, ...]:
    """Return what is wrong with the nearest: by the first thing, and then by how few there are."""
    return max(
        tally.refused,
        key=lambda r: (r[0].rank, -len(r), [(one.code, one.message) for one in r]),
        default=(),
    )


def _too_few(sought: Sought[P], asked: SignedParams, tally: Tally) -> Refused | None:
    some = min((n for n in tally.lacking.values() if n), default=0)
    if not some:
        return None
    return Refused(
        sought.codes.too_few,
        f"{some} of the {asked.at_least} that the policy demands attest {sought.noun}",
        sought.more or f"have another of {_names(asked.by)} attest it",
    )


def _not_everywhere(sought: Sought[P], image: ImageEvidence, tally: Tally) -> Refused | None:
    if not tally.good:
        return None
    platforms = {p.digest: str(p.platform) for p in image.image.platforms}
    bare = sorted(platforms.get(d, "the index") for d in tally.lacking)
    return Refused(
        sought.codes.incomplete,
        f"{sought.noun} is attested, but not for {_names(bare)}",
        "attest every platform, or the index where `on` allows it",
    )


def _unreadable(sought: Sought[P], image: ImageEvidence, asked: SignedParams) -> Refused | None:
    broken = sorted(
        f"{_names(a.signers)} attests {sought.noun} that cannot be read: {a.predicate.problem}"
        for a in image.attested(Unreadable, by=asked.by)
        if a.predicate_type in sought.types
    )
    return Refused(sought.codes.unreadable, clipped(broken[0]), sought.remedy) if broken else None


def _wrong_signer(sought: Sought[P], image: ImageEvidence, asked: SignedParams) -> Refused | None:
    others = sorted(
        f"it is by {a.identity}, which the policy calls {_names(a.signers)}"
        for a in image.attestations
        if isinstance(a.predicate, sought.kind) and set(a.signers).isdisjoint(asked.by)
    ) + _messages(sought, image, _OTHER_SIGNER)
    if not others:
        return None
    return Refused(
        sought.codes.wrong_signer,
        clipped(f"{sought.noun} is there, but not by {_names(asked.by)}: {others[0]}"),
        _near_miss(sought, image)
        or f"have {_names(asked.by)} sign it, or name its signer in the policy",
    )


def _near_miss(sought: Sought[P], image: ImageEvidence) -> str:
    """Return the remedy of what one field keeps from counting; empty where nothing came so near."""
    near = (r for r in image.rejections if r.code in _OTHER_SIGNER and sought.claimed_by(r))
    return min((r.remedy for r in near if r.remedy), default="")


_OTHER_SIGNER: Final = ("wrong-signer", "signer-mismatch")
_ELSEWHERE: Final = ("wrong-subject", "subject-mismatch")
"""Reason codes of what is signed by a demanded signer, and about something else."""
_UNSIGNED: Final = "unsigned"


def _rejected(sought: Sought[P], image: ImageEvidence) -> Refused | None:
    if found := _messages(sought, image, _ELSEWHERE):
        what = f"{sought.noun} is there, but about something else: {found[0]}"
        return Refused(sought.codes.wrong_subject, clipped(what), sought.remedy)
    # A signature that does not verify was meant to count; a bare statement never was.
    broken = sorted(
        (f"{r.message} [{r.code}]", r.remedy)
        for r in image.rejections
        if sought.claimed_by(r) and r.code != _UNSIGNED
    )
    if broken:
        said, remedy = broken[0]
        what = f"{sought.noun} is there, but does not verify: {said}"
        return Refused(sought.codes.not_verified, clipped(what), remedy or sought.remedy)
    if found := _messages(sought, image, (_UNSIGNED,)):
        what = f"{sought.noun} is there, but {found[0]}"
        return Refused(sought.codes.unsigned, clipped(what), sought.remedy)
    return None


def _messages(sought: Sought[P], image: ImageEvidence, codes: Collection[str]) -> list[str]:
    return sorted(r.message for r in image.rejections if r.code in codes and sought.claimed_by(r))


def _wrong_predicate(
    sought: Sought[P], image: ImageEvidence, asked: SignedParams
) -> Refused | None:
    import difflib  # noqa: PLC0415  # where evidence is missing alone

    claimed = {
        *(a.predicate_type for a in image.attestations if not set(a.signers).isdisjoint(asked.by)),
        *(r.predicate_type for r in image.rejections if r.code == "not-understood"),
    }
    for stated in sorted(filter(None, claimed.difference(sought.types))):
        meant = difflib.get_close_matches(stated, sought.types, n=1, cutoff=_CLOSE)
        if meant:
            return Refused(
                sought.codes.wrong_predicate,
                clipped(f"a statement has the predicate type {stated}: is {meant[0]} meant?"),
                f"attest it again with the predicate type {meant[0]}",
            )
    return None


_NOUNS: Final = dict.fromkeys((*IMAGE_SIGNATURE, SIMPLE_SIGNING), "a signature of the image")
"""Predicate types that nobody reads as what they are."""


def _absent(sought: Sought[P], image: ImageEvidence, asked: SignedParams) -> Refused:
    other = sorted({_NOUNS.get(a.predicate_type, a.predicate_type) for a in image.attestations})
    besides = f"; what is attached: {_names(other)}" if other else ""
    refused = sorted({r.code for r in image.rejections if r.predicate_type is None})
    if refused:
        besides += f"; what else is attached does not count: {_names(refused)}"
    notes = "".join(f"; {note.said}" for note in image.place_notes)
    return Refused(
        sought.codes.absent,
        clipped(f"{sought.noun} by {_names(asked.by)} is not attached{besides}") + notes,
        "; or ".join((sought.remedy, *(note.remedy for note in image.place_notes))),
    )


def clipped(message: str) -> str:
    """Shorten a message that quotes foreign text."""
    return words.clipped(message, _LONGEST)


def _names(names: Collection[str]) -> str:
    return words.listed(names, _SHOWN)
