"""What of a policy answers each item, and what a pass proves of it. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from typing import Final

from gate.explain.evidence_map import cis, cra, nist_800_190, owasp, slsa, ssdf
from gate.explain.evidence_map.item import (
    PASSES,
    REGISTRIES,
    REVOCATIONS,
    Framework,
    FrameworkItem,
)
from gate.lint.rule import Rule
from gate.lint.rules import RULES
from gate.lint.settings import lint_settings
from gate.model.records import dataclass
from gate.model.verdict import Action
from gate.policy.document import Policy

FRAMEWORKS: Final[Mapping[str, Framework]] = {
    one.FRAMEWORK.name: one.FRAMEWORK for one in (ssdf, slsa, cis, owasp, cra, nist_800_190)
}
PROVES: Final = {
    "signature": "signers that the policy names signed the image's digest",
    "digest": "the name of the image cannot be moved to other bytes",
    "provenance": "a signed statement says that the named builder made the digest from its source",
    "layout": "the steps of an in-toto layout were done by whom it names",
    "sbom": "a signed list of components is about the digest, and lists nothing that is forbidden",
    "vulnerabilities": "the newest signed scans list nothing that the policy does not take, but "
    "for the waivers that the pass carries",
    "scan-age": "the digest was scanned lately, with a database of that time",
    "configuration": "the image's own configuration says what the policy demands",
    "pass": "another run cleared the digest for the environment, under a policy that is named",
    REGISTRIES: "every image is from an allowed registry",
    PASSES: "the verdict is signed, with the evidence that it rests on, and has an end",
    REVOCATIONS: "the list of ended passes was asked for, and was fresh",
}
"""What holds of a release that has a pass, for each check."""
RULES_PROVE: Final = (
    "no object of the release breaks these rules, but for what the pass lists as waived or silenced"
)


class AnswerState(enum.StrEnum):
    """Whether a policy answers an item."""

    NOTHING = "nothing in gate"
    """No check or rule speaks to it."""
    NOT_ASKED = "not asked by this policy"
    """Something does, and the policy does not ask it."""
    IN_PART = "in part"
    """Only some entries ask for a check, or only some of the rules block."""
    ANSWERED = "answered"
    """Every entry asks for one of the checks, and every rule that speaks to it blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAnswer:
    """One item with what answers it."""

    item: FrameworkItem
    state: AnswerState
    asked: tuple[tuple[str, int, int], ...] = ()
    """Checks that the policy asks: the name, by how many entries, and of how many."""
    rules: tuple[str, ...] = ()
    """Rules of lint that block."""
    speaking: int = 0
    """How many rules of lint speak to it, blocking or not."""
    could: tuple[str, ...] = ()
    """Checks that the policy could ask, and `rules of lint` where rules could block."""

    @property
    def proofs(self) -> tuple[str, ...]:
        """What a pass proves of the item."""
        found = [PROVES[name] for name, _, _ in self.asked]
        return (*found, RULES_PROVE) if self.rules else tuple(found)


def answers(framework: Framework, policy: Policy) -> tuple[ItemAnswer, ...]:
    """Return the answer to each item: those without one first, else as the framework has them."""
    every = [_answer(item, policy, _blocking(policy)) for item in framework.items]
    order = list(AnswerState)
    return tuple(sorted(every, key=lambda one: order.index(one.state)))


def _answer(item: FrameworkItem, policy: Policy, blocking: frozenset[str]) -> ItemAnswer:
    counts = [(name, *_asked(name, policy)) for name in item.checks]
    asked = tuple(one for one in counts if one[1])
    speaking = [rule.name for rule in RULES if not set(item.tags).isdisjoint(_tags(rule))]
    rules = tuple(sorted(name for name in speaking if name in blocking))
    could = [name for name, by, _ in counts if not by]
    if speaking and not rules:
        could.append("rules of lint")
    if not counts and not speaking:
        state = AnswerState.NOTHING
    elif not asked and not rules:
        state = AnswerState.NOT_ASKED
    elif (not counts or any(by == of for _, by, of in asked)) and len(rules) == len(speaking):
        state = AnswerState.ANSWERED
    else:
        state = AnswerState.IN_PART
    return ItemAnswer(
        item=item, state=state, asked=asked, rules=rules, speaking=len(speaking), could=tuple(could)
    )


def _asked(name: str, policy: Policy) -> tuple[int, int]:
    """Return how many entries ask for something, and of how many: 1 of 1 for the whole policy."""
    if name == REGISTRIES:
        return int(policy.allowed is not None), 1
    if name == PASSES:
        return int(policy.passes is not None), 1
    if name == REVOCATIONS:
        return int(policy.revocations is not None), 1
    return sum(name in entry.checks for entry in policy.images), len(policy.images)


def _blocking(policy: Policy) -> frozenset[str]:
    if policy.manifests is None:
        return frozenset()
    actions = lint_settings(policy.manifests).actions()
    return frozenset(name for name, action in actions.items() if action is Action.BLOCK)


def _tags(rule: Rule) -> Iterator[str]:
    named = rule.references
    for kind, value in (
        ("cis", named.cis),
        ("owasp-2022", named.owasp_2022),
        ("owasp-2025", named.owasp_2025),
    ):
        if value is not None:
            yield f"{kind} {value}"
