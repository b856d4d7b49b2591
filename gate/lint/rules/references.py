"""Whether objects that name each other fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from gate.lint.rule import References, Rule, Scope, SetViolation, Violation
from gate.lint.selectors import Selector
from gate.lint.view import (
    Container,
    Pod,
    dig,
    is_number,
    labels,
    mapping,
    mappings,
    text,
)
from gate.lint.whole import Whole, namespace_of
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.pods import is_native
from gate.model.verdict import Action, Severity


def dangling_service(whole: Whole) -> Iterator[SetViolation]:
    """Services have pods behind them.

    Why: a service whose selector matches no pod answers nobody.

    Passes when: the selector matches a pod of the service's namespace. A service of the
    type ExternalName, or one without selector whose Endpoints stand among the manifests,
    needs none.

    Remedy: Correct the selector or the pod's labels.
    """
    for service in whole.of_kind("Service"):
        spec = mapping(service.value.get("spec"))
        if spec.get("type") == "ExternalName":
            continue
        wanted = labels(spec.get("selector"))
        namespace = namespace_of(service)
        if wanted:
            fits = whole.pods_in(namespace).any(Selector(wanted))
        else:
            fits = whole.named("Endpoints", namespace, service.name.name) is not None or any(
                dig(s.value, "metadata", "labels", "kubernetes.io/service-name")
                == service.name.name
                for s in whole.of_kind("EndpointSlice")
            )
        if not fits:
            yield service, Violation("the service selects no pod", ("spec", "selector"))


def dangling_ingress(whole: Whole) -> Iterator[SetViolation]:
    """Ingresses lead to services that exist.

    Why: a route to nowhere is an outage that no error announces.

    Passes when: each backend names a Service of the ingress's namespace and one of its ports.

    Remedy: Correct the name or the port of the backend, or add the service.
    """
    for ingress in whole.of_kind("Ingress"):
        for path, backend in _backends(ingress):
            service = mapping(backend.get("service"))
            name = text(service.get("name") or backend.get("serviceName"))
            port = dig(service, "port", "name") or dig(service, "port", "number")
            wanted = (name, port or backend.get("servicePort"), None)
            yield from _leads(whole, ingress, path, wanted)


def dangling_gateway_backend(whole: Whole) -> Iterator[SetViolation]:
    """Routes of a gateway lead to services that exist.

    Why: a route to nowhere is an outage that no error announces.

    Passes when: each backendRef of the kind Service names one of its namespace, and one of
    its ports.

    Remedy: Correct the backendRef, or add the service.
    """
    for route in whole.of_kind("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"):
        for index, rule in mappings(dig(route.value, "spec", "rules")):
            for position, backend in mappings(rule.get("backendRefs")):
                if backend.get("kind", "Service") != "Service" or backend.get("group"):
                    continue
                path = ("spec", "rules", index, "backendRefs", position)
                namespace = text(backend.get("namespace")) or namespace_of(route)
                wanted = (text(backend.get("name")), backend.get("port"), namespace)
                yield from _leads(whole, route, path, wanted)


def dangling_horizontalpodautoscaler(whole: Whole) -> Iterator[SetViolation]:
    """Autoscalers scale something that exists.

    Why: one that names nothing never scales, and the workload stays as small as it is.

    Passes when: an object of the target's kind and name stands in the same namespace.

    Remedy: Correct scaleTargetRef, or add the workload.
    """
    for scaler in whole.of_kind("HorizontalPodAutoscaler"):
        target = mapping(dig(scaler.value, "spec", "scaleTargetRef"))
        kind, name = text(target.get("kind")), text(target.get("name"))
        if not whole.named(kind, namespace_of(scaler), name):
            yield scaler, Violation(f"there is no {kind} {name}", ("spec", "scaleTargetRef"))


def dangling_servicemonitor(whole: Whole) -> Iterator[SetViolation]:
    """Service monitors watch a service.

    Why: one that selects none records nothing, and no alert ever fires.

    Passes when: the selector matches a Service of the namespaces that are named, or of any
    where none is.

    Remedy: Correct the selector, the namespaceSelector or the service's labels.
    """
    for monitor in whole.of_kind("ServiceMonitor"):
        spec = mapping(monitor.value.get("spec"))
        chosen = mapping(spec.get("namespaceSelector"))
        names = chosen.get("matchNames")
        namespaces = names if isinstance(names, list) and names else list(whole.namespaces)
        selector = Selector.parse(spec.get("selector"))
        if not any(whole.services_in(n).any(selector) for n in namespaces if isinstance(n, str)):
            yield monitor, Violation("the monitor selects no service", ("spec", "selector"))


def mismatching_selector(obj: KubernetesObject) -> Iterator[Violation]:
    """Workloads select the pods that they make.

    Why: the API server refuses a workload whose selector does not match its template.

    Passes when: spec.selector matches the labels of spec.template.

    Remedy: Make the labels of the template those of the selector.
    """
    if not is_native(obj) and obj.name.kind != "DeploymentConfig":
        return  # a kind of the same name in another group has its own rules
    spec = mapping(obj.value.get("spec"))
    found = mapping(spec.get("selector"))
    plain = found and not {"matchLabels", "matchExpressions"} & found.keys()
    selector = Selector(labels(found)) if plain else Selector.parse(found)
    marked = labels(dig(spec, "template", "metadata", "labels"))
    path: Path = ("spec", "selector")
    if selector.is_empty:
        if obj.name.kind not in ("ReplicationController", "DeploymentConfig"):
            yield Violation("the workload has no selector", path)
    elif not selector.matches(marked):
        yield Violation("the selector does not match the template's labels", path)


def statefulset_service_name(whole: Whole) -> Iterator[SetViolation]:
    """Stateful sets have their headless service.

    Why: without it, their pods have no stable names.

    Passes when: serviceName names a Service with clusterIP None in the same namespace,
    whose selector matches the pods.

    Remedy: Add the headless service, and name it in serviceName.
    """
    for obj in whole.of_kind("StatefulSet"):
        name = text(dig(obj.value, "spec", "serviceName"))
        service = whole.named("Service", namespace_of(obj), name)
        spec = mapping(service.value.get("spec")) if service else {}
        marked = labels(dig(obj.value, "spec", "template", "metadata", "labels"))
        fits = Selector(labels(spec.get("selector"))).matches(marked)
        if spec.get("clusterIP") != "None" or not fits:
            path = ("spec", "serviceName")
            yield obj, Violation(f"no headless service {name} selects the pods", path)


def env_value_from(whole: Whole) -> Iterator[SetViolation]:
    """Variables come from secrets and config maps that exist.

    Why: a container whose reference leads nowhere never starts.

    Passes when: each secretKeyRef and configMapKeyRef that is not optional names an object
    of the pod's namespace and one of its keys.

    Remedy: Correct the name or the key, or add the object.
    """
    for pod in whole.all_pods:
        for container in pod.containers:
            for index, variable in mappings(container.value.get("env")):
                for key, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
                    wanted = mapping(dig(variable, "valueFrom", key))
                    if wanted and wanted.get("optional") is not True:
                        problem = _lacks(whole, pod, kind, wanted)
                        if problem:
                            path = (*container.path, "env", index, "valueFrom", key)
                            yield pod.object, Violation(problem, path, container.name)


def pdb_min_available(whole: Whole) -> Iterator[SetViolation]:
    """Disruption budgets leave a pod to move.

    Why: when all replicas must stay available, no node can ever be drained.

    Passes when: minAvailable is below the replicas (of an autoscaled workload, below
    minReplicas) of each workload that the budget selects, and is not 100%.

    Remedy: Lower minAvailable, or use maxUnavailable: 1.
    """
    for budget in whole.of_kind("PodDisruptionBudget"):
        least = dig(budget.value, "spec", "minAvailable")
        path = ("spec", "minAvailable")
        if least == "100%":
            yield budget, Violation("no pod may ever be moved", path)
            continue
        selector = Selector.parse(dig(budget.value, "spec", "selector"))
        if least is None or selector.is_empty:
            continue
        for pod in whole.pods_in(namespace_of(budget)).matching(selector):
            count = _at_least(whole, pod)
            if pod.kind in _SCALED and _share(least, count) >= count:
                message = f"all {count} replicas of {pod.object.name.name} must stay"
                yield budget, Violation(message, path)
                break


def pdb_missing(whole: Whole) -> Iterator[SetViolation]:
    """Replicated workloads have a disruption budget.

    Why: without one, draining two nodes may take every replica at once.

    Passes when: a PodDisruptionBudget of the namespace selects the pods of each workload
    with more than one replica.

    Remedy: Add a disruption budget with maxUnavailable: 1.
    """
    guarded = {
        id(pod)
        for budget in whole.of_kind("PodDisruptionBudget")
        for pod in whole.pods_in(namespace_of(budget)).matching(
            Selector.parse(dig(budget.value, "spec", "selector"))
        )
    }
    for pod in whole.all_pods:
        if pod.kind in _SCALED and _at_least(whole, pod) > 1 and id(pod) not in guarded:
            yield pod.object, Violation("no disruption budget selects the pods", ("spec",))


def hpa_static_replicas(whole: Whole) -> Iterator[SetViolation]:
    """Autoscaled workloads do not fix their replicas.

    Why: each release sets the number back, in the middle of the load.

    Passes when: replicas is unset on each target of an autoscaler.

    Remedy: Remove replicas.
    """
    for kind, namespace, name in whole.autoscaled:
        obj = whole.named(kind, namespace, name)
        if obj and dig(obj.value, "spec", "replicas") is not None:
            yield obj, Violation("an autoscaler owns this number", ("spec", "replicas"))


def invalid_target_ports(whole: Whole) -> Iterator[SetViolation]:
    """Ports of services, and names of container ports, are valid.

    Why: the API server refuses the object.

    Passes when: each port is 1 to 65535, or a name of at most 15 lowercase letters, digits
    and single hyphens with at least one letter, which no other port of the container has.

    Remedy: Correct the port.
    """
    for service in whole.of_kind("Service"):
        for index, port in mappings(dig(service.value, "spec", "ports")):
            for key in ("targetPort", "port"):
                if problem := _port(port.get(key)):
                    yield service, Violation(problem, ("spec", "ports", index, key))
    for pod in whole.all_pods:
        for container in pod.containers:
            for violation in _container_ports(container):
                yield pod.object, violation


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


def liveness_port(container: Container) -> Iterator[Violation]:
    """Liveness probes ask a port that the container has.

    Why: a probe of a closed port restarts a healthy container for ever.

    Passes when: the port of the livenessProbe is among the container's TCP ports.

    Remedy: Correct the probe's port, or list the port.
    """
    yield from _probe(container, "livenessProbe")


def readiness_port(container: Container) -> Iterator[Violation]:
    """Readiness probes ask a port that the container has.

    Why: a probe of a closed port keeps a healthy container from ever getting traffic.

    Passes when: the port of the readinessProbe is among the container's TCP ports.

    Remedy: Correct the probe's port, or list the port.
    """
    yield from _probe(container, "readinessProbe")


def startup_port(container: Container) -> Iterator[Violation]:
    """Startup probes ask a port that the container has.

    Why: a probe of a closed port never lets the container start.

    Passes when: the port of the startupProbe is among the container's TCP ports.

    Remedy: Correct the probe's port, or list the port.
    """
    yield from _probe(container, "startupProbe")


def duplicate_env_var(container: Container) -> Iterator[Violation]:
    """Each variable is set once.

    Why: which of the two counts depends on the order, and one of them is a mistake.

    Passes when: no name stands twice in env.

    Remedy: Remove one of the two.
    """
    seen: set[str] = set()
    for index, variable in mappings(container.value.get("env")):
        name = text(variable.get("name"))
        if name and name in seen:
            path = (*container.path, "env", index, "name")
            yield Violation(f"the variable {name} is set twice", path)
        seen.add(name)


def _backends(ingress: KubernetesObject) -> Iterator[tuple[Path, dict[str, Any]]]:
    spec = mapping(ingress.value.get("spec"))
    for key in ("defaultBackend", "backend"):
        if isinstance(spec.get(key), dict):
            yield ("spec", key), spec[key]
    for index, rule in mappings(spec.get("rules")):
        for position, entry in mappings(dig(rule, "http", "paths")):
            if isinstance(entry.get("backend"), dict):
                yield (
                    ("spec", "rules", index, "http", "paths", position, "backend"),
                    entry["backend"],
                )


def _leads(
    whole: Whole,
    obj: KubernetesObject,
    path: Path,
    target: tuple[str, Any, str | None],
) -> Iterator[SetViolation]:
    name, port, namespace = target
    if not name:
        return
    service = whole.named("Service", namespace_of(obj) if namespace is None else namespace, name)
    if service is None:
        yield obj, Violation(f"there is no service {name}", path)
        return
    ports = [p for _, p in mappings(dig(service.value, "spec", "ports"))]
    if port is not None and not any(port in (p.get("port"), p.get("name")) for p in ports):
        yield obj, Violation(f"the service {name} has no port {port}", path)


def _lacks(whole: Whole, pod: Pod, kind: str, wanted: dict[str, Any]) -> str | None:
    name, key = text(wanted.get("name")), text(wanted.get("key"))
    found = whole.named(kind, namespace_of(pod.object), name)
    if found is None:
        return f"there is no {kind} {name}"
    parts = ("data", "stringData", "binaryData")
    if any(key in mapping(found.value.get(part)) for part in parts):
        return None
    return f"the {kind} {name} has no key {key}"


def _at_least(whole: Whole, pod: Pod) -> int | float:
    name = pod.object.name
    scaler = whole.autoscaled.get((name.kind, name.namespace or "", name.name))
    source = dig(scaler.value, "spec", "minReplicas") if scaler else None
    count = source if source is not None else dig(pod.object.value, "spec", "replicas")
    return count if is_number(count) else 1


def _share(least: Any, count: float) -> float:  # noqa: ANN401  # any JSON value
    """Return how many of `count` pods a number or a percentage means, rounded up."""
    if is_number(least):
        return least
    if isinstance(least, str) and (found := re.fullmatch(r"([0-9]{1,3})%?", least, re.ASCII)):
        number = int(found[1])
        return -(-number * count // 100) if least.endswith("%") else number
    return 0


def _port(value: Any, *, named: bool = False) -> str | None:  # noqa: ANN401  # any JSON value
    if is_number(value):
        return None if 1 <= value <= _LAST_PORT else f"the port {value} is not 1 to 65535"
    if not isinstance(value, str):
        return None
    if not named and value.isascii() and value.isdigit():
        return f"the port {value} is text, and stands for a name"
    if _PORT_NAME.fullmatch(value) and "--" not in value and re.search("[a-z]", value):
        return None
    return f"the port's name {value} is not valid"


def _probe(container: Container, key: str) -> Iterator[Violation]:
    if container.kind != "containers":
        return
    probe = mapping(container.value.get(key))
    listed = [
        p for _, p in mappings(container.value.get("ports")) if p.get("protocol", "TCP") == "TCP"
    ]
    for how in ("httpGet", "tcpSocket", "grpc"):
        port = dig(probe, how, "port")
        if port is not None and not any(
            port in (p.get("containerPort"), p.get("name")) for p in listed
        ):
            path = (*container.path, key, how, "port")
            yield Violation(f"the container lists no port {port}", path)


_LAST_PORT: Final = 65535
_PORT_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?", re.ASCII)
_SCALED: Final = ("Deployment", "StatefulSet", "ReplicaSet", "DeploymentConfig", "Rollout")

RULES: Final = (
    Rule(
        "dangling-service",
        Severity.MEDIUM,
        Action.BLOCK,
        Scope.SET,
        dangling_service,
        References(
            peers={
                "kube-linter": ("dangling-service",),
                "kubescape": ("service-with-no-workload",),
                "kube-score": ("Service Targets Pod",),
            }
        ),
        referential=True,
    ),
    Rule(
        "dangling-ingress",
        Severity.MEDIUM,
        Action.BLOCK,
        Scope.SET,
        dangling_ingress,
        References(
            peers={
                "kube-linter": ("dangling-ingress",),
                "kubescape": ("dangling-ingress-backend",),
                "kube-score": ("Ingress targets Service",),
            }
        ),
        referential=True,
    ),
    Rule(
        "dangling-gateway-backend",
        Severity.MEDIUM,
        Action.WARN,
        Scope.SET,
        dangling_gateway_backend,
        References(peers={"kubescape": ("dangling-gateway-backend",)}),
        referential=True,
    ),
    Rule(
        "dangling-horizontalpodautoscaler",
        Severity.MEDIUM,
        Action.WARN,
        Scope.SET,
        dangling_horizontalpodautoscaler,
        References(
            peers={
                "kube-linter": ("dangling-horizontalpodautoscaler",),
                "kubescape": ("hpa-has-target",),
                "kube-score": ("HorizontalPodAutoscaler has target",),
            }
        ),
        referential=True,
    ),
    Rule(
        "dangling-servicemonitor",
        Severity.LOW,
        Action.WARN,
        Scope.SET,
        dangling_servicemonitor,
        References(peers={"kube-linter": ("dangling-servicemonitor",)}),
        referential=True,
    ),
    Rule(
        "mismatching-selector",
        Severity.HIGH,
        Action.BLOCK,
        Scope.OBJECT,
        mismatching_selector,
        References(
            peers={
                "kube-linter": ("mismatching-selector",),
                "kubescape": ("mismatching-selector",),
                "kube-score": ("StatefulSet Pod Selector labels match template metadata labels",),
            }
        ),
        kinds=frozenset(
            (
                "Deployment",
                "StatefulSet",
                "DaemonSet",
                "ReplicaSet",
                "ReplicationController",
                "DeploymentConfig",
            )
        ),
    ),
    Rule(
        "statefulset-service-name",
        Severity.MEDIUM,
        Action.WARN,
        Scope.SET,
        statefulset_service_name,
        References(peers={"kube-score": ("StatefulSet has ServiceName",)}),
        referential=True,
    ),
    Rule(
        "env-value-from",
        Severity.MEDIUM,
        Action.BLOCK,
        Scope.SET,
        env_value_from,
        References(peers={"kube-linter": ("env-value-from",)}),
        referential=True,
    ),
    Rule(
        "pdb-min-available",
        Severity.MEDIUM,
        Action.WARN,
        Scope.SET,
        pdb_min_available,
        References(
            peers={
                "kube-linter": ("pdb-min-available",),
                "polaris": ("pdbMinAvailableGreaterThanHPAMinReplicas",),
            }
        ),
    ),
    Rule(
        "pdb-missing",
        Severity.LOW,
        None,
        Scope.SET,
        pdb_missing,
        References(
            peers={
                "polaris": ("missingPodDisruptionBudget",),
                "kube-score": (
                    "Deployment has PodDisruptionBudget",
                    "StatefulSet has PodDisruptionBudget",
                ),
            }
        ),
        referential=True,
    ),
    Rule(
        "hpa-static-replicas",
        Severity.LOW,
        Action.WARN,
        Scope.SET,
        hpa_static_replicas,
        References(
            peers={"kube-score": ("Deployment targeted by HPA does not have replicas configured",)}
        ),
    ),
    Rule(
        "invalid-target-ports",
        Severity.HIGH,
        Action.BLOCK,
        Scope.SET,
        invalid_target_ports,
        References(
            peers={
                "kube-linter": ("invalid-target-ports",),
                "kube-score": ("Container Ports Check",),
            }
        ),
    ),
    Rule(
        "liveness-port",
        Severity.MEDIUM,
        Action.BLOCK,
        Scope.CONTAINER,
        liveness_port,
        References(peers={"kube-linter": ("liveness-port",)}),
    ),
    Rule(
        "readiness-port",
        Severity.MEDIUM,
        Action.BLOCK,
        Scope.CONTAINER,
        readiness_port,
        References(peers={"kube-linter": ("readiness-port",)}),
    ),
    Rule(
        "startup-port",
        Severity.MEDIUM,
        Action.BLOCK,
        Scope.CONTAINER,
        startup_port,
        References(peers={"kube-linter": ("startup-port",)}),
    ),
    Rule(
        "duplicate-env-var",
        Severity.MEDIUM,
        Action.BLOCK,
        Scope.CONTAINER,
        duplicate_env_var,
        References(
            peers={
                "kube-linter": ("duplicate-env-var",),
                "kubescape": ("duplicate-env-var",),
                "kube-score": ("Environment Variable Key Duplication",),
            }
        ),
    ),
)
