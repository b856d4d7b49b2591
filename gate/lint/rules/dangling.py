"""Objects that lead to others: services, routes, autoscalers, monitors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.documents.lenient import dig, labels, mapping, mappings, text
from gate.lint.facts.selectors import Selector
from gate.lint.facts.whole import Whole, namespace_of
from gate.lint.rule import References, Scope, SetViolation, Violation, lint_rule
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.verdict import Action, Severity


@lint_rule(
    "dangling-service",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.SET,
    References(
        peers={
            "kube-linter": ("dangling-service",),
            "kubescape": ("service-with-no-workload",),
            "kube-score": ("Service Targets Pod",),
        }
    ),
    referential=True,
)
def dangling_service(whole: Whole) -> Iterator[SetViolation]:
    """Services have pods behind them.

    Why: a service whose selector matches no pod answers nobody.

    Passes when: the selector matches a pod of the service's namespace. A service of the
    type ExternalName needs no pod, and neither does one without a selector: somebody else
    writes its endpoints.

    Remedy: Correct the selector or the pod's labels.
    """
    for service in whole.of_kind("Service"):
        spec = mapping(service.value.get("spec"))
        wanted = labels(spec.get("selector"))
        if spec.get("type") == "ExternalName" or not wanted:
            continue
        if not whole.pods_in(namespace_of(service)).any(Selector(wanted)):
            yield service, Violation("the service selects no pod", ("spec", "selector"))


@lint_rule(
    "dangling-ingress",
    Severity.MEDIUM,
    Action.BLOCK,
    Scope.SET,
    References(
        peers={
            "kube-linter": ("dangling-ingress",),
            "kubescape": ("dangling-ingress-backend",),
            "kube-score": ("Ingress targets Service",),
        }
    ),
    referential=True,
)
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


@lint_rule(
    "dangling-gateway-backend",
    Severity.MEDIUM,
    Action.WARN,
    Scope.SET,
    References(peers={"kubescape": ("dangling-gateway-backend",)}),
    referential=True,
)
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


@lint_rule(
    "dangling-horizontalpodautoscaler",
    Severity.MEDIUM,
    Action.WARN,
    Scope.SET,
    References(
        peers={
            "kube-linter": ("dangling-horizontalpodautoscaler",),
            "kubescape": ("hpa-has-target",),
            "kube-score": ("HorizontalPodAutoscaler has target",),
        }
    ),
    referential=True,
)
def dangling_horizontalpodautoscaler(whole: Whole) -> Iterator[SetViolation]:
    """Autoscalers scale something that exists.

    Why: one that names nothing never scales, and the workload stays as small as it is.

    Passes when: an object of the target's kind and name is in the same namespace.

    Remedy: Correct scaleTargetRef, or add the workload.
    """
    for scaler in whole.of_kind("HorizontalPodAutoscaler"):
        target = mapping(dig(scaler.value, "spec", "scaleTargetRef"))
        kind, name = text(target.get("kind")), text(target.get("name"))
        if not whole.named(kind, namespace_of(scaler), name):
            yield scaler, Violation(f"there is no {kind} {name}", ("spec", "scaleTargetRef"))


@lint_rule(
    "dangling-servicemonitor",
    Severity.LOW,
    Action.WARN,
    Scope.SET,
    References(peers={"kube-linter": ("dangling-servicemonitor",)}),
    referential=True,
)
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


@lint_rule(
    "statefulset-service-name",
    Severity.MEDIUM,
    Action.WARN,
    Scope.SET,
    References(peers={"kube-score": ("StatefulSet has ServiceName",)}),
    referential=True,
)
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
            named = f"service {name}" if name else "service"
            yield obj, Violation(f"no headless {named} selects the pods", path)


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
    if port is not None and not any(port in known for known in whole.ports_of(service)):
        yield obj, Violation(f"the service {name} has no port {port}", path)


RULES: Final = (
    dangling_service,
    dangling_ingress,
    dangling_gateway_backend,
    dangling_horizontalpodautoscaler,
    dangling_servicemonitor,
    statefulset_service_name,
)
