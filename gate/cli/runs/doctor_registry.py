"""`gate doctor REGISTRY`: how a registry is reached, and the file that says so."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from gate.cli.reads.places import Access, configuration_of
from gate.cli.reads.reference import read_reference
from gate.cli.runs.diagnoses import State, Symptom
from gate.cli.runs.doctor import exit_code, tell
from gate.cli.writes.output import coloured
from gate.errors import UsageError
from gate.registry.configuration import RegistryConfiguration
from gate.registry.login.sources import logins_from
from gate.registry.remote.needed import Need, Reached, find_needed
from gate.reports.neutral import terminal

_FILE: Final = "registries.yaml"
_CA: Final = "ca.pem"


def run_reach(hosts: Sequence[str], access: Access) -> int:
    """Ask each registry, print what it needs and the file that says it. Raises UsageError."""
    configuration = configuration_of(access)
    names = [_host(host) for host in hosts]
    # What somebody cannot wait for here is told as unknown.
    states: set[State] = set()
    authority = False
    for host in names:
        found = find_needed(host, configuration)
        configuration = found.configuration
        authority = authority or any(one.need is Need.AUTHORITY for one in found.needed)
        for symptom in _told(host, found, access):
            states.add(symptom.state)
            tell(symptom, colour=coloured())
    if State.WRONG in states and (text := _file(configuration, authority=authority)):
        where = terminal(access.registries or _FILE)
        more = ", beside the lines that are there" if access.registries else ""
        sys.stdout.write(f"\n# {where}{more}: give it with --registries {where}\n{text}")
        if authority:
            sys.stdout.write(f"# {_CA} is yours to add: the authority's certificate, as PEM\n")
    return exit_code(states)


def _host(text: str) -> str:
    if "/" not in text:
        return read_reference(f"{text}/any").registry if _is_host(text) else _no_host(text)
    return read_reference(text).registry


def _is_host(text: str) -> bool:
    return "." in text or ":" in text or text == "localhost"


def _no_host(text: str) -> str:
    raise UsageError(
        "image-reference-malformed",
        f"{text!r} is not a registry",
        remedy="write its host, such as registry.example:5000",
    )


def _told(host: str, found: Reached, access: Access) -> Iterator[Symptom]:
    if found.pinged is not None:
        asks = found.pinged.challenge or found.pinged.status == 401  # noqa: PLR2004  # HTTP's
        said = "is there, and asks for a login" if asks else f"answers {found.pinged.status}"
        yield Symptom(host, State.WELL, said)
        if asks:
            yield _login(host, access)
    for one in found.needed:
        said = str(one.need)
        fix = "add the lines below to the file of --registries"
        if one.need is Need.TOKEN_SERVER:
            servers = ", ".join(sorted(found.configuration.realms[one.host]))
            said = f"sends logins to a token server on another host, {servers}"
            fix = f"if it is that registry's own, {fix}"
        if one.error is not None:
            said, fix = one.error.problem.removeprefix(f"{one.host} "), one.error.remedy
        yield Symptom(one.host, State.WRONG, said, fix)
    if found.error is not None:
        said = f"{found.error.problem} [{found.error.code}]"
        state = State.WRONG if found.pinged is not None else State.UNKNOWN
        yield Symptom(host, state, said, found.error.remedy)


def _login(host: str, access: Access) -> Symptom:
    if logins_from(access.environ, Path.home()).find(host, "any") is not None:
        return Symptom(host, State.WELL, "a login is known")
    fix = f"docker login {host}, or GATE_REGISTRY, GATE_REGISTRY_USERNAME and _PASSWORD"
    return Symptom(host, State.NOTE, "no login is known here", fix)


def _file(configuration: RegistryConfiguration, *, authority: bool) -> str:
    """Return the file that says all that is known, a line for each key."""
    said: dict[str, object] = {
        "private": sorted(configuration.private_hosts),
        "plain-http": sorted(configuration.insecure_hosts),
        "token-servers": {host: sorted(s) for host, s in sorted(configuration.realms.items())},
        "mirrors": dict(configuration.mirrors),
        "ca-file": _CA if authority else "",
    }
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in said.items() if value)
