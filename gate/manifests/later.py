"""Objects that change or create other objects after gate has judged them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.documents.lenient import dig, mappings
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject, field_path
from gate.model.pods import api_group
from gate.model.verdict import Finding, Severity

CHANGES_LATER: Final = "changes-objects-later"
_ADMISSION: Final[dict[str, Path]] = {
    "MutatingWebhookConfiguration": ("webhooks",),
    "MutatingAdmissionPolicy": ("spec", "mutations"),
}
_KYVERNO: Final = {"mutate": "changes", "generate": "creates"}
_CEL: Final = {"MutatingPolicy": "changes", "GeneratingPolicy": "creates"}


def later(obj: KubernetesObject) -> Iterator[Finding]:
    """Yield a finding where an object changes or creates others inside the cluster.

    These are mutating webhooks and admission policies, rules of Kyverno that mutate or
    generate, and Gatekeeper's mutators. What they make of an object that was judged is not
    what was judged; gate does not follow them.
    """
    group, kind = api_group(obj.api_version), obj.name.kind
    if group == "admissionregistration.k8s.io":
        if kind in _ADMISSION:
            yield _finding(obj, _ADMISSION[kind], "changes")
    elif group == "mutations.gatekeeper.sh":
        yield _finding(obj, ("spec",), "changes")
    elif group == "policies.kyverno.io":
        base = kind.removeprefix("Namespaced")
        if base in _CEL:
            yield _finding(obj, ("spec",), _CEL[base])
    elif group == "kyverno.io" and kind in {"ClusterPolicy", "Policy"}:
        yield from _rules(obj)


def _rules(obj: KubernetesObject) -> Iterator[Finding]:
    for index, rule in mappings(dig(obj.value, "spec", "rules")):
        for verb, does in _KYVERNO.items():
            if rule.get(verb):
                yield _finding(obj, ("spec", "rules", index, verb), does)


def _finding(obj: KubernetesObject, path: Path, does: str) -> Finding:
    return Finding(
        rule=CHANGES_LATER,
        code=CHANGES_LATER,
        severity=Severity.MEDIUM,
        message=f"this {obj.name.kind} {does} other objects inside the cluster, after gate has "
        "judged them",
        remedy="judge what it makes in the cluster too, with an admission webhook",
        location=obj.place(*path),
        field=field_path(path),
        object=obj.name,
    )
