"""What the API server fills into a Service: addresses and ports from its ranges, and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.live.place import FieldPlace, Rule

_OUTSIDE: Final = ("NodePort", "LoadBalancer")
_HEADLESS: Final = "None"


def _address(value: Any, _at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    """One that the server took from its range; never none at all, which is another Service."""
    return bool(value != _HEADLESS)


def _addresses(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    one = at.parent.get("clusterIP")
    return isinstance(value, list) and value[:1] == [one] and _HEADLESS not in value[1:]


def _family_policy(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    headless = at.parent.get("clusterIP") == _HEADLESS and "selector" not in at.parent
    return value == "SingleStack" or (headless and value == "RequireDualStack")


def _affinity(value: Any, at: FieldPlace) -> bool:  # noqa: ANN401  # any JSON value
    sticky = at.parent.get("sessionAffinity") == "ClientIP"
    return sticky and value == {"clientIP": {"timeoutSeconds": 10800}}


def _outside(at: FieldPlace) -> bool:
    return at.spec().get("type") in _OUTSIDE


SERVICE_RULES: Final[Mapping[str, Rule]] = {
    "ServicePort.targetPort": lambda value, at: value == at.parent.get("port"),
    "ServicePort.nodePort": lambda value, at: isinstance(value, int) and _outside(at),
    "ServiceSpec.clusterIP": _address,
    "ServiceSpec.clusterIPs": _addresses,
    "ServiceSpec.ipFamilies": lambda value, _: isinstance(value, list),
    "ServiceSpec.ipFamilyPolicy": _family_policy,
    "ServiceSpec.sessionAffinityConfig": _affinity,
    "ServiceSpec.externalTrafficPolicy": lambda value, at: (
        value == "Cluster" and (_outside(at) or "externalIPs" in at.parent)
    ),
    "ServiceSpec.allocateLoadBalancerNodePorts": lambda value, at: (
        value is True and at.parent.get("type") == "LoadBalancer"
    ),
    "ServiceSpec.healthCheckNodePort": lambda value, at: (
        isinstance(value, int) and at.parent.get("externalTrafficPolicy") == "Local"
    ),
}
