"""What the API server fills in: whether a field that nobody declared is its own doing.

Most of it is the table of defaults in `gate.live.kinds`. Here is what no constant says: a default
that depends on another field, a copy of another field, and what admission plugins and controllers
of Kubernetes itself add.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any, Final

from gate.live.controlled import CONTROLLED_ITEMS, CONTROLLED_RULES, controlled_entry
from gate.live.place import FieldPlace, Rule
from gate.live.services import SERVICE_RULES
from gate.live.shape import inner
from gate.live.types import Field, fields_of
from gate.live.workloads import ITEM_RULES, WORKLOAD_RULES
from gate.model.document import Path
from gate.model.records import dataclass

_OWN_ANNOTATIONS: Final = frozenset(
    (
        "kubectl.kubernetes.io/last-applied-configuration",
        "deployment.kubernetes.io/revision",
        "deprecated.daemonset.template.generation",
    )
)
"""Written on an object by kubectl, and by the controllers of Deployments and DaemonSets."""
_DEFINITION: Final = "CustomResourceDefinition"
_PROTECTION: Final = {
    "PersistentVolumeClaim": ["kubernetes.io/pvc-protection"],
    "PersistentVolume": ["kubernetes.io/pv-protection"],
    "Service": ["service.kubernetes.io/load-balancer-cleanup"],
    "VolumeAttributesClass": ["kubernetes.io/vac-protection"],
}


def _finalizers(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    return at.path == ("metadata", "finalizers") and value == _PROTECTION.get(at.kind)


def _policy_types(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    return bool(value == (["Ingress", "Egress"] if at.parent.get("egress") else ["Ingress"]))


def _requester(_value: Any, _at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    """Take any: the API server writes who asks into a CertificateSigningRequest, over all else."""
    return True


_METRICS: Final = [
    {
        "type": "Resource",
        "resource": {
            "name": "cpu",
            "target": {"type": "Utilization", "averageUtilization": 80},
        },
    }
]
_PERCENT: Final = {"type": "Percent", "value": 100, "periodSeconds": 15}
_PODS: Final = {"type": "Pods", "value": 4, "periodSeconds": 15}


def _policies(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    return bool(value == ([_PODS, _PERCENT] if at.path[-2] == "scaleUp" else [_PERCENT]))


_RULES: Final[Mapping[str, Rule]] = {
    **SERVICE_RULES,
    **WORKLOAD_RULES,
    "ObjectMeta.namespace": lambda _, at: at.path == ("metadata", "namespace"),
    "ObjectMeta.finalizers": _finalizers,
    "CertificateSigningRequestSpec.extra": _requester,
    "CertificateSigningRequestSpec.groups": _requester,
    "CertificateSigningRequestSpec.uid": _requester,
    "CertificateSigningRequestSpec.username": _requester,
    "DeviceTaint.timeAdded": lambda value, _: isinstance(value, str),
    "NamespaceSpec.finalizers": lambda value, _: value == ["kubernetes"],
    "NetworkPolicySpec.policyTypes": _policy_types,
    "RbacV1Subject.apiGroup": lambda value, at: (
        at.parent.get("kind") in ("User", "Group") and value == "rbac.authorization.k8s.io"
    ),
    "HorizontalPodAutoscalerSpec.targetCPUUtilizationPercentage": lambda value, _: value == 80,  # noqa: PLR2004  # Kubernetes' own default
    "AutoscalingV2HorizontalPodAutoscalerSpec.metrics": lambda value, _: value == _METRICS,
    "HPAScalingRules.policies": _policies,
    "HPAScalingRules.stabilizationWindowSeconds": lambda value, at: (
        value == 0 and at.path[-2] == "scaleUp"
    ),
}
"""By type and field. What is named here is judged here alone, and not by the table."""
_LISTS: Final = {
    "PodSpec.volumes": "Volume",
    "PodSpec.tolerations": "Toleration",
    "Container.env": "EnvVar",
}
"""Lists that both admission plugins and controllers add to, with the type of their items."""


@dataclass(frozen=True, slots=True)
class Given:
    """Tells of one object what its API server gave it."""

    live: Mapping[str, Any]
    """As the cluster has it."""
    normal: Mapping[str, Any]
    """The same in its normal form."""
    controlled: bool = False
    """Whether a controller made it of a pod template."""

    def field(  # what is asked of, and where it is
        self,
        owner: str | None,
        key: str,
        where: Path,
        parent: Mapping[str, Any],
        declared: Container[str],
    ) -> bool:
        """Whether a field, or the entry of a mapping, that nobody declared is a default.

        `owner` is the type of the mapping that it is in, None for one of free keys, `where` the
        mapping's path, `parent` its content, and `declared` its declared keys.
        """
        value = parent[key]
        at = FieldPlace(self.live, self.normal, (*where, key), parent, declared)
        name = f"{owner}.{key}"
        if self.controlled and name in CONTROLLED_RULES and self._mixed(name, value, at):
            return True
        if owner is None:
            return self._entry(value, at)
        rule = _RULES.get(name)
        if rule is not None:
            return rule(value, at)
        field = (fields_of(owner) or {}).get(key)
        return self._entry(value, at) if field is None else self._constant(field, value, at)

    def _constant(self, field: Field, value: object, at: FieldPlace) -> bool:
        """Whether a value is what the table says that the API server fills in."""
        if any(_same(value, default) for default in field.defaults if default != {}):
            return True
        if not isinstance(value, dict) or (field.form[0] == "*" and {} not in field.defaults):
            return False
        inside, _ = inner(field.form)
        return all(self.field(inside, k, at.path, value, ()) for k in value)

    def item(self, form: str, item: object, where: Path) -> bool:
        """Whether an item of a list that nobody declared was added by Kubernetes itself."""
        at = FieldPlace(self.live, self.normal, where, {}, ())
        tables = (ITEM_RULES, CONTROLLED_ITEMS) if self.controlled else (ITEM_RULES,)
        return any(form in rules and rules[form](item, at) for rules in tables)

    def _mixed(self, name: str, value: object, at: FieldPlace) -> bool:
        """Whether controllers write a field, or each item of it is theirs or a default."""
        if CONTROLLED_RULES[name](value, at):
            return True
        form = _LISTS.get(name)
        return (
            form is not None
            and isinstance(value, list)
            and all(self.item(form, one, at.path) for one in value)
        )

    def _entry(self, value: object, at: FieldPlace) -> bool:
        found = self.controlled and controlled_entry(at)
        match at.path:
            case ("metadata", "annotations", key) if not self.controlled:
                found = key in _OWN_ANNOTATIONS
            case ("metadata", "labels", "kubernetes.io/metadata.name"):
                found = at.kind == "Namespace" and value == at.name
            case (*_, "resources", "requests", key):
                limits = at.up(2).get("limits")
                found = at.kind == "Pod" and isinstance(limits, dict) and limits.get(key) == value
            case ("spec", "template", "metadata", "labels", key):
                found = at.kind == "Job" and at.of_job(key, value)
            case ("spec", *_) if at.kind == _DEFINITION:
                found = _of_definition(value, at)
            case _:
                pass
        return found


def _of_definition(value: object, at: FieldPlace) -> bool:
    kind = str(at.parent.get("kind"))
    match at.path:
        case ("spec", "conversion"):
            return value == {"strategy": "None"}
        case ("spec", "names", "listKind"):
            return value == f"{kind}List"
        case ("spec", "names", "singular"):
            return value == kind.lower()
        case _:
            return False


def _same(value: object, default: object) -> bool:
    return value.__class__ is default.__class__ and value == default
