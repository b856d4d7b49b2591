"""What parts of a pod say of each other: claims, resources, hooks and projections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from gate.documents.lenient import dig, is_number, mapping, mappings, sequence, text
from gate.lint.kubernetes.across import Asked, Dated, Problem, duplicates, one
from gate.lint.kubernetes.formats import subdomain
from gate.lint.kubernetes.rows import NEVER
from gate.model.document import Path
from gate.model.quantity import quantity

_LISTS: Final = ("containers", "initContainers")
_GRACE: Final = 30
"""Seconds that a pod has to end, where it does not say."""
_STEPS: Final = frozenset(Decimal(base**power) for base in (1000, 1024) for power in range(7))
_MILLI: Final = Decimal("0.001")
_CLAIMED: Final = ("resourceClaimName", "resourceClaimTemplateName")
_SUBSCRIPTION: Final = "/subscriptions/"


def is_extended(name: str) -> bool:
    """Whether a resource is one that a cluster adds, of which only whole units are given.

    >>> is_extended("nvidia.com/gpu"), is_extended("cpu"), is_extended("kubernetes.io/batch-cpu")
    (True, False, False)
    """
    return "/" in name and "kubernetes.io/" not in name


def _gates(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    place = (*path, "schedulingGates")
    yield from duplicates(value.get("schedulingGates"), place, "name", "a scheduling gate")


def _claims(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from duplicates(value.get("resourceClaims"), (*path, "resourceClaims"), "name", "a claim")
    known = {text(claim.get("name")) for _, claim in mappings(value.get("resourceClaims"))}
    for key in _LISTS:
        for index, container in mappings(value.get(key)):
            place = (*path, key, index, "resources", "claims")
            seen: set[tuple[str, str]] = set()
            for at, claim in mappings(dig(container, "resources", "claims")):
                used = (text(claim.get("name")), text(claim.get("request")))
                if used[0] and used[0] not in known:
                    yield (*place, at, "name"), "the pod has no resourceClaim of this name"
                elif used in seen:
                    yield (*place, at, "name"), "an earlier item claims the same"
                seen.add(used)


def _hooks(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    grace = value.get("terminationGracePeriodSeconds")
    most = grace if is_number(grace) else _GRACE
    for key in _LISTS:
        for index, container in mappings(value.get(key)):
            for hook in ("postStart", "preStop"):
                seconds = dig(container, "lifecycle", hook, "sleep", "seconds")
                if is_number(seconds) and seconds > most:
                    place = (*path, key, index, "lifecycle", hook, "sleep", "seconds")
                    yield place, f"seconds must be at most {most}, which the pod has to end"


def _whole_pod(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Hold what a pod requests to what its containers request together, and limits to each."""
    limits, requests = (mapping(dig(value, "resources", kind)) for kind in ("limits", "requests"))
    for name in requests:
        asked = [_amount(c, "requests", name) for _, c in mappings(value.get("containers"))]
        most = quantity(requests[name])
        if most is not None and sum(found for found in asked if found is not None) > most:
            place = (*path, "resources", "requests", name)
            yield place, f"the containers request more of {name} together"
    for name in limits:
        most = quantity(limits[name])
        for index, container in mappings(value.get("containers")):
            own = _amount(container, "limits", name)
            if most is not None and own is not None and own > most:
                place = (*path, "containers", index, "resources", "limits", name)
                yield place, f"the limit of {name} is above that of the pod"


def _amount(container: Mapping[str, Any], kind: str, name: str) -> Decimal | None:
    return quantity(dig(container, "resources", kind, name))


