"""The steps of an in-toto layout: whose links each has, and whether they agree.

Of each stage every step is judged, so that a report names all that are wrong, each once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, TypeAlias

from gate.checks.in_toto.signed import (
    LayoutProblem,
    LayoutRefusedError,
    SignedMetadata,
    fingerprint,
)
from gate.keys.public import MalformedKey
from gate.model.image import Digest
from gate.model.records import dataclass
from gate.model.words import clipped, listed

_SHOWN: Final = 5
_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class StepLink:
    """A link that an authorised key signed."""

    position: int
    """Which of the links that were given it is."""
    link: Any
    """in-toto's own link."""


Chain: TypeAlias = Mapping[str, Mapping[Digest, StepLink]]
"""Of each step, by its name: its links, by the fingerprint of the key that signed."""


def chain_of(layout: Any, links: Sequence[SignedMetadata]) -> Chain:  # noqa: ANN401  # the library has no types
    """Return the links of each step. Raises LayoutRefusedError, which names every step."""
    chain: dict[str, Mapping[Digest, StepLink]] = {}
    problems: list[LayoutProblem] = []
    for step in layout.steps:
        try:
            chain[step.name] = _links_of(step, layout.keys, links)
        except LayoutRefusedError as refused:
            problems += refused.problems
    if problems:
        raise LayoutRefusedError(*problems)
    return chain


def _links_of(step: Any, keys: Any, links: Sequence[SignedMetadata]) -> Mapping[Digest, StepLink]:  # noqa: ANN401  # as above
    from securesystemslib.signer import SSlibKey  # noqa: PLC0415  # slow to import

    named = [(n, link) for n, link in enumerate(links) if link.payload.get("name") == step.name]
    found: dict[Digest, StepLink] = {}
    refused: list[str] = []
    for keyid in step.pubkeys:
        try:
            key = SSlibKey.from_dict(keyid, dict(keys[keyid]))
            name = fingerprint(key)
        except MalformedKey as problem:
            refused.append(f"; its key {keyid[:8]} does not count: {problem}")
            continue
        except (ValueError, TypeError, KeyError):
            continue
        signed = [(n, link) for n, link in named if link.verified_by(key)]
        if any(link.payload != signed[0][1].payload for _, link in signed):
            message = f"step {quoted(step.name)}: key {name} signed links that differ"
            raise LayoutRefusedError(LayoutProblem("layout-links-disagree", message, step.name))
        if signed:
            position, link = signed[0]
            found[name] = StepLink(position, _read(link, step.name))
    least = max(step.threshold, 1)
    if len(found) < least:
        message = (
            f"step {quoted(step.name)} has {len(found)} links by distinct authorised keys; "
            f"the layout demands {least}{''.join(refused)}"
        )
        raise LayoutRefusedError(LayoutProblem("layout-step-unproven", message, step.name))
    return found


def _read(signed: SignedMetadata, step: str) -> Any:  # noqa: ANN401  # the library has no types
    from in_toto.models.link import Link  # noqa: PLC0415  # slow to import

    if signed.payload.get("_type") != "link":
        message = f"step {quoted(step)}: a layout inside a layout is not read"
        raise LayoutRefusedError(LayoutProblem("layout-malformed", message, step))
    for part in ("materials", "products"):
        if part not in signed.payload:
            message = f"step {quoted(step)}: a link does not say its {part}"
            raise LayoutRefusedError(LayoutProblem("layout-malformed", message, step))
    try:
        link = Link.read(signed.payload)
    except Exception as problem:
        message = f"step {quoted(step)}: a link cannot be read: {problem}"
        raise LayoutRefusedError(LayoutProblem("layout-malformed", message, step)) from problem
    return link


def check_thresholds(layout: Any, chain: Chain) -> None:  # noqa: ANN401  # the library has no types
    """Check that links agree where a step demands several. Raises LayoutRefusedError."""
    problems = []
    for step in layout.steps:
        first, *others = (found.link for found in chain[step.name].values())
        if step.threshold > 1 and any(
            (first.materials, first.products) != (o.materials, o.products) for o in others
        ):
            message = (
                f"step {quoted(step.name)}: its links disagree on {shown(_apart(first, others))}"
            )
            problems.append(LayoutProblem("layout-links-disagree", message, step.name))
    if problems:
        raise LayoutRefusedError(*problems)


def _apart(first: Any, others: Sequence[Any]) -> set[str]:  # noqa: ANN401  # in-toto's own links
    """Return the names of artifacts that links state differently."""
    return {
        str(name)
        for other in others
        for ours, theirs in (
            (first.materials, other.materials),
            (first.products, other.products),
        )
        for name in {*ours, *theirs}
        if ours.get(name) != theirs.get(name)
    }


def quoted(name: str) -> str:
    """Return what a sentence shows of a name that others chose."""
    return clipped(name, _NAME)


def shown(names: Collection[str]) -> str:
    """Return the first of some names, sorted, and how many more there are."""
    return listed([quoted(name) for name in sorted(names)], _SHOWN)
