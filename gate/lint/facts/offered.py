"""Which ports the containers of some pods list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeAlias

from gate.documents.lenient import is_number, mappings, text
from gate.lint.facts.view import Pod
from gate.model.records import dataclass

ListedPort: TypeAlias = tuple[float | str, str]
"""A number or a name, and the protocol."""


class Listing(Protocol):
    """A pod, as far as its ports go."""

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the pod; False where something else completes it."""

    @property
    def ports(self) -> tuple[ListedPort, ...]:
        """What its containers list."""


@dataclass(frozen=True, slots=True)
class Offered:
    """The ports that pods list, one pod or the other."""

    ports: frozenset[ListedPort]
    is_whole: bool
    """Whether each pod lists some: a container listens on ports too that it does not list, and
    who lists none of them says nothing."""

    def lacks(self, first: Any, last: Any = None, protocol: str = "TCP") -> bool:  # noqa: ANN401  # any JSON values
        """Whether surely no pod lists a port, or one of a range with both ends.

        A name that is not listed leads nowhere. A number that is not listed may be listened on.
        """
        if isinstance(first, str):
            return (first, protocol) not in self.ports
        if not is_number(first) or not self.is_whole:
            return False
        end = last if is_number(last) else first
        return not any(
            is_number(port) and first <= port <= end and kind == protocol
            for port, kind in self.ports
        )


def listed_ports(pod: Pod) -> Iterator[ListedPort]:
    """Yield what the containers of a pod list: numbers and names, each with its protocol."""
    for container in pod.containers:
        for _, item in mappings(container.value.get("ports")):
            for port in (item.get("containerPort"), item.get("name")):
                if isinstance(port, str) or is_number(port):
                    yield port, text(item.get("protocol")) or "TCP"


def offered(pods: Sequence[Listing]) -> Offered | None:
    """Return what pods list; None where there are none, or something else completes one."""
    if not pods or not all(pod.is_whole for pod in pods):
        return None
    listed = [pod.ports for pod in pods]
    return Offered(frozenset().union(*listed), all(listed))


def shown(port: object, protocol: str) -> str:
    """Return `80`, or `53 over UDP`."""
    return f"{port}" if protocol == "TCP" else f"{port} over {protocol}"
