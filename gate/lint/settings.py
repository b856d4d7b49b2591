"""What a policy asks of lint, checked against the rules that exist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from gate.lint.profiles import PARAMETERS, actions_of
from gate.lint.rule import ParameterValue, Rule, Scope, Violation
from gate.lint.rules import RULES, rule_named
from gate.model.kubernetes import KubernetesObject
from gate.model.records import dataclass
from gate.model.verdict import Action, Finding
from gate.policy.profile import LintDemands, Profile

if TYPE_CHECKING:
    from gate.lint.baseline import Baseline

ALWAYS: Final = frozenset(
    (
        *("yaml-parse-error", "yaml-duplicate-key", "yaml-limits", "image-missing"),
        *("mixed-file", "incomplete-object", "list-items", "input-not-read"),
    )
)
"""Rules that no policy can soften: what does not parse or names no image was not judged."""

_KNOWN: Final = frozenset(rule.name for rule in RULES)
_HEARD: Final = frozenset(("unjudged-image",))
"""Rules that a policy may soften and not silence: what runs unseen is at least said."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A rule with its action and its parameters."""

    rule: Rule
    action: Action
    run: Callable[..., Iterable[Any]]
    softens: bool = False
    """Whether a doubtful violation warns, with every action."""
    complete: bool = False
    """Whether the policy says that nothing lies outside of the manifests."""

    def action_for(self, violation: Violation) -> Action:
        """Return what one violation does."""
        doubtful = violation.doubtful or (violation.elsewhere and not self.complete)
        return Action.WARN if self.softens and doubtful else self.action


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Which rules run, what their findings do, and what may be silenced."""

    bound: tuple[Bound, ...]
    suppressible: frozenset[str]
    complete: bool
    baseline: Baseline | None = None
    """What is known already; None where nobody asks for a baseline."""
    never_known: frozenset[str] = ALWAYS
    """Rules whose findings no baseline excuses: those that nothing softens, and those that the
    policy itself says block."""
    definitions: tuple[KubernetesObject, ...] = ()
    """Definitions of custom kinds that are not among the manifests."""
    patches: frozenset[str] = frozenset()
    """Custom kinds of which the policy says that their pods patch those of an operator."""
    folds: bool = False
    """Whether rules that imply each other report one finding; the profiles that others wrote
    report each."""

    def actions(self) -> dict[str, Action]:
        """Return the action of each rule that runs."""
        return {b.rule.name: b.action for b in self.bound}

    def judge(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Give findings made while files were read the action that the policy says."""
        actions = self.actions()
        return tuple(
            replace(f, action=actions.get(f.rule, f.action))
            for f in findings
            if f.rule in actions or f.rule not in _KNOWN
        )


NO_RULES: Final = LintSettings(
    tuple(
        Bound(rule, rule.default, rule.run)
        for rule in RULES
        if rule.scope is Scope.FILE and rule.default is not None
    ),
    frozenset(),
    complete=False,
)
"""What a policy without a `manifests` section asks: what is decided while files are read,
with the action that it has in every profile."""


def check_rules(section: LintDemands) -> None:
    """Refuse a section that names rules or parameters that do not exist.

    Raises ValueError whose text begins with the field's path, as in
    `warn[2]: no rule is called 'x'`.
    """
    lists = {"block": section.block, "warn": section.warn, "off": section.off}
    seen: dict[str, str] = {}
    for field, names in (*lists.items(), ("suppressible", section.suppressible)):
        for index, name in enumerate(names or ()):
            place = f"{field}[{index}]"
            rule = rule_named(name)
            if rule is None:
                _refuse(place, f"no rule is called {name!r}")
            if name in _HEARD and field == "off":
                _refuse(place, f"{name} cannot be off: warn, or name the field under images")
            if name in ALWAYS and field != "block":
                _refuse(place, f"{name} always blocks: what it finds was not judged")
            if field in lists and seen.setdefault(name, field) != field:
                _refuse(place, f"{name} is under {seen[name]} too")
    for name, values in section.parameters.items():
        rule = rule_named(name)
        if rule is None:
            _refuse(f"parameters.{name}", f"no rule is called {name!r}")
        else:
            _check_parameters(rule, values)


def lint_settings(section: LintDemands, baseline: Baseline | None = None) -> LintSettings:
    """Return the settings that a section asks for. Raises ValueError as check_rules does."""
    check_rules(section)
    actions = actions_of(section.profile)
    for names, action in (
        (section.block, Action.BLOCK),
        (section.warn, Action.WARN),
        (section.off, None),
    ):
        actions.update(dict.fromkeys(names or (), action))
    minor = int(section.kubernetes_version.partition(".")[2])
    by_profile = section.profile in (Profile.GATE, Profile.ALL)
    demanded = frozenset(section.block or ())
    bound = tuple(
        Bound(
            rule,
            _softened(rule, action, section),
            _bind(rule, section, minor),
            softens=by_profile and rule.name not in demanded,
            complete=section.complete,
        )
        for rule in RULES
        if (action := actions[rule.name]) is not None
    )
    return LintSettings(
        bound,
        frozenset(section.suppressible or ()),
        section.complete,
        baseline,
        ALWAYS | frozenset(section.block or ()),
        patches=frozenset(section.patches or ()),
        folds=by_profile,
    )


def _softened(rule: Rule, action: Action, section: LintDemands) -> Action:
    return Action.WARN if rule.referential and not section.complete else action


def _bind(rule: Rule, section: LintDemands, minor: int) -> Callable[..., Iterable[Any]]:
    named = {
        **PARAMETERS.get(section.profile, {}).get(rule.name, {}),
        **section.parameters.get(rule.name, {}),
    }
    values: dict[str, Any] = {
        p.name.replace("-", "_"): named.get(p.name, p.default) for p in rule.parameters
    }
    if rule.versioned:
        values["kubernetes"] = minor
    return partial(rule.run, **values) if values else rule.run


def _check_parameters(rule: Rule, values: Mapping[str, ParameterValue]) -> None:
    known = {p.name: p for p in rule.parameters}
    for name, value in values.items():
        place = f"parameters.{rule.name}.{name}"
        parameter = known.get(name)
        if parameter is None:
            names = ", ".join(sorted(known)) or "none"
            _refuse(place, f"{rule.name} has no parameter {name!r}; it has: {names}")
        elif value.__class__ is not parameter.default.__class__:
            wanted = {int: "a whole number", bool: "true or false", str: "text", tuple: "a list"}
            _refuse(place, f"must be {wanted[parameter.default.__class__]}")


def _refuse(place: str, problem: str) -> None:
    msg = f"{place}: {problem}"
    raise ValueError(msg)