def _extended(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    limits, requests = mapping(value.get("limits")), mapping(value.get("requests"))
    for kind, held in (("limits", limits), ("requests", requests)):
        for name in filter(is_extended, held):
            found = quantity(held[name])
            if found is not None and found != found.to_integral_value():
                yield (*path, kind, name), f"{name} must be a whole number"
    for name in filter(is_extended, requests):
        if limits.get(name) is None:
            yield (*path, "limits"), f"{name} must have a limit where it is requested"
        elif quantity(limits[name]) != quantity(requests[name]):
            yield (*path, "requests", name), f"the request of {name} must be the same as its limit"


def _divisor(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    divisor, name = quantity(value.get("divisor")), text(value.get("resource"))
    if not divisor or not name:
        return
    fits = divisor in (1, _MILLI) if name.endswith(".cpu") else divisor in _STEPS
    if not fits:
        such = "1m or 1" if name.endswith(".cpu") else "1, or a unit such as 1Mi or 1M"
        yield (*path, "divisor"), f"divisor must be {such}"


def _projected(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Yield each path inside of one source that an earlier item of it has."""
    for index, source in mappings(value.get("sources")):
        for kind in ("secret", "configMap", "downwardAPI"):
            place = (*path, "sources", index, kind, "items")
            yield from duplicates(dig(source, kind, "items"), place, "path", "an item")


def _downward(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    place = (*path, "items")
    for index, item in mappings(value.get("items")):
        yield from _DOWNWARD(item, (*place, index))


def _published(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    secret = value.get("nodePublishSecretRef")
    place = (*path, "nodePublishSecretRef", "name")
    if isinstance(secret, dict):
        name = secret.get("name")
        if name in (None, ""):
            yield place, "name must be set"
        elif must := subdomain(name):
            yield place, f"name must be {must}"


def _azure_disk(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    address = value.get("diskURI")
    if not isinstance(address, str):
        return
    if value.get("kind") == "Managed" and not address.startswith(_SUBSCRIPTION):
        yield (*path, "diskURI"), f"diskURI of a managed disk begins with {_SUBSCRIPTION}"
    elif value.get("kind") != "Managed" and not address.startswith("https://"):
        message = "diskURI begins with https:// unless the kind is Managed"
        yield (*path, "diskURI"), message


def _host_processes(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Hold a Windows pod whose containers are processes of the node."""
    whole = dig(value, "securityContext", "windowsOptions", "hostProcess")
    found = [
        (own if isinstance(own, bool) else whole is True, (*path, key, index))
        for key in _LISTS
        for index, container in mappings(value.get(key))
        for own in (dig(container, "securityContext", "windowsOptions", "hostProcess"),)
    ]
    if not any(is_host for is_host, _ in found):
        return
    if value.get("hostNetwork") is not True:
        yield (*path, "hostNetwork"), "hostNetwork must be true where a container is hostProcess"
    for is_host, place in found:
        if not is_host:
            yield place, "a container must be hostProcess where another one is"


def _unmasked(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for key in _LISTS if value.get("hostUsers") is not False else ():
        for index, container in mappings(value.get(key)):
            if dig(container, "securityContext", "procMount") == "Unmasked":
                place = (*path, key, index, "securityContext", "procMount")
                yield place, "procMount Unmasked needs hostUsers: false"


def _of_template(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if sequence(dig(value, "spec", "ephemeralContainers")):
        place = (*path, "spec", "ephemeralContainers")
        yield place, "a pod template may not have ephemeralContainers"


_DOWNWARD: Final = one(("fieldRef", "resourceFieldRef"), "an item of downwardAPI")
_SINCE_34: Final = range(34, NEVER)
ACROSS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "PodSpec": (
        *(_gates, _hooks, _host_processes, Dated(_unmasked, range(33, NEVER))),
        *(Dated(_claims, _SINCE_34), Dated(_whole_pod, _SINCE_34)),
    ),
    "PodTemplateSpec": (_of_template,),
    "PodResourceClaim": (Dated(one(_CLAIMED, "a claim"), _SINCE_34),),
    "ResourceRequirements": (_extended,),
    "ResourceFieldSelector": (_divisor,),
    "ProjectedVolumeSource": (_projected,),
    "DownwardAPIVolumeSource": (_downward,),
    "DownwardAPIProjection": (_downward,),
    "CSIVolumeSource": (_published,),
    "AzureDiskVolumeSource": (_azure_disk,),
}
