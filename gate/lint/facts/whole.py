"""All objects of a run at once, indexed so that set rules stay linear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from gate.documents.lenient import dig, is_number, labels, mappings
from gate.lint.facts.kinds import is_of
from gate.lint.facts.offered import ListedPort, listed_ports
from gate.lint.facts.selectors import Selector
from gate.lint.facts.view import PodKey, pods
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject
from gate.model.records import dataclass

if TYPE_CHECKING:
    from gate.lint.kubernetes.definitions import CustomKind

T = TypeVar("T")


def namespace_of(obj: KubernetesObject) -> str:
    """Return the object's namespace; empty where the manifest does not say."""
    return obj.name.namespace or ""


class Labelled(Generic[T]):
    """Things of one namespace, found by their labels."""

    def __init__(self) -> None:
        """Begin empty."""
        self._all: list[tuple[Mapping[str, str], T]] = []
        self._by_label: dict[tuple[str, str], list[tuple[Mapping[str, str], T]]] = defaultdict(list)

    def add(self, marked: Mapping[str, str], thing: T) -> None:
        """Add a thing and its labels."""
        self._all.append((marked, thing))
        for pair in marked.items():
            self._by_label[pair].append((marked, thing))

    def matching(self, selector: Selector) -> Iterator[T]:
        """Yield what a selector selects; an empty selector selects all."""
        candidates: Sequence[tuple[Mapping[str, str], T]] = self._all
        for pair in selector.equal.items():
            found = self._by_label.get(pair, [])
            if len(found) < len(candidates):
                candidates = found
        for marked, thing in candidates:
            if selector.matches(marked):
                yield thing

    def __iter__(self) -> Iterator[T]:
        """Yield all things in the order in which they were added."""
        return (thing for _, thing in self._all)

    def any(self, selector: Selector) -> bool:
        """Whether a selector selects anything."""
        return next(self.matching(selector), None) is not None


@dataclass(frozen=True, slots=True)
class SelectedPod:
    """A pod as those see it who select pods by labels; it keeps nothing of the pod's value."""

    object: KubernetesObject
    path: Path
    """From the object's root."""
    is_whole: bool
    """Whether it is all of the pod; False where something else completes it."""
    ports: tuple[ListedPort, ...]
    """What its containers list."""
    replicas: float
    """How often the object that holds it runs it."""

    @property
    def key(self) -> PodKey:
        """The key of the pod itself."""
        return id(self.object), self.path

    @property
    def kind(self) -> str:
        """The kind of the object that holds the pod."""
        return self.object.name.kind


def replicas(obj: KubernetesObject) -> float:
    """Return how many pods a workload runs, as it says itself; 1 where it does not."""
    count = dig(obj.value, "spec", "replicas")
    return count if is_number(count) else 1


