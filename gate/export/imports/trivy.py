"""`trivy.yaml`: which misconfigurations it looks for, and which vulnerabilities it fails on.

https://trivy.dev/docs/latest/references/configuration/config-file/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from gate.documents.lenient import mapping, strings, text
from gate.export.imports.account import DocumentAccount
from gate.export.imports.call import ImportCall
from gate.export.imports.lint_said import left_out
from gate.model.document import Path
from gate.policy.profile import Profile

TOOL: Final = "trivy"
_QUIET: Final = frozenset(
    (
        *("format", "output", "quiet", "debug", "timeout", "cache", "cache-dir", "db"),
        *("server", "insecure", "version", "template", "dependency-tree", "list-all-pkgs"),
        *("generate-default-config", "report", "registry", "image", "repository"),
        *("kubernetes", "exit-on-eol", "compliance", "vex", "table-mode", "no-progress"),
        *("trace", "module", "package", "pkg", "disable-telemetry", "skip-version-check"),
    )
)
"""What says where to look and how to print."""
_QUIET_SCAN: Final = frozenset(
    (
        *("offline", "parallel", "slow", "sbom-sources", "rekor-url", "show-suppressed"),
        *("disable-telemetry", "skip-version-check", "detection-priority", "distro"),
        *("file-patterns",),
    )
)
_SCANNERS: Final = (("scan", "scanners"), ("scan", "security-checks"), ("scanners",))
_SCANNERS_TOO: Final = (("security-checks",), ("image", "scanners"), ("vulnerability", "scanners"))
_OBJECTS: Final = frozenset(("misconfig", "config"))
_KUBERNETES: Final = frozenset(("kubernetes", "helm"))
_MORE: Final = "rules that are off by default warn: name those that are to block under `block`"
_SECRETS: Final = "gate looks for credentials in manifests, and in no image"
_SCANS: Final = "gate judges scans that are signed: add `vulnerabilities: {by: […], fail-on"
_LICENSES: Final = "gate forbids licences by the SBOM: add `sbom: {by: […], forbid-licenses: […]}`"
_INSIDE: Final = "gate looks into no image: its scans say what is in it"
_WHY: Final[dict[str, str]] = {
    "secret": _SECRETS,
    "license": _LICENSES,
    "ignore-policy": "gate reads no Rego: write waivers",
    "ignore-status": "gate knows `fail-on-unfixable`, and no other status",
    "rego": "gate reads no Rego, and has no checks of others",
    "exit-code": "gate always blocks: write under `warn` what warns",
}


def import_trivy(account: DocumentAccount, value: Mapping[str, Any], call: ImportCall) -> None:
    """Add which rules a configuration asks for; tell what it asks of scans."""
    account.quiet(*((key,) for key in value if key in _QUIET), ("ignorefile",))
    account.quiet(*(("scan", key) for key in _QUIET_SCAN))
    asks = _scanners(account, value, call)
    _thresholds(account, value)
    for path in (("scan", "skip-dirs"), ("scan", "skip-files"), ("skip-dirs",), ("skip-files",)):
        for index, glob in enumerate(strings(_at(value, path))):
            _left_out(account, (*path, index), glob, call, asks=asks)
    for key in filter(value.__contains__, _WHY):
        if key == "exit-code" and value[key] not in (0, "0"):
            account.quiet((key,))
            continue
        account.lost((key,), _WHY[key])


def _scanners(account: DocumentAccount, value: Mapping[str, Any], call: ImportCall) -> bool:
    """Tell which scanners run; return whether one looks at Kubernetes' objects."""
    kinds = strings(mapping(value.get("misconfiguration")).get("scanners"))
    narrowed = bool(kinds) and _KUBERNETES.isdisjoint(kinds)
    asks = False
    for path in (*_SCANNERS, *_SCANNERS_TOO):
        for place, scanner in _texts(_at(value, path), path):
            if scanner in _OBJECTS and not narrowed:
                call.proposal.linter(TOOL, Profile.ALL)
                account.carried(place, "manifests profile: all", _MORE)
                asks = True
            elif scanner in _OBJECTS:
                account.lost(place, "gate judges Kubernetes objects, and no files of these kinds")
            elif scanner == "vuln":
                account.lost(place, f"{_SCANS}: …}}`")
            else:
                account.lost(place, _LICENSES if scanner == "license" else _SECRETS)
    section = mapping(value.get("misconfiguration"))
    if narrowed or "scanners" in section:
        account.quiet(("misconfiguration", "scanners"))
    account.quiet(("misconfiguration", "include-non-failures"), ("misconfiguration", "terraform"))
    return asks


def _thresholds(account: DocumentAccount, value: Mapping[str, Any]) -> None:
    vulnerability = mapping(value.get("vulnerability"))
    for path in (("severity",), ("scan", "severity"), ("vulnerability", "severity")):
        named = [one for _, one in _texts(_at(value, path), path)]
        if named:
            account.lost(path, f"{_SCANS}: {_lowest(named)}}}`; its rules have their own")
    for path in (("ignore-unfixed",), ("vulnerability", "ignore-unfixed")):
        if _at(value, path) is True:
            account.lost(path, "add `fail-on-unfixable: never` to `vulnerabilities`")
        account.quiet(path)
    for key in ("type", "vuln-type", "pkg-types"):
        if key in vulnerability:
            account.lost(("vulnerability", key), "gate judges whole scans")
    account.quiet(("vuln-type",), ("vulnerability", "vex"), ("pkg",))
    if "vex" in vulnerability:
        account.lost(("vulnerability", "vex"), "add `vex: […]` to `vulnerabilities`: who says it")


def _lowest(named: Sequence[str]) -> str:
    upper = {one.upper() for one in named}
    return next((s for s in ("LOW", "MEDIUM", "HIGH", "CRITICAL") if s in upper), "low").lower()


def _left_out(
    account: DocumentAccount, at: Path, glob: str, call: ImportCall, *, asks: bool
) -> None:
    if not asks:
        account.lost(at, _INSIDE)
        return
    pattern = left_out(glob)
    if pattern is None:
        account.lost(at, "this is no pattern that a policy can have: see `manifests: exclude`")
        return
    call.proposal.linter(TOOL, Profile.ALL).exclude.add(pattern)
    account.carried(at, f"manifests exclude: {pattern}")


def _at(value: Mapping[str, Any], path: Sequence[str]) -> object:
    found: Any = value
    for key in path:
        found = mapping(found).get(key)
    return found


def _texts(said: object, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the texts of a list, or of one text with commas, each with its place."""
    if isinstance(said, list):
        for index, one in enumerate(said):
            if isinstance(one, str):
                yield (*path, index), one
    else:
        for part in filter(None, text(said).split(",")):
            yield path, part.strip()
