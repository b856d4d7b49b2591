"""What the fields of pods, volumes and scheduling say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import dig, is_number, mapping, mappings, sequence, strings, text
from gate.lint.kubernetes.across import (
    Asked,
    Dated,
    Problem,
    at_most_one,
    duplicates,
    is_set,
)
from gate.lint.kubernetes.formats import is_subdomain, label_value
from gate.lint.kubernetes.rows import NEVER
from gate.model.document import Path

_LISTS: Final = ("containers", "initContainers", "ephemeralContainers")
_PROBES: Final = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
_SOURCES: Final = (
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "hostPath",
    "image",
    "iscsi",
    "nfs",
    "persistentVolumeClaim",
    "photonPersistentDisk",
    "portworxVolume",
    "projected",
    "quobyte",
    "rbd",
    "scaleIO",
    "secret",
    "storageos",
    "vsphereVolume",
)
_PROJECTIONS: Final = (
    "clusterTrustBundle", "configMap", "downwardAPI", "podCertificate", "secret",
    "serviceAccountToken",
)  # fmt: skip
_FIELDS: Final = frozenset(
    (
        *("metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels"),
        *("metadata.annotations", "spec.nodeName", "spec.serviceAccountName", "status.hostIP"),
        *("status.hostIPs", "status.podIP", "status.podIPs"),
    )
)
_RESOURCES: Final = frozenset(
    f"{kind}.{name}"
    for kind in ("limits", "requests")
    for name in ("cpu", "memory", "ephemeral-storage")
)
_SYSCTL: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_./")
_SEARCH: Final = "a search domain must be a domain name in lower case"
_NAMESERVERS: Final = 3
_SEARCHES: Final = 32


def _volumes(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from duplicates(value.get("volumes"), (*path, "volumes"), "name", "a volume")
    for index, volume in mappings(value.get("volumes")):
        written = [source for source in _SOURCES if volume.get(source) is not None]
        for source in written[1:]:
            message = f"a volume has {written[0]} and {source}; it may have only one of them"
            yield (*path, "volumes", index, source), message


def unmounted(value: dict[str, Any], path: Path, more: frozenset[str]) -> Iterator[Problem]:
    """Yield each mount and device of a pod whose volume the pod does not have.

    `more` are the volumes that a StatefulSet adds.
    """
    known = more | {text(volume.get("name")) for _, volume in mappings(value.get("volumes"))}
    for key in _LISTS:
        for index, container in mappings(value.get(key)):
            for field in ("volumeMounts", "volumeDevices"):
                for at, mount in mappings(container.get(field)):
                    name = mount.get("name")
                    if isinstance(name, str) and name and name not in known:
                        message = "the pod has no volume of this name"
                        yield (*path, key, index, field, at, "name"), message


def _container_names(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for key in _LISTS:
        yield from duplicates(value.get(key), (*path, key), "name", "a container", seen)


def _init_containers(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for index, container in mappings(value.get("initContainers")):
        if container.get("restartPolicy") == "Always":
            continue
        for name in _PROBES:
            if container.get(name) is not None:
                message = f"an init container without restartPolicy Always may not have {name}"
                yield (*path, "initContainers", index, name), message


def _dns(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    servers = sequence(dig(value, "dnsConfig", "nameservers"))
    place = (*path, "dnsConfig", "nameservers")
    if value.get("dnsPolicy") == "None" and not servers:
        yield place, "dnsPolicy None needs at least one of dnsConfig.nameservers"
    if len(servers) > _NAMESERVERS:
        yield place, f"dnsConfig may have at most {_NAMESERVERS} nameservers"
    searches = sequence(dig(value, "dnsConfig", "searches"))
    if len(searches) > _SEARCHES:
        yield (*path, "dnsConfig", "searches"), f"dnsConfig may have at most {_SEARCHES} searches"
    for index, search in enumerate(strings(searches)):
        plain = search.removesuffix(".").replace("_", "a")
        if search != "." and not is_subdomain(plain):
            yield (*path, "dnsConfig", "searches", index), _SEARCH


def _plain_searches(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for index, search in enumerate(strings(dig(value, "dnsConfig", "searches"))):
        if search == "." or "_" in search:
            yield (*path, "dnsConfig", "searches", index), f"{_SEARCH}, without '_'"


def _users(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for name in ("hostPID", "hostIPC") if value.get("hostUsers") is False else ():
        if value.get(name) is True:
            yield (*path, name), f"{name} may not be true where hostUsers is false"


def _restarted(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Yield each restartPolicy that only releases since 1.35 know."""
    for index, container in mappings(value.get("containers")):
        if container.get("restartPolicy") is not None:
            message = "a container may not have restartPolicy, unless it is an init container"
            yield (*path, "containers", index, "restartPolicy"), message
    for index, container in mappings(value.get("initContainers")):
        if container.get("restartPolicy") not in (None, "Always"):
            message = "restartPolicy of an init container must be Always"
            yield (*path, "initContainers", index, "restartPolicy"), message


