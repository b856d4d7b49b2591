"""Ports of containers and services, and the probes that ask them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from gate.documents.lenient import dig, is_number, mapping, mappings
from gate.lint.facts.contents import Contents
from gate.lint.facts.kinds import is_of
from gate.lint.facts.view import Container
from gate.lint.rule import References, Scope, Standard, Violation, lint_rule
from gate.model.document import Path
from gate.model.expressions import expression
from gate.model.verdict import Action, Severity


@lint_rule(
    "ssh-port",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTENTS,
    References(
        owasp_2022="K07",
        owasp_2025="K05",
        peers={"kube-linter": ("ssh-port",), "kubescape": ("rule-can-ssh-to-pod-v1",)},
    ),
)
def ssh_port(held: Contents) -> Iterator[Violation]:
    """Containers and services offer no SSH.

    Why: a shell server in a container is a way in that no access control of the cluster sees.

    Passes when: no container port, and no port or targetPort of a service, is 22 over TCP.

    Remedy: Remove the port, and use kubectl exec where a shell is needed.
    """
    for container in held.containers():
        for where in _ssh(container.value.get("ports"), "containerPort"):
            path = (*container.path, "ports", *where)
            yield Violation("the container offers port 22", path, container.name)
    for where in _ssh(_service_ports(held), "targetPort", "port"):
        yield Violation("the service offers port 22", ("spec", "ports", *where))


@lint_rule(
    "privileged-ports",
    Severity.LOW,
    None,
    Scope.CONTAINER,
    References(
        owasp_2022="K01",
        owasp_2025="K01",
        peers={"kube-linter": ("privileged-ports",), "trivy": ("KSV-0117",)},
    ),
)
def privileged_ports(container: Container) -> Iterator[Violation]:
    """Containers listen on ports that need no privilege.

    Why: ports below 1024 make images run as root or with NET_BIND_SERVICE.

    Passes when: each containerPort is 1024 or more.

    Remedy: Listen on a high port, and map it in the Service.
    """
    for index, port in mappings(container.value.get("ports")):
        number = port.get("containerPort")
        if is_number(number) and 0 < number < _UNPRIVILEGED:
            yield Violation(
                f"the container listens on port {number}",
                (*container.path, "ports", index, "containerPort"),
            )


@lint_rule(
    "invalid-target-ports",
    Severity.HIGH,
    Action.BLOCK,
    Scope.CONTENTS,
    References(
        peers={
            "kube-linter": ("invalid-target-ports",),
            "kube-score": ("Container Ports Check",),
        }
    ),
)
def invalid_target_ports(held: Contents) -> Iterator[Violation]:
    """Ports of services, and names of container ports, are valid.

    Why: the API server refuses the object.

    Passes when: each port is 1 to 65535, or a name of at most 15 lowercase letters, digits
    and single hyphens with at least one letter, which no other port of the container has.

    Remedy: Correct the port.
    """
    for index, port in mappings(_service_ports(held)):
        for key in ("targetPort", "port"):
            if problem := _port(port.get(key)):
                yield Violation(problem, ("spec", "ports", index, key))
    for container in held.containers():
        yield from _container_ports(container)


@lint_rule(
    "liveness-port",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.CONTAINER,
    References(peers={"kube-linter": ("liveness-port",)}),
)
def liveness_port(container: Container) -> Iterator[Violation]:
    """Liveness probes ask a port that the container has.

    Why: a probe of a closed port restarts a healthy container for ever.

    Passes when: the port of the livenessProbe is among the container's TCP ports. The profile gate
    blocks where the probe names a port that the container does not have, which can never answer.
    It only warns about a number: a container may listen on a port that it does not list.

    Remedy: Correct the probe's port, or list the port.
    """
    yield from _probe(container, "livenessProbe")


@lint_rule(
    "readiness-port",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.CONTAINER,
    References(peers={"kube-linter": ("readiness-port",)}),
)
def readiness_port(container: Container) -> Iterator[Violation]:
    """Readiness probes ask a port that the container has.

    Why: a probe of a closed port keeps a healthy container from ever getting traffic.

    Passes when: the port of the readinessProbe is among the container's TCP ports. The profile gate
    blocks where the probe names a port that the container does not have, which can never answer.
    It only warns about a number: a container may listen on a port that it does not list.

    Remedy: Correct the probe's port, or list the port.
    """
    yield from _probe(container, "readinessProbe")


@lint_rule(
    "startup-port",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.CONTAINER,
    References(peers={"kube-linter": ("startup-port",)}),
)
def startup_port(container: Container) -> Iterator[Violation]:
    """Startup probes ask a port that the container has.

    Why: a probe of a closed port never lets the container start.

    Passes when: the port of the startupProbe is among the container's TCP ports. The profile gate
    blocks where the probe names a port that the container does not have, which can never answer.
    It only warns about a number: a container may listen on a port that it does not list.

    Remedy: Correct the probe's port, or list the port.
    """
    yield from _probe(container, "startupProbe")


@lint_rule(
    "lifecycle-port",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.CONTAINER,
    References(),
)
def lifecycle_port(container: Container) -> Iterator[Violation]:
    """Lifecycle hooks ask a port that the container has.

    Why: the kubelet kills a container whose postStart hook fails, and ends one whose preStop hook
    fails without the work that the hook should do.

    Passes when: the port of lifecycle.postStart and lifecycle.preStop is among the container's TCP
    ports. The profile gate blocks where the hook names a port that the container does not have,
    which can never answer. It only warns about a number: a container may listen on a port that it
    does not list.

    Remedy: Correct the hook's port, or list the port.
    """
    for key in ("postStart", "preStop"):
        yield from _asked_port(container, ("lifecycle", key))


@lint_rule(
    "host-probe-target",
    Severity.MEDIUM,
    Action.WARN,
    Scope.CONTAINER,
    References(
        pss=Standard.BASELINE,
        admission=("hostProbesAndHostLifecycle",),
        owasp_2022="K01",
        owasp_2025="K05",
    ),
    versioned=True,
)
def host_probe_target(container: Container, *, kubernetes: int) -> Iterator[Violation]:
    """Probes and lifecycle hooks call the pod itself.

    Why: the kubelet makes the call, so a host in it reaches what only the node can reach.

    Passes when: no httpGet and no tcpSocket names a host, not even 127.0.0.1. Asked from
    Kubernetes 1.34 on.

    Remedy: Remove host from the probe or hook.
    """
    if kubernetes < _HOST_PROBES:
        return
    for path, handler in handlers(container):
        for key in ("httpGet", "tcpSocket"):
            host = dig(handler, key, "host")
            if host not in (None, ""):
                yield Violation(f"the kubelet is sent to {host}", (*path, key, "host"))


def handlers(container: Container) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each probe and lifecycle hook of a container, with its place."""
    for key in ("livenessProbe", "readinessProbe", "startupProbe"):
        yield (*container.path, key), mapping(container.value.get(key))
    for key in ("postStart", "preStop"):
        yield (
            (*container.path, "lifecycle", key),
            mapping(dig(container.value, "lifecycle", key)),
        )


