"""The steps of an in-toto layout: whose links each has, and whether its rules hold.

Of each stage every step is judged, so that a report names all that are wrong, each once.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from gate.checks.in_toto.signed import (
    LayoutProblem,
    LayoutRefusedError,
    SignedMetadata,
    fingerprint,
)
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
    for keyid in step.pubkeys:
        try:
            key = SSlibKey.from_dict(keyid, dict(keys[keyid]))
            name = fingerprint(key)
        except (ValueError, TypeError, KeyError):
            continue
        signed = [(n, link) for n, link in named if link.verified_by(key)]
        if any(link.payload != signed[0][1].payload for _, link in signed):
            message = f"step {_quoted(step.name)}: key {name} signed links that differ"
            raise LayoutRefusedError(LayoutProblem("layout-links-disagree", message, step.name))
        if signed:
            position, link = signed[0]
            found[name] = StepLink(position, _read(link, step.name))
    if len(found) < max(step.threshold, 1):
        message = (
            f"step {_quoted(step.name)} has {len(found)} links by distinct authorised keys; "
            f"the layout demands {step.threshold}"
        )
        raise LayoutRefusedError(LayoutProblem("layout-step-unproven", message, step.name))
    return found


def _read(signed: SignedMetadata, step: str) -> Any:  # noqa: ANN401  # the library has no types
    from in_toto.models.link import Link  # noqa: PLC0415  # slow to import

    if signed.payload.get("_type") != "link":
        message = f"step {_quoted(step)}: a layout inside a layout is not read"
        raise LayoutRefusedError(LayoutProblem("layout-malformed", message, step))
    try:
        link = Link.read(signed.payload)
    except Exception as problem:
        message = f"step {_quoted(step)}: a link cannot be read: {problem}"
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
                f"step {_quoted(step.name)}: its links disagree on {_shown(_apart(first, others))}"
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


def check_rules(layout: Any, chain: Chain) -> None:  # noqa: ANN401  # the library has no types
    """Check the artifact rules of every step with in-toto's own code. Raises LayoutRefusedError."""
    from in_toto import verifylib  # noqa: PLC0415  # slow to import
    from in_toto.exceptions import RuleVerificationError  # noqa: PLC0415  # likewise

    links = {step.name: next(iter(chain[step.name].values())).link for step in layout.steps}
    problems = []
    for step in layout.steps:
        for kind in ("materials", "products"):
            where = f"step {_quoted(step.name)}, its {kind}"
            rules = getattr(step, f"expected_{kind}")
            try:
                verifylib.verify_item_rules(step.name, kind, rules, links)
            except RuleVerificationError:
                said = _broken(
                    rules, verifylib.RULE_TRACE["trace"], getattr(links[step.name], kind)
                )
                problems.append(LayoutProblem("layout-rule-broken", f"{where}: {said}", step.name))
            except Exception as problem:  # noqa: BLE001  # in-toto says nothing of what it raises
                message = f"{where}: a rule cannot be judged: {problem}"
                problems.append(LayoutProblem("layout-malformed", message, step.name))
    if problems:
        raise LayoutRefusedError(*problems)


def _broken(
    rules: Sequence[Sequence[str]], held: Sequence[Mapping[str, Any]], artifacts: Mapping[str, Any]
) -> str:
    """Return which rule does not hold, after those that do, and for which artifacts.

    in-toto's own sentence lists them in an order that differs from run to run.
    """
    rule, queue = rules[len(held)], held[-1]["queue"] if held else artifacts
    if rule[0].upper() == "REQUIRE":
        return f"REQUIRE {_quoted(rule[1])} does not find it"
    forbidden = set(fnmatch.filter(queue, rule[1]))
    return f"{rule[0].upper()} {_quoted(rule[1])} matches {_shown(forbidden)}"


def _quoted(name: str) -> str:
    return clipped(name, _NAME)


def _shown(names: set[str]) -> str:
    return listed([_quoted(name) for name in sorted(names)], _SHOWN)
