"""What the fields of containers, probes and variables say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import dig, mapping, mappings, strings
from gate.lint.kubernetes.across import Asked, Dated, Problem, duplicates, is_set, needed, one
from gate.lint.kubernetes.rows import NEVER
from gate.model.document import Path
from gate.model.quantity import quantity

_SOURCES: Final = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
_HANDLERS: Final = ("exec", "httpGet", "tcpSocket", "grpc")
_HUGE: Final = "hugepages-"
_RESOURCES: Final = frozenset(("cpu", "memory", "ephemeral-storage"))


def _variable(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    source = value.get("valueFrom")
    if is_set(value.get("value")) and isinstance(source, dict) and any(map(source.get, _SOURCES)):
        yield (*path, "valueFrom"), "valueFrom may not be set where value is set"


def _mounts(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    place = (*path, "volumeMounts")
    yield from duplicates(value.get("volumeMounts"), place, "mountPath", "a volume mount")
    privileged = dig(value, "securityContext", "privileged") is True
    for index, mount in mappings(value.get("volumeMounts")):
        if mount.get("mountPropagation") == "Bidirectional" and not privileged:
            message = "mountPropagation Bidirectional needs a privileged container"
            yield (*place, index, "mountPropagation"), message
        if is_set(mount.get("subPath")) and is_set(mount.get("subPathExpr")):
            message = "subPathExpr may not be set where subPath is set"
            yield (*place, index, "subPathExpr"), message


def _ports(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from duplicates(value.get("ports"), (*path, "ports"), "name", "a port")


def _liveness(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for name in ("livenessProbe", "startupProbe"):
        threshold = dig(value, name, "successThreshold")
        if isinstance(threshold, int) and threshold not in (0, 1):
            yield (*path, name, "successThreshold"), f"successThreshold of a {name} must be 1"
    if dig(value, "readinessProbe", "terminationGracePeriodSeconds") is not None:
        field = "terminationGracePeriodSeconds"
        yield (*path, "readinessProbe", field), f"a readinessProbe may not have {field}"


def _security(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    context = value.get("securityContext")
    if not isinstance(context, dict) or context.get("allowPrivilegeEscalation") is not False:
        return
    place = (*path, "securityContext", "allowPrivilegeEscalation")
    if context.get("privileged") is True:
        yield place, "allowPrivilegeEscalation may not be false where privileged is true"
    if "CAP_SYS_ADMIN" in strings(dig(context, "capabilities", "add")):
        message = "allowPrivilegeEscalation may not be false where CAP_SYS_ADMIN is added"
        yield place, message


def _resources(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    limits = value.get("limits")
    requests = value.get("requests")
    if not isinstance(limits, dict) or not isinstance(requests, dict):
        return
    for name, written in requests.items():
        request, limit = quantity(written), quantity(limits.get(name))
        place = (*path, "requests", name)
        if request is None or limit is None:
            continue
        if request > limit:
            yield place, f"the request of {name} is above its limit"
        elif request != limit and name.startswith(_HUGE):
            yield place, f"the request of {name} must be the same as its limit"


def _image(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if value.get("image") == "":
        yield (*path, "image"), "image is empty"


def _seccomp(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if value.get("type") == "Localhost" and value.get("localhostProfile") is None:
        yield (*path, "localhostProfile"), "localhostProfile must be set where type is Localhost"
    elif value.get("type") in ("RuntimeDefault", "Unconfined") and is_set(
        value.get("localhostProfile")
    ):
        message = "localhostProfile may be set only where type is Localhost"
        yield (*path, "localhostProfile"), message


def _command(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if not value.get("command"):
        yield (*path, "command"), "command must be set"


def _names(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for kind in ("limits", "requests"):
        for name in mapping(dig(value, "resources", kind)):
            if "/" not in name and name not in _RESOURCES and not name.startswith(_HUGE):
                message = (
                    "a resource is cpu, memory, ephemeral-storage, hugepages-… or has a domain"
                )
                yield (*path, "resources", kind, name), message


def _resized(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    place = (*path, "resizePolicy")
    yield from duplicates(value.get("resizePolicy"), place, "resourceName", "a resize policy")


def _http(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if value.get("port") == "":
        yield (*path, "port"), "port is empty"


_CONTAINER: Final[tuple[Asked, ...]] = (
    _mounts, _ports, _liveness, _security, _image, Dated(_resized, range(33, NEVER)), _names,
)  # fmt: skip
ACROSS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "Container": _CONTAINER,
    "EphemeralContainer": (_mounts, _security),
    "EnvVar": (_variable,),
    "EnvVarSource": (one(_SOURCES, "valueFrom"),),
    "EnvFromSource": (one(("configMapRef", "secretRef"), "an item of envFrom"),),
    "Probe": (one(_HANDLERS, "a probe"),),
    "LifecycleHandler": (one(("exec", "httpGet", "tcpSocket", "sleep"), "a lifecycle handler"),),
    "ResourceRequirements": (_resources,),
    "ExecAction": (_command,),
    "ConfigMapKeySelector": (needed("name"),),
    "SecretKeySelector": (needed("name"),),
    "ConfigMapEnvSource": (needed("name"),),
    "SecretEnvSource": (needed("name"),),
    "ConfigMapVolumeSource": (needed("name"),),
    "SeccompProfile": (_seccomp,),
    "AppArmorProfile": (_seccomp,),
    "HTTPGetAction": (_http,),
    "TCPSocketAction": (_http,),
}
