"""`.kube-linter.yaml`: its checks have gate's names.

https://docs.kubelinter.io/#/configuring-kubelinter
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.documents.lenient import mapping, sequence, strings, text
from gate.export.imports.account import DocumentAccount
from gate.export.imports.call import ImportCall
from gate.export.imports.lint_said import LintSaid, left_out
from gate.model.document import Path
from gate.policy.profile import Profile

TOOL: Final = "kube-linter"
_A_FILE: Final = ("/", "/**", ".yaml", ".yml", ".json")
"""How a path ends that is one file, or a folder with all in it."""


def import_kube_linter(account: DocumentAccount, call: ImportCall) -> None:
    """Add which rules a configuration asks for."""
    value = mapping(account.document.value)
    checks = mapping(value.get("checks"))
    every = checks.get("addAllBuiltIn") is True
    said = call.proposal.linter(TOOL, Profile.ALL if every else Profile.KUBE_LINTER)
    if "addAllBuiltIn" in checks:
        account.carried(("checks", "addAllBuiltIn"), f"manifests profile: {said.profile}")
    else:
        account.whole("KubeLinter's default checks", f"manifests profile: {said.profile}")
    if checks.get("doNotAutoAddDefaults") is True:
        account.lost(
            ("checks", "doNotAutoAddDefaults"),
            "gate keeps the default rules, which is more: write those that go under `off`",
        )
    account.quiet(("checks", "doNotAutoAddDefaults"))
    for key, into, named in (("include", said.block, "block"), ("exclude", said.off, "off")):
        for index, rule in enumerate(sequence(checks.get(key))):
            at: Path = ("checks", key, index)
            if text(rule) in call.rules.names:
                into.add(text(rule))
                account.carried(at, f"manifests {named}")
            else:
                account.lost(at, "gate has no rule of this name")
    if not checks:
        account.quiet(("checks",))
    said.block -= said.off
    _left_out(account, ("checks",), checks, said)
    _left_out(account, (), value, said)


def _left_out(
    account: DocumentAccount, at: Path, holder: Mapping[str, Any], said: LintSaid
) -> None:
    for index, glob in enumerate(strings(holder.get("ignorePaths"))):
        place: Path = (*at, "ignorePaths", index)
        pattern = left_out(glob) if glob.endswith(_A_FILE) else None
        if pattern is None:
            account.lost(
                place, "write it under `manifests: exclude`, as gate's reports print the path"
            )
            continue
        said.exclude.add(pattern)
        account.carried(place, f"manifests exclude: {pattern}")
    if "customChecks" in holder:
        account.lost((*at, "customChecks"), "gate has no templates of checks")
