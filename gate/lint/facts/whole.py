"""All objects of a run at once, indexed so that set rules stay linear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from gate.documents.lenient import dig, labels
from gate.lint.facts.kinds import is_of
from gate.lint.facts.selectors import Selector
from gate.lint.facts.view import Pod
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

    def any(self, selector: Selector) -> bool:
        """Whether a selector selects anything."""
        return next(self.matching(selector), None) is not None


@dataclass(frozen=True)
class Whole:
    """Every object and every pod of a run."""

    objects: Sequence[KubernetesObject]
    all_pods: Sequence[Pod]
    definitions: Sequence[KubernetesObject] = ()
    """Definitions of custom kinds that are there besides, as the policy says."""

    def of_kind(self, *kinds: str) -> Iterator[KubernetesObject]:
        """Yield the objects of some kinds, without those of other API groups' kinds."""
        for kind in kinds:
            yield from self._by_kind.get(kind, ())

    def named(self, kind: str, namespace: str, name: str) -> KubernetesObject | None:
        """Return the object of that name; None where there is none."""
        return self._by_name.get((kind, namespace, name))

    def pods_in(self, namespace: str) -> Labelled[Pod]:
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
    def _pods(self) -> dict[str, Labelled[Pod]]:
        found: dict[str, Labelled[Pod]] = defaultdict(Labelled)
        for pod in self.all_pods:
            # A workload without template labels still says in its selector whom it means.
            chosen = labels(dig(pod.object.value, "spec", "selector", "matchLabels"))
            found[namespace_of(pod.object)].add(pod.labels or chosen, pod)
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
