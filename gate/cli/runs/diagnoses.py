"""What `gate doctor` looks at: each function yields what it found, and the fix if one is due."""

from __future__ import annotations

import enum
import platform
import shlex
import stat
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from gate import __version__
from gate.cli.reads.pass_signer import CODE, REMEDY, same_identity, same_key, same_signer, told
from gate.cli.reads.signer import key_signer, kms_signer, read_key
from gate.errors import GateError, RegistryError
from gate.model.clock import TOLERANCE
from gate.model.image import ImageReference
from gate.model.records import dataclass
from gate.model.words import counted
from gate.policy.document import Policy
from gate.policy.passes import SignWith
from gate.registry.remote.ping import Pinged
from gate.registry.route import RoutedRegistry
from gate.signing.ambient import ambient_token
from gate.signing.publicity import refuse_publication
from gate.trust.embedded import EMBEDDED_AT
from gate.trust.policy import MAX_EMBEDDED_AGE, verifier_of

OLDEST_PYTHON: Final = (3, 11)
SOON: Final = timedelta(days=30)


class State(enum.StrEnum):
    """How something is."""

    WELL = "ok"
    NOTE = "note"
    UNKNOWN = "unknown"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing that was looked at."""

    about: str
    state: State
    said: str
    fix: str = ""


def versions() -> Iterator[Symptom]:
    """Tell what runs, and whether it is new enough."""
    running = f"gate {__version__}, Python {platform.python_version()}, {_version('sigstore')}"
    if sys.version_info < OLDEST_PYTHON:
        yield Symptom("versions", State.WRONG, running, "use Python 3.11 or newer")
    else:
        yield Symptom("versions", State.WELL, f"{running}, {platform.system()}")


def _version(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"no {name}"


def trust(policy: Policy, now: datetime, ca_file: Path | None) -> Iterator[Symptom]:
    """Load every key and root of the policy, as a run does."""
    try:
        verifier_of(policy, now, ca_file)
    except GateError as error:
        yield _of("trust", error)
        return
    left = EMBEDDED_AT + MAX_EMBEDDED_AGE - now
    signers = counted(len(policy.signers), "signer")
    said = f"{signers}; Sigstore's root in this release: {left.days} days left"
    soon = left < SOON
    fix = "update gate before it ends" if soon else ""
    yield Symptom("trust", State.NOTE if soon else State.WELL, said, fix)


def signing(policy: Policy) -> Iterator[Symptom]:
    """Find out whether a pass could be signed here. Nothing is signed."""
    if policy.passes is None:
        yield Symptom("signing", State.NOTE, "the policy has no pass section: nothing is signed")
        return
    if policy.verifier is None:
        fix = "add verifier: a URI that never changes, such as https://acme.example/gate"
        yield Symptom("signing", State.WRONG, "the policy signs passes and has no verifier", fix)
    how = policy.passes.sign
    try:
        yield from _keyless(policy, how) if how.keyless else _keyed(policy, how)
        if warning := same_signer(policy):
            yield Symptom("signing", State.WRONG, f"{warning} [{CODE}]", REMEDY)
    except GateError as error:
        yield _of("signing", error)


def _keyless(policy: Policy, how: SignWith) -> Iterator[Symptom]:
    try:
        token = ambient_token()
    except GateError as error:
        if error.code != "no-ambient-identity":
            raise
        yield Symptom(
            "signing", State.NOTE, "no CI job here: passes are signed there", "use --dry-run here"
        )
        return
    config = policy.files[how.trust_config] if how.trust_config else None
    refuse_publication(token, config, allowed=how.publish_private)
    who = token.claim("job_workflow_ref", "ci_config_ref_uri", "email", "sub")
    yield Symptom("signing", State.WELL, f"keyless, as {who or 'an identity without a name'}")
    if signer := same_identity(policy, token):
        yield _same(signer, "the identity of this CI job")


def _keyed(policy: Policy, how: SignWith) -> Iterator[Symptom]:
    if how.key is None:
        service = how.kms or ""
        key = kms_signer(service).key
        yield Symptom("signing", State.WELL, f"{service} answers with a key that verifiers read")
        if key is not None and (signer := same_key(policy, key)):
            yield _same(signer, service)
        return
    path = Path(policy.path).parent / how.key
    key_signer(read_key(path))
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        said = f"{path}, which signs passes, can be read by others on this machine"
        yield Symptom("signing", State.WRONG, said, f"chmod 600 {shlex.quote(str(path))}")
    else:
        yield Symptom("signing", State.WELL, f"{path} can be read, and by this user alone")


def _same(signer: str, how: str) -> Symptom:
    return Symptom("signing", State.WRONG, f"{told(signer, how)} [{CODE}]", REMEDY)


def registries(
    registry: RoutedRegistry,
    references: Iterable[ImageReference],
    *,
    named: Iterable[str],
    push: bool,
) -> Iterator[Symptom]:
    """Ask each registry whether it is there, and for each named image whether we may."""
    references = list(references)
    for reference in {reference.registry: reference for reference in references}.values():
        yield from _registry(registry, reference)
    asked = set(named)
    for reference in references:
        if str(reference) in asked:
            yield from _image(registry, reference, push=push)


def _registry(registry: RoutedRegistry, reference: ImageReference) -> Iterator[Symptom]:
    try:
        before = datetime.now(UTC)
        pinged = registry.client.ping(reference)
        after = datetime.now(UTC)
    except RegistryError as error:
        yield _of(reference.registry, error, State.UNKNOWN)
        return
    wants = "asks for a login" if pinged.status == 401 else f"answers {pinged.status}"  # noqa: PLR2004  # HTTP's
    yield Symptom(reference.registry, State.WELL, f"is there, and {wants}")
    yield from _clock(reference.registry, pinged, before, after)


def _clock(host: str, pinged: Pinged, before: datetime, after: datetime) -> Iterator[Symptom]:
    if pinged.at is None:
        yield Symptom("clock", State.UNKNOWN, f"{host} does not say what time it is")
        return
    # The header is cut to the second: the truth lies between it and a second later.
    ahead, behind = before - (pinged.at + timedelta(seconds=1)), pinged.at - after
    off = max(ahead, behind, timedelta())
    way = "ahead of" if ahead > behind else "behind"
    said = f"this machine is {off.total_seconds():.0f} s {way} {host}"
    if off > TOLERANCE:
        fix = "set the clock (NTP): times of signatures and passes are judged by it"
        yield Symptom("clock", State.WRONG, f"{said} [clock-wrong]", fix)
    else:
        yield Symptom("clock", State.WELL, f"agrees with that of {host}")


def _image(registry: RoutedRegistry, reference: ImageReference, *, push: bool) -> Iterator[Symptom]:
    try:
        image = registry.client.resolve(reference)
        yield Symptom(reference.name, State.WELL, f"can be read: {image.digest}")
        if push:
            registry.client.repository(reference).try_upload()
            yield Symptom(reference.name, State.WELL, "can be pushed to, so a pass can be stored")
    except RegistryError as error:
        yield _of(reference.name, error)


def _of(about: str, error: GateError, state: State = State.WRONG) -> Symptom:
    place = f"{error.location}: " if error.location else ""
    return Symptom(about, state, f"{place}{error.problem} [{error.code}]", error.remedy)
