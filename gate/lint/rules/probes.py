"""Whether somebody asks containers how they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import mapping
from gate.lint.facts.view import Container
from gate.lint.rule import References, Scope, Violation, lint_rule
from gate.model.verdict import Action, Severity


@lint_rule(
    "no-liveness-probe",
    Severity.LOW,
    Action.WARN,
    Scope.CONTAINER,
    References(
        peers={
            "kube-linter": ("no-liveness-probe",),
            "checkov": ("CKV_K8S_8",),
            "kubescape": ("configured-liveness-probe",),
            "polaris": ("livenessProbeMissing",),
        }
    ),
)
def no_liveness_probe(container: Container) -> Iterator[Violation]:
    """Long-running containers have a liveness probe.

    Why: without one, a process that hangs is never restarted.

    Passes when: livenessProbe is set. Jobs and init containers need none,
    except an init container that goes on running (restartPolicy: Always).

    Remedy: Add a livenessProbe.
    """
    if _is_probed(container) and not mapping(container.value.get("livenessProbe")):
        yield Violation("there is no liveness probe", (*container.path, "livenessProbe"))


@lint_rule(
    "no-readiness-probe",
    Severity.LOW,
    Action.WARN,
    Scope.CONTAINER,
    References(
        peers={
            "kube-linter": ("no-readiness-probe",),
            "checkov": ("CKV_K8S_9",),
            "kubescape": ("configured-readiness-probe",),
            "polaris": ("readinessProbeMissing",),
            "kube-score": ("Pod Probes",),
            "kyverno": ("require-pod-probes",),
        }
    ),
)
def no_readiness_probe(container: Container) -> Iterator[Violation]:
    """Long-running containers have a readiness probe.

    Why: without one, a container gets traffic before it can answer.

    Passes when: readinessProbe is set. Jobs and init containers need none,
    except an init container that goes on running (restartPolicy: Always).

    Remedy: Add a readinessProbe.
    """
    if _is_probed(container) and not mapping(container.value.get("readinessProbe")):
        yield Violation("there is no readiness probe", (*container.path, "readinessProbe"))


@lint_rule(
    "identical-probes",
    Severity.LOW,
    None,
    Scope.CONTAINER,
    References(peers={"kube-score": ("Pod Probes Identical",), "kyverno": ("validate-probes",)}),
)
def identical_probes(container: Container) -> Iterator[Violation]:
    """Liveness and readiness are different questions.

    Why: with the same probe, a container that is merely busy is killed.

    Passes when: the two probes differ.

    Remedy: Make the liveness probe the weaker one.
    """
    live = mapping(container.value.get("livenessProbe"))
    if live and live == container.value.get("readinessProbe"):
        yield Violation("both probes ask the same", (*container.path, "livenessProbe"))


def _is_probed(container: Container) -> bool:
    return container.is_long_running and not container.pod.is_job


RULES: Final = (
    no_liveness_probe,
    no_readiness_probe,
    identical_probes,
)
