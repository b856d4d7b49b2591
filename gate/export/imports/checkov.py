"""`.checkov.yaml`: of its checks those of Kubernetes, by the rules of gate that answer them.

https://www.checkov.io/2.Basics/CLI%20Command%20Reference.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import text
from gate.export.imports.account import DocumentAccount
from gate.export.imports.call import ImportCall
from gate.export.imports.lint_said import LintSaid, left_out
from gate.model.document import Path
from gate.model.expressions import expression
from gate.policy.profile import Profile

TOOL: Final = "checkov"
_QUIET: Final = frozenset(
    (
        *("compact", "quiet", "output", "output-file-path", "output-bc-ids", "no-guide"),
        *("no-fail-on-crash", "branch", "repo-id", "directory", "file", "no-cert-verify"),
        *("ca-certificate", "summary-position", "mask", "skip-results-upload", "support"),
        *("download-external-modules", "external-modules-download-path"),
        *("evaluate-variables", "var-file", "deep-analysis", "skip-fixes", "skip-download"),
        *("skip-suppressions", "skip-resources-without-violations", "bc-api-key"),
        *("prisma-api-url", "custom-tool-name", "block-list-secret-scan"),
        *("secrets-scan-file-type", "config-file", "enable-secret-scan-all-files"),
        *("secrets-history-timeout", "docker-image", "dockerfile-path"),
        *("repo-root-for-plan-enrichment", "create-config", "show-config", "list"),
        *("policy-metadata-filter", "openai-api-key", "use-enforcement-rules"),
        *("skip-cve-package", "scan-secrets-history"),
    )
)
"""What says where to look and how to print, and what is about files that gate does not judge."""
_KUBERNETES: Final = frozenset(("all", "kubernetes", "helm", "kustomize"))
_MORE: Final = "rules that are off by default warn: name those that are to block under `block`"
_NONE: Final = "gate has no rule for this"
_ELSEWHERE: Final = "gate judges Kubernetes objects and images, and no files of this kind"
_SEVERITY: Final = "checkov's severities are not gate's: name the rules under `block` or `warn`"
_WHY: Final = {
    "external-checks-dir": "gate has no checks of others",
    "external-checks-git": "gate has no checks of others",
    "baseline": "write a baseline of gate's own: `gate lint --write-baseline`",
}
_PATH: Final = expression(r"[A-Za-z0-9_./-]+", re.ASCII)
_KUBERNETES_CHECK: Final = expression(r"CKV2?_K8S_\d+", re.ASCII)


def import_checkov(account: DocumentAccount, value: Mapping[str, Any], call: ImportCall) -> None:
    """Add which rules a configuration asks for."""
    account.quiet(*((key,) for key in value if key in _QUIET))
    for place, kind in _texts(value, "skip-framework"):
        if kind in _KUBERNETES:
            account.lost(place, "gate judges every Kubernetes object that it is given")
        account.quiet(place)
    if not _asks_of_objects(account, value):
        for key in ("check", "skip-check", "skip-path", "soft-fail-on", "hard-fail-on"):
            for place, _ in _texts(value, key):
                account.lost(place, _ELSEWHERE)
        account.quiet(("soft-fail",))
        return
    chosen = any(True for _ in _texts(value, "check"))
    said = call.proposal.linter(TOOL, Profile.GATE if chosen else Profile.ALL)
    for key, into, named in (
        ("check", said.block, "block"),
        ("hard-fail-on", said.block, "block"),
        ("soft-fail-on", said.warn, "warn"),
    ):
        for place, check in _texts(value, key):
            rules = _named(account, place, check, call, named)
            into.update(rules)
    _skipped(account, value, call, said)
    for place, path in _texts(value, "skip-path"):
        _left_out(account, place, path, said)
    _told(account, value)


def _told(account: DocumentAccount, value: Mapping[str, Any]) -> None:
    if value.get("soft-fail") is True:
        account.carried(("soft-fail",), "manifests", "gate blocks: write under `warn` what warns")
    account.quiet(("soft-fail",))
    for key in filter(value.__contains__, _WHY):
        account.lost((key,), _WHY[key])


def _asks_of_objects(account: DocumentAccount, value: Mapping[str, Any]) -> bool:
    """Tell which kinds of files are asked about, and whether Kubernetes' objects are among them."""
    named = list(_texts(value, "framework"))
    if not named:
        account.whole("checkov", "manifests profile: all", _MORE)
        return True
    for place, kind in named:
        if kind in _KUBERNETES:
            account.carried(place, "manifests", _MORE)
        else:
            account.lost(place, _ELSEWHERE)
    return any(kind in _KUBERNETES for _, kind in named)


def _named(
    account: DocumentAccount, at: Path, check: str, call: ImportCall, key: str
) -> tuple[str, ...]:
    """Return the rules that answer a check, told."""
    rules = call.rules.answering(TOOL, check)
    if rules:
        account.carried(at, f"manifests {key}: {', '.join(rules)}")
    else:
        severity = check.upper() in ("LOW", "MEDIUM", "HIGH", "CRITICAL")
        account.lost(at, _SEVERITY if severity else _why_none(check))
    return rules


def _skipped(
    account: DocumentAccount, value: Mapping[str, Any], call: ImportCall, said: LintSaid
) -> None:
    skipped = list(_texts(value, "skip-check"))
    silenced = call.rules.silenced(TOOL, (check for _, check in skipped))
    for place, check in skipped:
        rules = [rule for rule in call.rules.answering(TOOL, check) if rule in silenced]
        kept = {rule: silenced[rule] for rule in rules if silenced[rule]}
        if not rules:
            account.lost(place, _why_none(check))
        elif kept:
            rest = "; ".join(f"{rule} is {', '.join(ids)} too" for rule, ids in kept.items())
            account.lost(place, f"{rest}, which is not skipped")
        else:
            said.off.update(rules)
            account.carried(place, f"manifests off: {', '.join(rules)}")
    said.block -= said.off
    said.warn -= said.off | said.block


def _left_out(account: DocumentAccount, at: Path, expression: str, said: LintSaid) -> None:
    """Leave out what an expression consists of, where it is one path."""
    plain = expression.removeprefix("^").removesuffix("$").removesuffix(".*").removesuffix("/*")
    pattern = left_out(plain.lstrip("/")) if _PATH.fullmatch(plain) else None
    if pattern is None:
        account.lost(at, "this is no path: write it under `manifests: exclude`")
        return
    said.exclude.add(pattern)
    account.carried(at, f"manifests exclude: {pattern}", "from the working folder alone")


def _why_none(check: str) -> str:
    return _NONE if _KUBERNETES_CHECK.fullmatch(check) else _ELSEWHERE


def _texts(value: Mapping[str, Any], key: str) -> Iterator[tuple[Path, str]]:
    """Yield the texts of a list, or of one text with commas, each with its place."""
    said = value.get(key)
    if isinstance(said, list):
        for index, one in enumerate(said):
            if isinstance(one, str):
                for part in one.split(","):
                    yield (key, index), part.strip()
    else:
        for part in filter(None, text(said).split(",")):
            yield (key,), part.strip()
