"""From a file to the predicate that `gate attest` signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from gate.documents import MalformedJson
from gate.documents.large_json import Within, read_large_json
from gate.errors import UsageError
from gate.model.expressions import expression
from gate.model.image import Digest
from gate.model.predicates import (
    Predicate,
    Sbom,
    Unreadable,
    Unrecognised,
    VulnerabilityScan,
)
from gate.model.records import dataclass
from gate.model.words import timestamp
from gate.predicates import (
    PARSERS,
    long_lists,
    openvex,
    parse,
    provenance,
    types,
    vulnerabilities,
)
from gate.predicates.scanners import reports as scanners

MAX_BYTES: Final = 64 * 1024 * 1024
"""The largest document that is attested."""

_CYCLONEDX: Final = types.CYCLONEDX[0]
_SPDX: Final = types.SPDX[0]
_SYFT: Final = types.SYFT[0]
_VERDICTS: Final = ("verification_summary", "/svr/", "simpleverificationresult")
"""What the types of verdicts have in them, in lower case."""
_KINDS: Final = {
    "sbom": "an SBOM",
    "vulnerabilities": "a scanner's report",
    "openvex": "an OpenVEX document",
    "provenance": "SLSA provenance",
}
_OTHER_WORDS: Final = {
    "sbom": ("spdx", "cyclonedx", "syft", "bom"),
    "vulnerabilities": ("vuln", "scan", "trivy", "grype", "snyk", "sarif"),
    "openvex": ("vex",),
    "provenance": ("slsa",),
}
"""What other tools call a kind."""
_LARGE: Final = {"sbom": long_lists.SBOM, "vulnerabilities": long_lists.SCAN}
"""Where a document of a kind has lists that are long where it is large."""
_PLAIN: Final = Within({})
_URI: Final = expression(r"[A-Za-z][A-Za-z0-9+.-]*:\S+\Z")
_OTHER: Final = "have its tool write it without that, in another version of the form if need be"
_AGAIN: Final = "have its tool write it again, whole, as JSON in UTF-8"

_DATED: Final = (
    'say when the scan ended: {"scanner": {"uri": "TOOL", "result": THE REPORT}, '
    '"metadata": {"scanFinishedOn": "TIME"}}'
)

_KNOWN: Final = f"check that it is the right file; of a tool that gate does not know, {_DATED}"


@dataclass(frozen=True, slots=True)
class Stated:
    """A predicate and its type."""

    type: str
    predicate: Mapping[str, Any]
    """As the JSON has it, its long lists as JsonArrays."""
    about: frozenset[Digest] = frozenset()
    """Digests of the image that the document itself names; empty where it names none."""


def predicate_of(file: str, kind: str, predicate_type: str | None) -> Stated:
    """Return what to sign. Raises UsageError for what gate itself would not read back."""
    _check_types(kind, predicate_type)
    value = _read(file, _LARGE.get(kind, _PLAIN))
    _refuse_signed(file, value)
    found = _kinds(value)
    if kind != "custom" and found and kind not in found:
        other = f"{file} is {_KINDS[found[0]]}, not {_KINDS[kind]}"
        raise _unfit(other, f"give --type {found[0]}")
    if kind == "vulnerabilities":
        value = _scan(file, value)
    if not isinstance(value, dict):
        raise _unfit(f"{file} holds no JSON object", _AGAIN)
    stated = Stated(predicate_type or _type(file, kind, value), value)
    read = parse(stated.type, stated.predicate)
    if isinstance(read, Unreadable):
        raise _unfit(f"{file} cannot be read as {stated.type}: {read.problem}", _OTHER)
    if isinstance(read, Unrecognised) and kind != "custom":
        raise _unknown(
            f"{stated.type} is no predicate type of {kind}", "leave --predicate-type out"
        )
    if isinstance(read, VulnerabilityScan) and read.doubt is not None:
        raise _unfit(f"{file} {read.doubt.why}", read.doubt.remedy)
    return replace(stated, about=_about(read))


def _about(read: Predicate) -> frozenset[Digest]:
    return read.about if isinstance(read, Sbom | VulnerabilityScan) else frozenset()


_VERDICT: Final = "verification_summary"


def _check_types(kind: str, predicate_type: str | None) -> None:
    if _VERDICT in kind:
        raise _unknown(
            "a verification summary is a verdict, and gate attests none that it did not reach",
            "let `gate check` sign it: the section `pass` of the policy says how",
        )
    if kind not in (*_KINDS, "custom"):
        meant = [k for k, words in _OTHER_WORDS.items() if any(w in kind.lower() for w in words)]
        listed = "sbom, vulnerabilities, openvex, provenance, or custom"
        raise _unknown(f"gate attests no --type {kind}", f"choose {(*meant, listed)[0]}")
    if predicate_type is None:
        if kind == "custom":
            raise _unknown("--type custom needs --predicate-type", "give the predicate's type URI")
        return
    if kind not in ("custom", "provenance"):
        raise _unknown(f"--predicate-type does not go with --type {kind}", "leave it out")
    if predicate_type not in PARSERS and not _URI.match(predicate_type):
        raise _unknown(
            f"--predicate-type {predicate_type} is no URI",
            "give one under a name of yours, such as https://acme.example/approval/v1",
        )
    if any(word in predicate_type.lower() for word in _VERDICTS):
        raise UsageError(
            "verdict-predicate",
            f"{predicate_type} is a verdict, and gate signs only its own",
            remedy="run `gate check` with a pass section in the policy",
        )


def _read(file: str, shape: Within) -> Any:  # noqa: ANN401  # any JSON value
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise _unfit(
            f"{file} is not there", "check the path; the file comes first, then the image"
        ) from error
    except OSError as error:
        raise _unfit(f"{file} cannot be read: {error.strerror}", "name one file") from error
    if len(data) > MAX_BYTES:
        raise _unfit(
            f"{file} is larger than {MAX_BYTES // 1024**2} MiB, the most that is attested",
            "check that it is the right file",
        )
    if not data.strip():
        raise _unfit(f"{file} is empty", "check that the tool that writes it did not fail")
    try:
        return read_large_json(data, shape, max_bytes=MAX_BYTES)
    except MalformedJson as error:
        raise _unfit(f"{file}: {error}", _AGAIN) from error


def _refuse_signed(file: str, value: object) -> None:
    """Refuse what is more than a predicate: it would be wrapped a second time."""
    if not isinstance(value, dict):
        return
    if "dsseEnvelope" in value or {"payload", "payloadType"} <= value.keys():
        raise _unfit(
            f"{file} is signed already",
            "give a Sigstore bundle to `gate check --bundle`; to sign anew, give its predicate",
        )
    if {"subject", "predicateType", "predicate"} <= value.keys():
        raise _unfit(
            f"{file} is a whole in-toto statement, and gate writes the statement itself",
            f"give its predicate alone: jq .predicate {file}",
        )


def _kinds(value: object) -> tuple[str, ...]:
    """Return the kinds that a document is by its own account; CycloneDX may be two."""
    found = []
    if isinstance(value, dict):
        if _sbom_type(value) is not None:
            found.append("sbom")
        if value.get("@context") in openvex.TYPES:
            found.append("openvex")
        if _provenance_type(value) is not None:
            found.append("provenance")
    if any(module.recognises(value) for module in scanners.readers()):
        found.append("vulnerabilities")
    return tuple(found)


def _type(file: str, kind: str, value: Mapping[str, Any]) -> str:
    match kind:
        case "sbom":
            found = _sbom_type(value)
            if found is None:
                raise _unfit(
                    f"{file} is neither CycloneDX, SPDX 2 nor syft JSON",
                    "make one: syft IMAGE -o cyclonedx-json",
                )
            return found
        case "vulnerabilities":
            return vulnerabilities.type_of(value)
        case "openvex":
            return openvex.TYPES[0]
        case _:
            return _provenance_type(value) or provenance.TYPES_1[0]


def _provenance_type(value: Mapping[str, Any]) -> str | None:
    if "buildDefinition" in value and "runDetails" in value:
        return provenance.TYPES_1[0]
    if "builder" in value and "buildType" in value:
        return provenance.TYPES_0_2[0]
    return None


def _sbom_type(value: Mapping[str, Any]) -> str | None:
    if "bomFormat" in value:
        return _CYCLONEDX
    if "spdxVersion" in value:
        return _SPDX
    if "artifacts" in value and "descriptor" in value:
        return _SYFT
    return None


def _scan(file: str, value: object) -> Mapping[str, Any]:
    """Return a predicate around a scanner's report, dated as the report is."""
    if isinstance(value, dict) and "scanner" in value and "metadata" in value:
        return value
    try:
        report = scanners.parse(value)
    except ValueError as error:
        raise _unfit(f"{file} cannot be read: {error}", _AGAIN) from error
    if report.form == scanners.UNKNOWN:
        raise _unfit(f"{file} is no scanner's report that gate knows", _KNOWN)
    if report.doubt is not None:
        raise _unfit(f"{file} {report.doubt.why}", report.doubt.remedy)
    if report.finished is None:
        raise _unfit(
            f"{file}, a report of {report.form}, does not say when it was made, and the time of "
            "signing would make an old one look new",
            _DATED,
        )
    at = timestamp(report.finished)
    database = {"lastUpdate": timestamp(report.database)} if report.database else {}
    return {
        "scanner": {"uri": report.scanner or report.form, "db": database, "result": value},
        "metadata": {"scanStartedOn": at, "scanFinishedOn": at},
    }


def _unfit(problem: str, remedy: str) -> UsageError:
    return UsageError("attest-file", problem, remedy=remedy)


def _unknown(problem: str, remedy: str) -> UsageError:
    return UsageError("attest-type-unknown", problem, remedy=remedy)
