"""`.kube-linter.yaml`: its checks have gate's names.

https://docs.kubelinter.io/#/configuring-kubelinter
"""

from __future__ import annotations

from collections.abc import Collection

from gate.documents.lenient import mapping, sequence, text
from gate.export.imports.account import DocumentAccount
from gate.export.imports.proposal import ImportedPolicy
from gate.model.document import Path


def import_kube_linter(
    account: DocumentAccount, proposal: ImportedPolicy, rules: Collection[str]
) -> None:
    """Add which rules a configuration asks for."""
    value = mapping(account.document.value)
    checks = mapping(value.get("checks"))
    proposal.profile = "all" if checks.get("addAllBuiltIn") is True else "kube-linter"
    if "addAllBuiltIn" in checks:
        account.carried(("checks", "addAllBuiltIn"), f"manifests profile: {proposal.profile}")
    if checks.get("doNotAutoAddDefaults") is True:
        account.lost(
            ("checks", "doNotAutoAddDefaults"),
            "gate keeps the default rules, which is more: write those that go under `off`",
        )
    account.quiet(("checks", "doNotAutoAddDefaults"))
    for key, into, named in (
        ("include", proposal.block, "block"),
        ("exclude", proposal.off, "off"),
    ):
        for index, rule in enumerate(sequence(checks.get(key))):
            at: Path = ("checks", key, index)
            if text(rule) in rules:
                into.add(text(rule))
                account.carried(at, f"manifests {named}")
            else:
                account.lost(at, "gate has no rule of this name")
    proposal.block -= proposal.off
    for key in ("ignorePaths", "customChecks"):
        if key in value or key in checks:
            where: Path = (key,) if key in value else ("checks", key)
            why = "gate has no templates of checks"
            if key == "ignorePaths":
                why = "write the folders under `manifests: exclude`, as gate's reports print them"
            account.lost(where, why)
