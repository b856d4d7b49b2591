"""What the fields of claims, volumes, quotas, ConfigMaps and Secrets say together."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, Final

from gate.documents.lenient import dig, is_number, mapping, sequence
from gate.lint.kubernetes.across import Asked, Problem, duplicates, is_set, one
from gate.lint.kubernetes.across_parts import is_extended
from gate.lint.kubernetes.formats import data_key
from gate.model.document import Path
from gate.model.quantity import quantity

_SOURCES: Final = (
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "csi",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "glusterfs",
    "hostPath",
    "iscsi",
    "local",
    "nfs",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
)
_KEYS: Final = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}
_JSON: Final = frozenset((".dockerconfigjson", ".dockercfg"))
_LARGEST: Final = 1024 * 1024
_HIGHEST_PRIORITY: Final = 10**9
_RATIO: Final = "maxLimitRequestRatio"
_BOUNDS: Final = ("default", "defaultRequest", "max", "min")
_COMPUTED: Final = ("cpu", "memory", "ephemeral-storage")
_HUGE: Final = "hugepages-"
_COUNTED: Final = frozenset(
    (
        *("configmaps", "persistentvolumeclaims", "pods", "replicationcontrollers"),
        *("resourcequotas", "secrets", "services", "services.loadbalancers"),
        "services.nodeports",
    )
)
"""What a quota counts, beside what has a domain."""
_ASKED: Final = ("requests.", "limits.")
_QUOTED: Final = _COUNTED.union(
    _COMPUTED,
    (f"{kind}{name}" for kind in _ASKED for name in _COMPUTED),
    ("requests.storage",),
)


def _claim(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from _modes(value, path)
    storage = dig(value, "resources", "requests", "storage")
    place = (*path, "resources", "requests", "storage")
    if storage is None:
        yield place, "a claim must request storage"
    elif (found := quantity(storage)) is not None and found <= 0:
        yield place, "a claim must request more than 0"


def _modes(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    modes = sequence(value.get("accessModes"))
    if not modes:
        yield (*path, "accessModes"), "accessModes must be set"
    elif "ReadWriteOncePod" in modes and any(mode != "ReadWriteOncePod" for mode in modes):
        yield (*path, "accessModes"), "ReadWriteOncePod may not stand beside other access modes"


def _volume(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from _modes(value, path)
    capacity = mapping(value.get("capacity"))
    place = (*path, "capacity")
    if set(capacity) != {"storage"}:
        yield place, "capacity must have storage, and nothing else"
    elif (found := quantity(capacity["storage"])) is not None and found <= 0:
        yield (*place, "storage"), "capacity must be more than 0"
    if value.get("local") is not None and value.get("nodeAffinity") is None:
        yield (*path, "nodeAffinity"), "a local volume must have nodeAffinity"


def _data(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    total = 0
    texts, raw = mapping(value.get("data")), mapping(value.get("binaryData"))
    for field, held in (("data", texts), ("binaryData", raw)):
        for key, content in held.items():
            total += len(content) if isinstance(content, str) else 0
            if problem := data_key(key):
                yield (*path, field, key), f"a key of {field} must be {problem}"
    for key in texts.keys() & raw.keys():
        yield (*path, "data", key), "binaryData has the same key"
    if total > _LARGEST * (4 / 3 if raw else 1):
        yield (*path, "data"), "a ConfigMap may hold at most 1 MiB"


def _secret(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    coded, plain = mapping(value.get("data")), mapping(value.get("stringData"))
    for field, held in (("data", coded), ("stringData", plain)):
        for key in held:
            if problem := data_key(key):
                yield (*path, field, key), f"a key of {field} must be {problem}"
    kind = value.get("type")
    for key in _KEYS.get(kind, ()) if isinstance(kind, str) else ():
        if key not in coded and key not in plain:
            yield (*path, "data"), f"a Secret of the type {kind} must have the key {key}"
        elif key in _JSON and not _is_mapping(coded.get(key), plain.get(key)):
            field = "stringData" if key in plain else "data"
            yield (*path, field, key), f"{key} must hold a JSON object"
    if kind == "kubernetes.io/basic-auth" and not {"username", "password"} & {*coded, *plain}:
        yield (*path, "data"), "a Secret of this type must have the key username or password"
    named = dig(value, "metadata", "annotations", "kubernetes.io/service-account.name")
    if kind == "kubernetes.io/service-account-token" and not is_set(named):
        message = "a token's Secret must name its account: kubernetes.io/service-account.name"
        yield (*path, "metadata", "annotations"), message


def _is_mapping(coded: object, plain: object) -> bool:
    """Whether a text, or the text behind base64, is a JSON object. A value of another type is."""
    held = plain if plain is not None else coded
    if not isinstance(held, str):
        return True
    try:
        content = held.encode() if plain is not None else base64.b64decode(held)
        return isinstance(json.loads(content), dict)
    except binascii.Error:
        return True  # said elsewhere
    except (ValueError, RecursionError):
        return False


def _priority(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    name = dig(value, "metadata", "name")
    system = isinstance(name, str) and name.startswith("system-")
    number = value.get("value")
    if system and name not in ("system-node-critical", "system-cluster-critical"):
        yield (*path, "metadata", "name"), "names that begin with system- are Kubernetes' own"
    elif is_number(number) and number > _HIGHEST_PRIORITY and not system:
        yield (*path, "value"), f"value may be at most {_HIGHEST_PRIORITY}"


def _limits(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for low, high in combinations(("min", "defaultRequest", "default", "max"), 2):
        smaller, larger = mapping(value.get(low)), mapping(value.get(high))
        for name in smaller.keys() & larger.keys():
            left, right = quantity(smaller[name]), quantity(larger[name])
            if left is not None and right is not None and left > right:
                where = high if low == "min" and high != "max" else low
                yield (*path, where, name), f"{low} of {name} is above its {high}"
    ratios, most, least = (mapping(value.get(k)) for k in (_RATIO, "max", "min"))
    for name in ratios.keys() & most.keys() & least.keys():
        ratio, top, floor = quantity(ratios[name]), quantity(most[name]), quantity(least[name])
        if ratio is not None and top is not None and floor and ratio * floor > top:
            yield (*path, _RATIO, name), f"{_RATIO} of {name} is above max divided by min"


def _limited(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Hold the names of what is limited, which are those of its type."""
    kind = value.get("type")
    if kind == "PersistentVolumeClaim":
        if not any(dig(value, bound, "storage") is not None for bound in ("max", "min")):
            yield path, "a limit of claims must have min or max of storage"
    elif kind in ("Container", "Pod"):
        for bound in (*_BOUNDS, _RATIO):
            for name in mapping(value.get(bound)):
                if "/" not in name and name not in _COMPUTED and not name.startswith(_HUGE):
                    message = f"what is limited is {', '.join(_COMPUTED)}, or has a domain"
                    yield (*path, bound, name), message


def _quota(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    for name, written in mapping(value.get("hard")).items():
        plain = name.partition(".")[2] if name.startswith(_ASKED) else name
        if "/" not in name and name not in _QUOTED and not plain.startswith(_HUGE):
            message = "a quota has no such resource; of another kind it is count/NAME.GROUP"
            yield (*path, "hard", name), message
        found = quantity(written)
        counted = name in _COUNTED or is_extended(name)
        if counted and found is not None and found != found.to_integral_value():
            yield (*path, "hard", name), f"{name} must be a whole number"


def _ranges(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from duplicates(value.get("limits"), (*path, "limits"), "type", "an item of limits")


ACROSS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "PersistentVolumeClaimSpec": (_claim,),
    "PersistentVolumeSpec": (_volume, one(_SOURCES, "a PersistentVolume")),
    "ConfigMap": (_data,),
    "Secret": (_secret,),
    "PriorityClass": (_priority,),
    "LimitRangeItem": (_limits, _limited),
    "LimitRangeSpec": (_ranges,),
    "ResourceQuotaSpec": (_quota,),
}
