"""What the fields of policies, classes and definitions of the cluster say together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import dig, mapping, mappings, sequence, text
from gate.lint.kubernetes.across import Across, Asked, Problem, duplicates, is_set, one
from gate.model.document import Path
from gate.model.expressions import expression

_SECURITY: Final = "pod-security.kubernetes.io/"
_MODES: Final = ("enforce", "audit", "warn")
_LEVELS: Final = frozenset(("privileged", "baseline", "restricted"))
_VERSION: Final = expression(r"latest|v1\.(?:0|[1-9][0-9]{0,8})", re.ASCII)


def _namespace(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for mode in _MODES:
        key = f"{_SECURITY}{mode}"
        level = mapping(dig(value, "metadata", "labels")).get(key)
        if isinstance(level, str) and level not in _LEVELS:
            message = f"{key} must be privileged, baseline or restricted"
            yield (*path, "metadata", "labels", key), message
        version = mapping(dig(value, "metadata", "labels")).get(f"{key}-version")
        if isinstance(version, str) and not _VERSION.fullmatch(version):
            message = f"{key}-version must be latest, or such as v1.34"
            yield (*path, "metadata", "labels", f"{key}-version"), message


def _filled(*names: str) -> Across:
    """Return what asks that lists are there and not empty."""

    def across_(value: dict[str, Any], path: Path) -> Iterator[Problem]:
        for name in names:
            if value.get(name) in (None, [], {}):
                yield (*path, name), f"{name} must not be empty"

    return across_


def _ingress_class(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if dig(value, "spec", "controller") is None:
        yield (*path, "spec", "controller"), "controller must be set"


def _parameters(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    scope, namespace = value.get("scope"), value.get("namespace")
    if scope == "Namespace" and namespace is None:
        yield (*path, "namespace"), "namespace must be set where scope is Namespace"
    elif scope in (None, "Cluster") and namespace is not None:
        yield (*path, "namespace"), "namespace may not be set where scope is Cluster"


def _policy(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if not sequence(dig(value, "matchConstraints", "resourceRules")):
        place = (*path, "matchConstraints", "resourceRules")
        yield place, "resourceRules must not be empty"
    if not sequence(value.get("validations")) and not sequence(value.get("auditAnnotations")):
        yield (*path, "validations"), "a policy must have validations or auditAnnotations"
    for name, key in (("matchConditions", "name"), ("auditAnnotations", "key")):
        yield from duplicates(value.get(name), (*path, name), key, f"an item of {name}")


def _conditions(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    place = (*path, "matchConditions")
    yield from duplicates(value.get("matchConditions"), place, "name", "a match condition")


def _parameter(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if is_set(value.get("name")) == (value.get("selector") is not None):
        yield (*path, "name"), "paramRef must have one of name and selector"
    if not is_set(value.get("parameterNotFoundAction")):
        yield (*path, "parameterNotFoundAction"), "parameterNotFoundAction must be set"


def _api_service(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    wanted = f"{text(dig(value, 'spec', 'version'))}.{text(dig(value, 'spec', 'group'))}"
    name = dig(value, "metadata", "name")
    if isinstance(name, str) and name != wanted.removesuffix("."):
        yield (*path, "metadata", "name"), f"the name must be version and group: {wanted}"
    service = dig(value, "spec", "service")
    for key in ("name", "namespace") if isinstance(service, dict) else ():
        if service.get(key) is None:
            yield (*path, "spec", "service", key), f"{key} must be set"


def _failure_rule(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    codes, conditions = value.get("onExitCodes"), value.get("onPodConditions")
    if codes is None and not conditions:
        yield path, "a rule must have one of onExitCodes and onPodConditions"
    elif codes is not None and conditions:
        yield (*path, "onPodConditions"), "a rule may not have onExitCodes and onPodConditions"


def _success_rule(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if value.get("succeededIndexes") is None and value.get("succeededCount") is None:
        yield path, "a rule must have succeededIndexes or succeededCount"


def _definition(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    group, plural = dig(value, "spec", "group"), dig(value, "spec", "names", "plural")
    name = dig(value, "metadata", "name")
    if text(group) and text(plural) and isinstance(name, str) and name != f"{plural}.{group}":
        message = f"the name must be plural and group: {plural}.{group}"
        yield (*path, "metadata", "name"), message
    versions = [version for _, version in mappings(dig(value, "spec", "versions"))]
    stored = sum(version.get("storage") is True for version in versions)
    place = (*path, "spec", "versions")
    if versions and stored != 1:
        yield place, f"one version must have storage: true, and {stored} have"
    yield from duplicates(versions, place, "name", "a version")
    for index, version in enumerate(versions):
        if not mapping(dig(version, "schema", "openAPIV3Schema")):
            where = (*place, index, "schema", "openAPIV3Schema")
            yield where, "a version must have a schema"
        elif dig(version, "schema", "openAPIV3Schema", "type") != "object":
            where = (*place, index, "schema", "openAPIV3Schema", "type")
            yield where, "the type of a schema must be object"


_ALL: Final = _filled("apiGroups", "apiVersions", "operations", "resources")
ACROSS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "APIService": (_api_service,),
    "AggregationRule": (_filled("clusterRoleSelectors"),),
    "CustomResourceDefinition": (_definition,),
    "IngressClass": (_ingress_class,),
    "IngressClassParametersReference": (_parameters,),
    "MutatingWebhook": (_conditions,),
    "NamedRuleWithOperations": (_ALL,),
    "Namespace": (_namespace,),
    "ParamRef": (_parameter,),
    "PodFailurePolicyRule": (_failure_rule,),
    "SuccessPolicyRule": (_success_rule,),
    "TopologySelectorTerm": (_filled("matchLabelExpressions"),),
    "ValidatingAdmissionPolicySpec": (_policy,),
    "ValidatingWebhook": (_conditions,),
    "VolumeAttachmentSource": (
        one(("inlineVolumeSpec", "persistentVolumeName"), "the source of an attachment"),
    ),
    "VolumeAttributesClass": (_filled("parameters"),),
    "VolumeNodeAffinity": (_filled("required"),),
}