@dataclass(frozen=True)
class Whole:
    """Every object of a run, with what one of them asks of the others.

    Values of objects are rebuilt when they are asked for: a rule takes the objects in their
    order, and what it asks of an object again and again is a fact that is kept here.
    """

    objects: Sequence[KubernetesObject]
    definitions: Sequence[KubernetesObject] = ()
    """Definitions of custom kinds that are there besides, as the policy says."""

    def of_kind(self, *kinds: str) -> Iterator[KubernetesObject]:
        """Yield the objects of some kinds, without those of other API groups' kinds."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    def named(self, kind: str, namespace: str, name: str) -> KubernetesObject | None:
        """Return the object of that name; None where there is none."""
        return self._by_name.get((kind, namespace, name))

    def all_named(self, kind: str) -> Iterator[tuple[str, KubernetesObject]]:
        """Yield the objects that `named` returns for a kind, each with its namespace."""
        for (named, namespace, _), obj in self._by_name.items():
            if named == kind:
                yield namespace, obj

    def ports_of(self, service: KubernetesObject) -> Sequence[tuple[object, object]]:
        """Return number and name of each port of a service, as they are written."""
        ports = self._service_ports.get(id(service))
        if ports is None:
            listed = mappings(dig(service.value, "spec", "ports"))
            ports = [(port.get("port"), port.get("name")) for _, port in listed]
            self._service_ports[id(service)] = ports
        return ports

    def pods_in(self, namespace: str) -> Labelled[SelectedPod]:
        """Return the pods of a namespace."""
        return self._pods.get(namespace) or Labelled()

    def services_in(self, namespace: str) -> Labelled[KubernetesObject]:
        """Return the services of a namespace."""
        return self._services.get(namespace) or Labelled()

    @cached_property
    def custom_kinds(self) -> Mapping[tuple[str, str], tuple[CustomKind, ...]]:
        """The custom kinds that are defined, by group and kind."""
        defined = [
            obj
            for obj in chain(self.objects, self.definitions)
            if obj.name.kind == "CustomResourceDefinition"
        ]
        if not defined:
            return {}
        from gate.lint.kubernetes.definitions import custom_kinds  # noqa: PLC0415  # few runs need it

        return custom_kinds(defined)

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that any object is in."""
        return frozenset(map(namespace_of, self.objects))

    @cached_property
    def _by_kind(self) -> dict[str, list[KubernetesObject]]:
        found: dict[str, list[KubernetesObject]] = defaultdict(list)
        for obj in self.objects:
            if is_of(obj, (obj.name.kind,)):
                found[obj.name.kind].append(obj)
        return found

    @cached_property
    def _by_name(self) -> dict[tuple[str, str, str], KubernetesObject]:
        return {(o.name.kind, namespace_of(o), o.name.name): o for o in reversed(self.objects)}

    @cached_property
    def _service_ports(self) -> dict[int, list[tuple[object, object]]]:
        return {}

    @cached_property
    def cluster_roles(self) -> Labelled[KubernetesObject]:
        """The cluster roles, by their labels."""
        found: Labelled[KubernetesObject] = Labelled()
        for role in self.of_kind("ClusterRole"):
            found.add(labels(dig(role.value, "metadata", "labels")), role)
        return found

    @cached_property
    def pod_places(self) -> Mapping[int, Sequence[Path]]:
        """Where the pods of an object are, by its identity; only of objects that hold some."""
        places: dict[int, list[Path]] = defaultdict(list)
        for pod in chain.from_iterable(self._pods.values()):
            places[id(pod.object)].append(pod.path)
        return places

    @cached_property
    def _pods(self) -> dict[str, Labelled[SelectedPod]]:
        found: dict[str, Labelled[SelectedPod]] = defaultdict(Labelled)
        for obj in self.objects:
            for pod in pods(obj):
                # A workload without template labels still says in its selector whom it means.
                chosen = pod.labels or labels(dig(obj.value, "spec", "selector", "matchLabels"))
                ports = tuple(listed_ports(pod))
                seen = SelectedPod(obj, pod.path, pod.whole, ports, replicas(obj))
                found[namespace_of(obj)].add(chosen, seen)
                pod.containers.clear()  # they name their pod: else only a collector frees both
        return found

    @cached_property
    def _services(self) -> dict[str, Labelled[KubernetesObject]]:
        found: dict[str, Labelled[KubernetesObject]] = defaultdict(Labelled)
        for service in self.of_kind("Service"):
            marked = labels(dig(service.value, "metadata", "labels"))
            found[namespace_of(service)].add(marked, service)
        return found

    @cached_property
    def autoscaled(self) -> dict[tuple[str, str, str], KubernetesObject]:
        """The autoscaler of each workload, by the workload's kind, namespace and name."""
        return {
            (str(target.get("kind")), namespace_of(scaler), str(target.get("name"))): scaler
            for scaler, target in self._targets()
        }

    def _targets(self) -> Iterable[tuple[KubernetesObject, dict[str, Any]]]:
        for scaler in self.of_kind("HorizontalPodAutoscaler"):
            target = dig(scaler.value, "spec", "scaleTargetRef")
            if isinstance(target, dict):
                yield scaler, target
