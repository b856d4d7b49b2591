"""Objects that no API server sends: refused before anything of them is judged."""

from __future__ import annotations

from gate.admission.decision import Denied, Objection
from gate.admission.request import AdmissionRequest
from gate.model.kubernetes import KubernetesObject
from gate.model.pods import is_native, pod_specs


def mismatch(asked: AdmissionRequest) -> Denied:
    """Return the refusal of an object of another kind than its request says."""
    problem = f"the request is about {asked.api_version}, {asked.kind}, and its object is not"
    remedy = "let only the API server ask gate"
    return Denied(reasons=(Objection("admission-object-mismatch", problem, remedy),))


def has_its_pods(obj: KubernetesObject) -> bool:
    """Whether an object has containers at each place where Kubernetes says that its kind has them.

    Every pod that an API server stores has some. True of kinds that have none, and of kinds that
    others define.
    """
    lists = [spec.value.get("containers") for spec in pod_specs(obj)] if is_native(obj) else []
    return all(isinstance(containers, list) and containers for containers in lists)


def no_pod(asked: AdmissionRequest) -> Denied:
    """Return the refusal of an object without containers where its kind has them."""
    problem = f"the {asked.kind} has no containers where this kind has them"
    remedy = "let only the API server ask gate, which sends no such object"
    return Denied(reasons=(Objection("admission-pod-unreadable", problem, remedy),))
