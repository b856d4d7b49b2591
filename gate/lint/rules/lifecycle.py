"""How pods come and go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, mappings, text
from gate.lint.facts.view import Pod
from gate.lint.rule import Parameter, References, Scope, Violation, lint_rule
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "priority-class-name",
    Severity.LOW,
    None,
    Scope.POD,
    References(
        peers={
            "kube-linter": ("priority-class-name",),
            "polaris": ("priorityClassNotSet",),
            "kyverno": ("require-pod-priorityclassname",),
        }
    ),
    parameters=(
        Parameter(
            "accepted",
            ("system-cluster-critical", "system-node-critical"),
            "Names that are accepted.",
        ),
    ),
)
def priority_class_name(pod: Pod, *, accepted: tuple[str, ...]) -> Iterator[Violation]:
    """Pods have a priority that was agreed on.

    Why: a priority decides who is evicted first.

    Passes when: priorityClassName is one of the accepted names, or unset.

    Remedy: Use one of the accepted names.
    """
    name = text(pod.value.get("priorityClassName"))
    if name and name not in accepted:
        path = (*pod.path, "priorityClassName")
        yield Violation(f"the priority class {name} is not accepted", path)


@lint_rule(
    "restart-policy",
    Severity.LOW,
    None,
    Scope.POD,
    References(peers={"kube-linter": ("restart-policy",)}),
)
def restart_policy(pod: Pod) -> Iterator[Violation]:
    """Pods are restarted when they fail.

    Why: with Never, what fails stays down.

    Passes when: restartPolicy is Always or OnFailure or unset.

    Remedy: Set restartPolicy: OnFailure, or remove it.
    """
    policy = pod.value.get("restartPolicy")
    if policy not in (None, "Always", "OnFailure"):
        yield Violation(f"the restart policy is {policy}", (*pod.path, "restartPolicy"))


@lint_rule(
    "job-ttl-seconds-after-finished",
    Severity.LOW,
    Action.WARN,
    Scope.OBJECT,
    References(peers={"kube-linter": ("job-ttl-seconds-after-finished",)}),
    kinds=frozenset(
        (
            "Job",
            "CronJob",
        )
    ),
)
def job_ttl_seconds_after_finished(obj: KubernetesObject) -> Iterator[Violation]:
    """Finished jobs are removed.

    Why: otherwise their pods pile up; of a CronJob, the history limits do the same, and two
    rules for one thing get in each other's way.

    Passes when: a Job sets ttlSecondsAfterFinished, and the template of a CronJob does not.

    Remedy: Set ttlSecondsAfterFinished on a Job; on a CronJob use its history limits.
    """
    if obj.name.kind == "Job":
        path: Path = ("spec", "ttlSecondsAfterFinished")
        if dig(obj.value, *map(str, path)) is None:
            yield Violation("the finished job is never removed", path)
    else:
        path = ("spec", "jobTemplate", "spec", "ttlSecondsAfterFinished")
        if dig(obj.value, *map(str, path)) is not None:
            yield Violation("the CronJob's history limits do this already", path)


@lint_rule(
    "cronjob-has-deadline",
    Severity.LOW,
    None,
    Scope.OBJECT,
    References(peers={"kube-score": ("CronJob has deadline",)}),
    kinds=frozenset(("CronJob",)),
)
def cronjob_has_deadline(obj: KubernetesObject) -> Iterator[Violation]:
    """CronJobs give up a start that was missed.

    Why: without a deadline, after a hundred missed starts the job never starts again.

    Passes when: startingDeadlineSeconds is set.

    Remedy: Set startingDeadlineSeconds.
    """
    if dig(obj.value, "spec", "startingDeadlineSeconds") is None:
        yield Violation("there is no deadline", ("spec", "startingDeadlineSeconds"))


@lint_rule(
    "naked-pod",
    Severity.LOW,
    Action.WARN,
    Scope.OBJECT,
    References(peers={"kubescape": ("naked-pods",), "kyverno": ("prevent-bare-pods",)}),
    kinds=frozenset(("Pod",)),
)
def naked_pod(obj: KubernetesObject) -> Iterator[Violation]:
    """Pods belong to a controller.

    Why: a bare pod is gone for good with its node.

    Passes when: the object is no Pod, or has an owner.

    Remedy: Use a Deployment, or a Job.
    """
    if not dig(obj.value, "metadata", "ownerReferences"):
        yield Violation("no controller keeps the pod", ("kind",))


@lint_rule(
    "dnsconfig-options",
    Severity.LOW,
    None,
    Scope.POD,
    References(peers={"kube-linter": ("dnsconfig-options",)}),
    parameters=(
        Parameter("key", "ndots", "The option's name."),
        Parameter("value", "2", "The value that is asked, as text."),
    ),
)
def dnsconfig_options(pod: Pod, *, key: str, value: str) -> Iterator[Violation]:
    """Pods set a DNS option.

    Why: the default ndots of 5 turns each outside name into five failed look-ups.

    Passes when: dnsConfig.options has the option with the value.

    Remedy: Add the option under dnsConfig.options.
    """
    for _, option in mappings(dig(pod.value, "dnsConfig", "options")):
        if option.get("name") == key and str(option.get("value")) == value:
            return
    path = (*pod.path, "dnsConfig", "options")
    yield Violation(f"the DNS option {key} is not {value}", path)


RULES: Final = (
    priority_class_name,
    restart_policy,
    job_ttl_seconds_after_finished,
    cronjob_has_deadline,
    naked_pod,
    dnsconfig_options,
)