def _service_ports(held: Contents) -> object:
    """Return the ports of a service; None for any other object."""
    obj = held.object
    return dig(obj.value, "spec", "ports") if is_of(obj, ("Service",)) else None


def _ssh(ports: object, *keys: str) -> Iterator[tuple[int, str]]:
    """Yield the index and the key of each port that is 22 over TCP."""
    for index, port in mappings(ports):
        key = next((key for key in keys if port.get(key) == _SSH), None)
        if key and port.get("protocol", "TCP") == "TCP":
            yield index, key


def _container_ports(container: Container) -> Iterator[Violation]:
    seen: set[str] = set()
    for index, port in mappings(container.value.get("ports")):
        name = port.get("name")
        if not isinstance(name, str):
            continue
        twice = f"two ports are called {name}" if name in seen else None
        seen.add(name)
        if problem := _port(name, named=True) or twice:
            yield Violation(problem, (*container.path, "ports", index, "name"), container.name)


def _port(value: Any, *, named: bool = False) -> str | None:  # noqa: ANN401  # any JSON value
    if is_number(value):
        return None if 1 <= value <= _LAST_PORT else f"the port {value} is not 1 to 65535"
    if not isinstance(value, str):
        return None
    if not named and value.isascii() and value.isdigit():
        return f"the port {value} is text, and means a name"
    if _PORT_NAME.fullmatch(value) and "--" not in value and re.search("[a-z]", value):
        return None
    return f"the port's name {value} is not valid"


def _probe(container: Container, key: str) -> Iterator[Violation]:
    if container.is_long_running:
        yield from _asked_port(container, (key,))


def _asked_port(container: Container, keys: tuple[str, ...]) -> Iterator[Violation]:
    """Yield the port that a probe or hook asks and the container does not list."""
    handler = dig(container.value, *keys)
    listed = [
        p for _, p in mappings(container.value.get("ports")) if p.get("protocol", "TCP") == "TCP"
    ]
    for how in ("httpGet", "tcpSocket", "grpc"):
        port = dig(handler, how, "port")
        if port is not None and not any(
            port in (p.get("containerPort"), p.get("name")) for p in listed
        ):
            path = (*container.path, *keys, how, "port")
            unlisted = is_number(port) or (isinstance(port, str) and port.isdecimal())
            yield Violation(f"the container lists no port {port}", path, doubtful=unlisted)


_HOST_PROBES: Final = 34
_SSH: Final = 22
_UNPRIVILEGED: Final = 1024
_LAST_PORT: Final = 65535
_PORT_NAME: Final = expression(r"[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?", re.ASCII)

RULES: Final = (
    ssh_port,
    privileged_ports,
    invalid_target_ports,
    liveness_port,
    readiness_port,
    startup_port,
    lifecycle_port,
    host_probe_target,
)
