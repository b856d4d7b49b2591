"""From a file to the predicate that `gate attest` signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gate.documents import MalformedJson, read_json
from gate.errors import UsageError
from gate.model.predicates import Unreadable, Unrecognised
from gate.predicates import openvex, parse, scanners

MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest document that is attested."""

_CYCLONEDX: Final = "https://cyclonedx.org/bom"
_SPDX: Final = "https://spdx.dev/Document"
_SYFT: Final = "https://syft.dev/bom"
_VULNERABILITIES: Final = "https://cosign.sigstore.dev/attestation/vuln/v1"
_PROVENANCE: Final = "https://slsa.dev/provenance/v1"
_VERDICTS: Final = ("verification_summary", "/svr/", "simpleverificationresult")
"""What the types of verdicts have in them, in lower case."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A predicate and its type."""

    type: str
    predicate: Mapping[str, Any]


def predicate_of(file: str, kind: str, predicate_type: str | None) -> Stated:
    """Return what to sign. Raises UsageError for what gate itself would not read back."""
    value = _read(file)
    match kind:
        case "sbom":
            stated = Stated(_sbom_type(value), value)
        case "vulnerabilities":
            stated = Stated(_VULNERABILITIES, _scan(value))
        case "openvex":
            stated = Stated(openvex.TYPES[0], value)
        case "provenance":
            stated = Stated(predicate_type or _PROVENANCE, value)
        case "custom" if predicate_type is not None:
            stated = Stated(predicate_type, value)
        case _:
            raise UsageError(
                "attest-type-unknown",
                f"--type {kind} is none that gate attests"
                if kind != "custom"
                else "--type custom needs --predicate-type",
                remedy="choose sbom, vulnerabilities, openvex, provenance, or custom",
            )
    _refuse_verdicts(stated.type)
    read = parse(stated.type, stated.predicate)
    if isinstance(read, Unreadable):
        raise _unfit(f"{file} is no {kind} that gate reads: {read.problem}")
    if isinstance(read, Unrecognised) and kind != "custom":
        raise _unfit(f"{stated.type} is no predicate type of {kind}")
    return stated


def _read(file: str) -> dict[str, Any]:
    try:
        with Path(file).open("rb") as opened:
            value = read_json(opened.read(MAX_BYTES + 1), max_bytes=MAX_BYTES)
    except OSError as error:
        raise _unfit(f"{file} cannot be read: {error.strerror}") from error
    except MalformedJson as error:
        raise _unfit(f"{file} is not strict JSON: {error}") from error
    if not isinstance(value, dict):
        raise _unfit(f"{file} holds no JSON object")
    return value


def _sbom_type(value: Mapping[str, Any]) -> str:
    if "bomFormat" in value:
        return _CYCLONEDX
    if "spdxVersion" in value:
        return _SPDX
    if "artifacts" in value and "descriptor" in value:
        return _SYFT
    raise _unfit("this is neither CycloneDX, SPDX nor syft JSON")


def _scan(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a predicate around a scanner's report, dated as the report is."""
    if "scanner" in value and "metadata" in value:
        return value
    try:
        report = scanners.parse(value)
    except ValueError as error:
        raise _unfit(f"the report cannot be read: {error}") from error
    if report.finished is None:
        raise _unfit(
            f"the report ({report.form}) does not say when it was made, and the time of signing "
            "would make an old one look new"
        )
    at = report.finished.strftime("%Y-%m-%dT%H:%M:%SZ")
    database = {"lastUpdate": f"{report.database:%Y-%m-%dT%H:%M:%SZ}"} if report.database else {}
    return {
        "scanner": {"uri": report.scanner or report.form, "db": database, "result": value},
        "metadata": {"scanStartedOn": at, "scanFinishedOn": at},
    }


def _refuse_verdicts(predicate_type: str) -> None:
    if any(word in predicate_type.lower() for word in _VERDICTS):
        raise UsageError(
            "verdict-predicate",
            f"{predicate_type} is a verdict, and gate signs only its own",
            remedy="run `gate check` with a pass section in the policy",
        )


def _unfit(problem: str) -> UsageError:
    return UsageError("attest-file", problem, remedy="give the JSON document as its tool wrote it")
