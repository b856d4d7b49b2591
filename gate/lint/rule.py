"""What a lint rule is."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.records import dataclass
from gate.model.verdict import Action, Severity

if TYPE_CHECKING:
    from gate.lint.facts.whole import Whole

_LABELS: Final = ("Why", "Passes when", "Remedy")


WORKLOADS: Final = frozenset(
    (
        *("Deployment", "DaemonSet", "DeploymentConfig", "StatefulSet", "ReplicaSet", "Pod"),
        *("ReplicationController", "Job", "CronJob"),
    )
)
"""Kinds that run pods, or are one, as KubeLinter counts them."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where a rule does not hold."""

    message: str
    path: Path
    """The field, from the object's root; it need not exist."""
    container: str | None = None
    doubtful: bool = False
    """Whether it may well be meant so: where the profile `gate` would block, it warns.
    A policy that names the rule under `block`, and every other profile, blocks all the same."""
    elsewhere: bool = False
    """Whether what decides it may lie outside of the manifests: doubtful too, unless the policy
    says that they are complete. Example: a limit of memory that the namespace's LimitRange sets."""
    of_parts: bool = False
    """Whether it is true of a part of a pod too, which leaves out what something else sets."""
    fault: Path | None = None
    """The field whose change mends it, where that is not `path`: findings that share it, of
    rules that imply each other, are one."""


class Scope(enum.Enum):
    """What a rule is asked about, one call for each."""

    CONTAINER = "container"
    """Each container of each pod."""
    POD = "pod"
    """Each pod, in any kind that holds it."""
    IMAGE = "image"
    """Each place where an object names an image, in a container or not."""
    AMONG = "among"
    """Each pod, with what the rule gathered of all objects before."""
    CONTENTS = "contents"
    """Each object with the pods that it holds and the images that it names."""
    OBJECT = "object"
    """Each object, of the rule's kinds where it names some."""
    FIELDS = "fields"
    """Each object with what its fields should be, and are not."""
    SET = "set"
    """All objects at once."""
    FILE = "file"
    """Decided while files are read, in `gate.manifests.load`."""


class Standard(enum.StrEnum):
    """A level of the Pod Security Standards.

    https://kubernetes.io/docs/concepts/security/pod-security-standards/
    """

    BASELINE = "baseline"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What others call the same demand."""

    pss: Standard | None = None
    admission: tuple[str, ...] = ()
    """Checks of the Pod Security admission controller that this rule decides."""
    cis: str | None = None
    """The control of the CIS Kubernetes Benchmark v1.12, section 5."""
    owasp_2022: str | None = None
    owasp_2025: str | None = None
    peers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names in other linters."""


ParameterValue: TypeAlias = bool | int | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that a policy may set about one rule."""

    name: str
    """As the policy writes it; the rule's function takes it with underscores."""
    default: ParameterValue
    """Its type is the parameter's type."""
    doc: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One question put to manifests.

    `run` is pure and takes what its scope says, at scope AMONG then what `gathers` returned
    of all objects, then its parameters by name, then
    `kubernetes` (the minor version) where `versioned`. It yields Violations; at scope SET,
    pairs of the object and its Violation. It never raises on any shape of input.
    """

    name: str
    severity: Severity
    default: Action | None
    """What the profile `gate` does about a violation; None where the rule is off."""
    scope: Scope
    run: Callable[..., Iterable[Any]]
    references: References
    kinds: frozenset[str] = frozenset()
    parameters: tuple[Parameter, ...] = ()
    versioned: bool = False
    referential: bool = False
    """Whether it asks that something is among the manifests; such a rule blocks only
    where the policy says that they are complete."""
    gathers: Callable[[Whole], object] | None = None
    """What a rule of scope AMONG needs to know of all objects, and None at any other scope. It
    keeps no object and no part of one: all of them are let go before the rule is asked."""

    @cached_property
    def sections(self) -> dict[str, str]:
        """The parts of the docstring: headline, Why, Passes when, Remedy, each on one line."""
        paragraphs = (inspect.getdoc(self.run) or "").split("\n\n")
        parts = {"headline": paragraphs[0]}
        for paragraph in paragraphs[1:]:
            label, _, rest = " ".join(paragraph.split()).partition(": ")
            if label in _LABELS:
                parts[label] = rest
        return parts

    @cached_property
    def remedy(self) -> str:
        """The next step, one sentence."""
        return self.sections.get("Remedy", "")


def lint_rule(
    name: str,
    severity: Severity,
    default: Action | None,
    scope: Scope,
    references: References,
    *,
    kinds: frozenset[str] = frozenset(),
    parameters: tuple[Parameter, ...] = (),
    versioned: bool = False,
    referential: bool = False,
    gathers: Callable[[Whole], object] | None = None,
) -> Callable[[Callable[..., Iterable[Any]]], Rule]:
    """Make the rule whose question is the function below it.

    `@lint_rule("host-pid", Severity.HIGH, …)` above `def host_pid(pod)` makes `host_pid` a Rule.

    It registers nothing: a rule is asked because its topic's `RULES` names it.
    """

    def of(run: Callable[..., Iterable[Any]]) -> Rule:
        return Rule(
            name=name,
            severity=severity,
            default=default,
            scope=scope,
            run=run,
            references=references,
            kinds=kinds,
            parameters=parameters,
            versioned=versioned,
            referential=referential,
            gathers=gathers,
        )

    return of


SetViolation: TypeAlias = tuple[KubernetesObject, Violation]
