"""`gate doctor` from its options to what it prints."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Final

from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import Access, open_registry
from gate.cli.reads.reference import read_reference
from gate.cli.runs import diagnoses as symptoms
from gate.cli.runs.diagnoses import State, Symptom
from gate.cli.writes.output import coloured
from gate.errors import GateError
from gate.model.image import ImageReference
from gate.policy.document import Policy
from gate.registry.route import RoutedRegistry
from gate.reports.neutral import terminal

_COLOURS: Final = {
    State.WELL: "\x1b[32m",
    State.NOTE: "\x1b[33m",
    State.UNKNOWN: "\x1b[33m",
    State.WRONG: "\x1b[1;31m",
}
_PING: Final = "gate-doctor"
"""A repository's name to reach a registry with that the policy names by its host alone."""


def run_doctor(policy: str | None, images: Sequence[str], access: Access) -> int:
    """Look at everything, print each thing as it is found, and return the exit code."""
    states = set()
    colour = coloured()
    for symptom in _all(policy, images, access):
        states.add(symptom.state)
        tell(symptom, colour=colour)
    return exit_code(states)


def exit_code(states: Collection[State]) -> int:
    """Return 1 where something is wrong, 3 where something could not be found out."""
    if State.WRONG in states:
        return 1
    return 3 if State.UNKNOWN in states else 0


def _all(named: str | None, images: Sequence[str], access: Access) -> Iterator[Symptom]:
    references = [read_reference(image) for image in images]
    yield from symptoms.versions()
    registry, _ = open_registry(access)
    with closing(registry):
        yield from _looked_at(named, references, registry)


def _looked_at(
    named: str | None, references: Sequence[ImageReference], registry: RoutedRegistry
) -> Iterator[Symptom]:
    policy = None
    try:
        policy = find_policy(named, None)
    except GateError as error:
        place = f"{error.location}: " if error.location else ""
        said = f"{place}{error.problem} [{error.code}]"
        yield Symptom("policy", State.WRONG, said, error.remedy)
    else:
        yield Symptom("policy", State.WELL, f"{policy.path}, {policy.digest}")
        yield from symptoms.trust(policy, datetime.now(UTC), registry.client.configuration.ca_file)
        yield from symptoms.signing(policy)
    yield from symptoms.registries(
        registry,
        [*references, *_hosts(policy, {reference.registry for reference in references})],
        named=[str(reference) for reference in references],
        push=policy is not None and policy.passes is not None,
    )


def _hosts(policy: Policy | None, known: set[str]) -> Iterator[ImageReference]:
    """Yield a name in each registry that the policy names, other than those that are known."""
    if policy is None:
        return
    texts = [entry.pattern.text for entry in policy.images]
    texts += [allowed.text for allowed in policy.allowed or ()]
    for host in sorted({text.partition("/")[0] for text in texts} - known):
        if "*" not in host:
            yield ImageReference(host, _PING)


def tell(symptom: Symptom, *, colour: bool) -> None:
    """Print one thing that was looked at."""
    state = f"{symptom.state:<8}"
    shown = f"{_COLOURS[symptom.state]}{state}\x1b[0m" if colour else state
    sys.stdout.write(f"{shown}{terminal(symptom.about)}: {terminal(symptom.said)}\n")
    if symptom.fix:
        sys.stdout.write(f"        → {terminal(symptom.fix)}\n")
