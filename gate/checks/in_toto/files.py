"""An in-toto layout that the policy names, and links from the folders of the run.

Nobody attests the set: the layout is the policy's own, and its functionaries signed the links.
Each folder is the links of one run, and an image counts that any of them proves: one folder
more can only help.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from gate.checks.demand.base import Check, Level
from gate.checks.demand.counting import ways
from gate.checks.demand.shortfall import clipped
from gate.checks.in_toto.signed import REMEDIES, LayoutProblem
from gate.checks.in_toto.verify import Proven, verify_all
from gate.model.evidence import ImageEvidence
from gate.model.identity import KeyIdentity
from gate.model.image import Digest
from gate.model.link_files import LinkFolder
from gate.model.records import dataclass
from gate.model.signed_file import SignedFile
from gate.model.verdict import Failed, Outcome, Passed, Undecided
from gate.policy.referenced import ReferencedFile

_NONE = LinkFolder("")
_LINKS = "give the folder of this run's link files with --links"


@dataclass(frozen=True, slots=True)
class _Proof:
    folder: LinkFolder
    proven: Proven


def judge_files(
    check: Check[Any],
    image: ImageEvidence,
    layout: ReferencedFile,
    *,
    keys: Sequence[str],
    on: Level,
    now: datetime,
) -> Outcome:
    """Pass when the products of the last step are the image, where the policy wants it.

    A folder that could not be read wholly proves nothing; where no other does, it is undecided.
    """
    proofs: list[_Proof] = []
    refused: list[tuple[LayoutProblem, ...]] = []
    folders = sorted(image.links, key=lambda f: f.path) or [_NONE]
    for folder in folders:
        if folder.problem:
            continue
        proven, problems = _verified(layout, folder, keys, now)
        if proven is not None and not problems:
            proofs.append(_Proof(folder, proven))
        elif proven is not None and not any(proven.products.issuperset(d) for d in ways(image, on)):
            refused.append(
                (*problems, LayoutProblem("layout-another-product", _elsewhere(image, on)))
            )
        else:
            refused.append(problems)
    for digests in ways(image, on):
        used = [next((p for p in proofs if d in p.proven.products), None) for d in digests]
        proving = [p for p in used if p is not None]
        if len(proving) == len(digests):
            return Passed(files=_relied_on(layout, proving), until=proving[0].proven.last_second)
    unread = [f.problem for f in folders if f.problem]
    if unread:
        return Undecided(
            "layout-links-unreadable",
            clipped(min(unread)),
            "give a folder that holds the link files themselves, and nothing that cannot be read",
        )
    return Failed(
        tuple(_findings(check, image, on, bool(proofs), refused)),
        until=proofs[0].proven.last_second if proofs else None,
        lacking=True,
    )


def _verified(
    layout: ReferencedFile, folder: LinkFolder, keys: Sequence[str], now: datetime
) -> tuple[Proven | None, tuple[LayoutProblem, ...]]:
    contents = [link.content for link in folder.links]
    names = [f"the link {link.name}" for link in folder.links]
    return verify_all(layout.content, contents, keys, now, names=names)


def _relied_on(layout: ReferencedFile, proofs: Iterable[_Proof]) -> tuple[SignedFile, ...]:
    files = set()
    for proof in proofs:
        files.add(_signed(Digest.of(layout.content), proof.proven.owners))
        for number, keys in proof.proven.links.items():
            files.add(_signed(proof.folder.links[number].digest, keys))
    return tuple(sorted(files))


def _signed(digest: Digest, keys: Iterable[Digest]) -> SignedFile:
    return SignedFile(digest, tuple(sorted(map(KeyIdentity, keys))))


def _findings(
    check: Check[Any],
    image: ImageEvidence,
    on: Level,
    proven: bool,  # noqa: FBT001  # of a private function
    refused: Sequence[tuple[LayoutProblem, ...]],
) -> Iterator[Any]:
    """Yield what the run that came nearest lacks: of several, the one with least wrong."""
    if proven:
        remedy = REMEDIES["layout-another-product"]
        yield check.finding(image, "layout-another-product", _elsewhere(image, on), remedy=remedy)
        return
    nearest = min(refused, key=lambda problems: (len(problems), [_key(p) for p in problems]))
    for problem in nearest:
        absent = problem.code == "layout-step-unproven" and not image.links
        yield check.finding(
            image,
            problem.code,
            clipped(problem.message),
            remedy=_LINKS if absent else problem.remedy,
            id=problem.step,
        )


def _elsewhere(image: ImageEvidence, on: Level) -> str:
    lacking = ", ".join(str(d) for d in ways(image, on)[0][:3])
    return f"no product of the last step is {lacking}, so the layout says nothing of it"


def _key(problem: LayoutProblem) -> tuple[str, str]:
    return problem.code, problem.message