def _host_ports(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Under hostNetwork a port of the container is the same port of the host."""
    if value.get("hostNetwork") is True:
        for key in _LISTS[:2]:
            for index, container in mappings(value.get(key)):
                for at, item in mappings(container.get("ports")):
                    host, own = item.get("hostPort"), item.get("containerPort")
                    if is_number(host) and host not in (0, own):
                        message = "hostPort must be the same as containerPort under hostNetwork"
                        yield (*path, key, index, "ports", at, "hostPort"), message
    taken: set[tuple[object, ...]] = set()
    for index, container in mappings(value.get("containers")):
        for at, item in mappings(container.get("ports")):
            host = item.get("hostPort")
            if is_number(host) and host:
                used = (text(item.get("hostIP")), host, item.get("protocol") or "TCP")
                if used in taken:
                    message = "an earlier port has the same hostPort"
                    yield (*path, "containers", index, "ports", at, "hostPort"), message
                taken.add(used)


def _shared(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if value.get("shareProcessNamespace") is True and value.get("hostPID") is True:
        message = "shareProcessNamespace may not be true where hostPID is true"
        yield (*path, "shareProcessNamespace"), message


def _toleration(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    operator = value.get("operator")
    if not is_set(value.get("key")) and operator != "Exists":
        yield (*path, "operator"), "a toleration without a key needs the operator Exists"
    if value.get("tolerationSeconds") is not None and value.get("effect") != "NoExecute":
        yield (*path, "effect"), "tolerationSeconds needs the effect NoExecute"
    if operator == "Exists" and is_set(value.get("value")):
        yield (*path, "value"), "a toleration with the operator Exists may not have a value"


def _requirement(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    operator, values = value.get("operator"), sequence(value.get("values"))
    if operator in ("In", "NotIn") and not values:
        yield (*path, "values"), f"the operator {operator} needs values"
    elif operator in ("Exists", "DoesNotExist") and values:
        yield (*path, "values"), f"the operator {operator} may not have values"
    elif operator in ("Gt", "Lt") and len(values) != 1:
        yield (*path, "values"), f"the operator {operator} needs one value"
    elif operator == "":
        yield (*path, "operator"), "operator is empty"


def _spread(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for field in ("topologyKey", "whenUnsatisfiable"):
        if value.get(field) == "":
            yield (*path, field), f"{field} is empty"
    if value.get("minDomains") is not None and value.get("whenUnsatisfiable") == "ScheduleAnyway":
        yield (*path, "minDomains"), "minDomains needs whenUnsatisfiable DoNotSchedule"


def _spreads(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    seen = set()
    for index, item in mappings(value.get("topologySpreadConstraints")):
        pair = (text(item.get("topologyKey")), text(item.get("whenUnsatisfiable")))
        if pair in seen:
            message = "an earlier constraint has the same topologyKey and whenUnsatisfiable"
            yield (*path, "topologySpreadConstraints", index, "topologyKey"), message
        seen.add(pair)


def _affinity_term(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if value.get("topologyKey") == "":
        yield (*path, "topologyKey"), "topologyKey is empty"


def _node_selector(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if value.get("nodeSelectorTerms") == []:
        yield (*path, "nodeSelectorTerms"), "nodeSelectorTerms is empty"


def _node_labels(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for at, term in mappings(value.get("nodeSelectorTerms")):
        for index, wanted in mappings(term.get("matchExpressions")):
            for number, word in enumerate(strings(wanted.get("values"))):
                place = (*path, "nodeSelectorTerms", at, "matchExpressions", index, "values")
                if must := label_value(word):
                    yield (*place, number), f"must be {must}"


def _sysctls(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from duplicates(value.get("sysctls"), (*path, "sysctls"), "name", "a sysctl")
    for index, item in mappings(value.get("sysctls")):
        name = text(item.get("name"))
        if name and not _is_sysctl(name):
            message = (
                "a sysctl is lower case letters, digits, '-', '_', '.' and '/', with a letter or "
                "digit at both ends and beside each '.' and '/'"
            )
            yield (*path, "sysctls", index, "name"), message


def _is_sysctl(name: str) -> bool:
    parts = name.replace("/", ".").split(".")
    return _SYSCTL.issuperset(name) and all(
        part and part[0] not in "-_" and part[-1] not in "-_" for part in parts
    )


def _secret(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if not is_set(value.get("secretName")):
        yield (*path, "secretName"), "secretName must be set"


def _field(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    named = value.get("fieldPath")
    if not isinstance(named, str):
        return
    base, bracket, _ = named.partition("['")
    known = base in ("metadata.labels", "metadata.annotations") if bracket else base in _FIELDS
    if not known:
        yield (*path, "fieldPath"), "fieldPath names no field that a pod may read"


def _resource_field(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    named = value.get("resource")
    if not isinstance(named, str) or named in _RESOURCES:
        return
    if not named.startswith(("requests.hugepages-", "limits.hugepages-")):
        message = f"resource must be one of {', '.join(sorted(_RESOURCES))}"
        yield (*path, "resource"), message


def _windows(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if dig(value, "os", "name") != "windows":
        return
    for name in ("hostPID", "hostIPC", "hostUsers", "shareProcessNamespace"):
        if value.get(name) not in (None, False):
            yield (*path, name), f"a Windows pod may not have {name}"
    for name in (
        "seLinuxOptions",
        "seccompProfile",
        "fsGroup",
        "sysctls",
        "runAsUser",
        "runAsGroup",
    ):
        if is_set(mapping(value.get("securityContext")).get(name)):
            message = f"a Windows pod may not have {name}"
            yield (*path, "securityContext", name), message


_POD: Final[tuple[Asked, ...]] = (
    _volumes, _container_names, _init_containers, _dns, _host_ports, _shared, _spreads,
    _windows, Dated(_plain_searches, range(33)), Dated(_restarted, range(35)),
    Dated(_users, range(33, NEVER)),
)  # fmt: skip
ACROSS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "PodSpec": _POD,
    "Toleration": (_toleration,),
    "NodeSelectorRequirement": (_requirement,),
    "LabelSelectorRequirement": (_requirement,),
    "ScopedResourceSelectorRequirement": (_requirement,),
    "TopologySpreadConstraint": (_spread,),
    "PodAffinityTerm": (_affinity_term,),
    "NodeSelector": (_node_selector, Dated(_node_labels, range(33, NEVER))),
    "SecretVolumeSource": (_secret,),
    "ObjectFieldSelector": (_field,),
    "ResourceFieldSelector": (_resource_field,),
    "VolumeProjection": (at_most_one(_PROJECTIONS, "an item of sources"),),
    "PodSecurityContext": (_sysctls,),
}
