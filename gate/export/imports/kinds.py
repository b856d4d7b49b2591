"""Which kind of configuration a file is, and what reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Final

from gate.documents import read_yaml
from gate.documents.lenient import mapping, text
from gate.errors import DocumentError, UsageError
from gate.export.imports.account import DocumentAccount, TakenLine
from gate.export.imports.cluster_image_policy import import_cluster_image_policy
from gate.export.imports.cosign_calls import import_cosign
from gate.export.imports.kube_linter import import_kube_linter
from gate.export.imports.kyverno import Reading
from gate.export.imports.kyverno_cluster_policy import import_cluster_policy
from gate.export.imports.kyverno_image_policy import import_image_validating_policy
from gate.export.imports.proposal import ImportedPolicy
from gate.model.document import Document
from gate.model.location import Location

MAX_BYTES: Final = 4 * 1024 * 1024
"""The largest file that is imported."""
_YAML: Final = (".yaml", ".yml", ".json")
_OBJECT: Final = re.compile(r'^[ {"-]*(?:kind|checks)"?:', re.MULTILINE)
_CIP: Final = "ClusterImagePolicy"
_KYVERNO: Final = frozenset(("ClusterPolicy", "Policy"))
_IVPOL: Final = frozenset(("ImageValidatingPolicy", "NamespacedImageValidatingPolicy"))


def import_file(
    data: bytes,
    path: str,
    proposal: ImportedPolicy,
    *,
    read: Callable[[str], str | None],
    rules: Collection[str],
) -> list[TakenLine]:
    """Add what a file demands; return the account of its lines.

    `read` returns the text of a key's file, and `rules` are gate's rules of lint. Raises
    DocumentError for YAML that cannot be read, and UsageError for a file of no kind that is known.
    """
    lines: list[TakenLine] = []
    content = data.decode("utf-8", errors="replace")
    calls = import_cosign(content, path, proposal, read)
    if path.endswith(_YAML) and _OBJECT.search(content):
        try:
            for document in read_yaml(data, path):
                lines += _document(document, proposal, read, rules)
        except DocumentError as error:
            if not calls:
                raise
            # A workflow is no file of Kubernetes, and need not be read as strictly as one.
            at = error.location or Location(path, 1)
            lines.append(TakenLine(location=at, demand="the YAML here", note=error.problem))
    lines += calls
    if not lines:
        raise UsageError(
            "import-unknown",
            f"{path} holds nothing that gate imports: no cosign call, ClusterImagePolicy, Kyverno "
            "policy or configuration of KubeLinter",
            remedy="name the file that has the demands",
        )
    return lines


def _document(
    document: Document,
    proposal: ImportedPolicy,
    read: Callable[[str], str | None],
    rules: Collection[str],
) -> Iterator[TakenLine]:
    value = mapping(document.value)
    account = DocumentAccount(document)
    kind, group = text(value.get("kind")), text(value.get("apiVersion")).partition("/")[0]
    has_spec = isinstance(value.get("spec"), dict)
    if kind == _CIP and group.endswith("sigstore.dev") and has_spec:
        import_cluster_image_policy(account, proposal, read)
        yield from account.closed("spec")
    elif kind in _KYVERNO and group == "kyverno.io" and has_spec:
        import_cluster_policy(Reading(account, proposal, read))
        yield from account.closed("spec")
    elif kind in _IVPOL and group.endswith("kyverno.io") and has_spec:
        import_image_validating_policy(Reading(account, proposal, read))
        yield from account.closed("spec")
    elif not kind and isinstance(value.get("checks"), dict):
        import_kube_linter(account, proposal, rules)
        yield from account.closed()
    elif group.endswith(("kyverno.io", "sigstore.dev")):
        account.lost(("kind",), "gate imports no such object")
        yield from account.lines
