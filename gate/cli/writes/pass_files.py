"""The files of `gate check --pass-file`: each pass in the forms that its consumers read."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import rfc8785

from gate.cli.writes.files import write_whole
from gate.errors import UsageError
from gate.model.records import dataclass
from gate.signing.envelope import envelope_of
from gate.signing.statement import PassStatement

RELEASE = "release"
"""What the files of the release's own statement are called."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A statement and the bundle that signs it, which was verified."""

    statement: PassStatement
    bundle: bytes


@dataclass(frozen=True, slots=True)
class SignedPasses:
    """All that one run signed."""

    passes: tuple[Pass, ...]
    """One for each image."""
    release: Pass | None
    """Of the whole release; None where it has no image."""


def write_passes(folder: Path, signed: SignedPasses) -> tuple[str, ...]:
    """Write every pass as files; return their names, sorted by pass. Raises UsageError.

    Of each: a Sigstore bundle (`.sigstore.json`: cosign, gate), the DSSE envelope inside it
    (`.dsse.json`: slsa-verifier), and the predicate alone (`.predicate.json`: GitHub's
    actions/attest, with the predicate type https://slsa.dev/verification_summary/v1). Where one
    cannot be written, none is left: some of a release's passes look like all.
    """
    named = [(_name(one.statement), one) for one in signed.passes]
    if signed.release is not None:
        named.append((RELEASE, signed.release))
    forms = [(name, suffix, c) for name, one in named for suffix, c in _forms(one).items()]
    written: list[Path] = []
    try:
        for name, suffix, content in forms:
            path = folder / f"{name}.{suffix}.json"
            write_whole(path, content)
            written.append(path)
    except UsageError:
        for path in written:
            with contextlib.suppress(OSError):
                path.unlink()
        raise
    return tuple(map(str, written))


def _forms(one: Pass) -> dict[str, bytes]:
    predicate = json.loads(one.statement.payload)["predicate"]
    return {
        "sigstore": one.bundle,
        "dsse": envelope_of(one.bundle),
        "predicate": rfc8785.dumps(predicate),
    }


def _name(statement: PassStatement) -> str:
    name = statement.image.repository.replace("/", "_").replace(":", "_")
    return f"{name}-{statement.image.digest.hex[:12]}"
