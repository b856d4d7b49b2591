"""Which kind of configuration a file is, and what reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, Final, TypeAlias

from gate.documents import read_yaml
from gate.documents.lenient import mapping, text
from gate.errors import DocumentError, UsageError
from gate.export.imports.account import DocumentAccount, TakenLine
from gate.export.imports.call import ImportCall
from gate.export.imports.checkov import import_checkov
from gate.export.imports.cluster_image_policy import import_cluster_image_policy
from gate.export.imports.connaisseur import application, import_connaisseur
from gate.export.imports.cosign_calls import import_cosign
from gate.export.imports.grype import import_grype
from gate.export.imports.kube_linter import import_kube_linter
from gate.export.imports.kyverno import Reading
from gate.export.imports.kyverno_cluster_policy import import_cluster_policy
from gate.export.imports.kyverno_image_policy import import_image_validating_policy
from gate.export.imports.osv_scanner import import_osv_scanner
from gate.export.imports.ratify import GROUPS, import_ratify, inline_keys
from gate.export.imports.trivy import import_trivy
from gate.export.imports.trivy_ignores import import_trivy_ignore, import_trivy_ignore_yaml
from gate.model.document import Document
from gate.model.expressions import expression
from gate.model.location import Location

MAX_BYTES: Final = 4 * 1024 * 1024
"""The largest file that is imported."""
_YAML: Final = (".yaml", ".yml", ".json")
_OBJECT: Final = expression(r'^[ {"-]*(?:kind|checks|validators|application)"?:', re.MULTILINE)
_CIP: Final = "ClusterImagePolicy"
_KYVERNO: Final = frozenset(("ClusterPolicy", "Policy"))
_IVPOL: Final = frozenset(("ImageValidatingPolicy", "NamespacedImageValidatingPolicy"))
_Reader: TypeAlias = Callable[[DocumentAccount, dict[str, Any], ImportCall], None]
_NAMED: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = (
    (expression(r".*trivyignore.*\.ya?ml"), import_trivy_ignore_yaml),
    (expression(r".*trivy.*\.ya?ml"), import_trivy),
    (expression(r".*checkov.*\.ya?ml"), import_checkov),
    (expression(r".*grype.*\.ya?ml"), import_grype),
)
"""Configurations that only the name of their file tells."""
_TRIVY_IGNORE: Final = expression(r".*trivyignore")
_OSV: Final = expression(r".*osv-scanner.*\.toml")
_OTHER: Final = frozenset(("kind", "jobs", "on", "stages", "steps"))
"""Keys of files that are called like a tool and only run it."""


def import_file(data: bytes, path: str, call: ImportCall) -> list[TakenLine]:
    """Add what a file demands; return the account of its lines.

    Raises DocumentError for YAML that cannot be read, and UsageError for a file of no kind that
    is known.
    """
    name, content = PurePosixPath(path).name, data.decode("utf-8", errors="replace")
    if _TRIVY_IGNORE.fullmatch(name):
        return list(import_trivy_ignore(content, path, call))
    if _OSV.fullmatch(name):
        return list(import_osv_scanner(content, path, call))
    lines: list[TakenLine] = []
    calls = import_cosign(content, path, call)
    named = _reader_of(name)
    if path.endswith(_YAML) and (named or _OBJECT.search(content)):
        try:
            lines += _documents(data, path, call, named)
        except DocumentError as error:
            if not calls:
                raise
            # A workflow is no file of Kubernetes, and need not be read as strictly as one.
            at = error.location or Location(path, 1)
            lines.append(TakenLine(location=at, demand="the YAML here", note=error.problem))
    lines += calls
    if not lines and not named:
        raise UsageError(
            "import-unknown",
            f"{path} holds nothing that gate imports: no call of cosign, no policy of an admission "
            "controller, and no configuration of a linter or scanner",
            remedy="name the file that has the demands; docs/export.md lists which are read",
        )
    return lines


def _reader_of(name: str) -> _Reader | None:
    return next((reader for pattern, reader in _NAMED if pattern.fullmatch(name)), None)


def _documents(
    data: bytes, path: str, call: ImportCall, named: _Reader | None
) -> Iterator[TakenLine]:
    documents = list(read_yaml(data, path))
    keys = inline_keys(documents)
    for document in documents:
        value = mapping(document.value)
        if named is not None and _OTHER.isdisjoint(value):
            account = DocumentAccount(document, hidden=0)
            named(account, value, call)
            yield from account.closed()
        else:
            yield from _document(document, call, keys)


def _document(document: Document, call: ImportCall, keys: dict[str, str]) -> Iterator[TakenLine]:
    value = mapping(document.value)
    kind, group = text(value.get("kind")), text(value.get("apiVersion")).partition("/")[0]
    account = DocumentAccount(document)
    if kind and isinstance(value.get("spec"), dict):
        reading = Reading(account, call.proposal, call.read)
        if kind == _CIP and group.endswith("sigstore.dev"):
            import_cluster_image_policy(account, call.proposal, call.read)
        elif kind in _KYVERNO and group == "kyverno.io":
            import_cluster_policy(reading)
        elif kind in _IVPOL and group.endswith("kyverno.io"):
            import_image_validating_policy(reading)
        elif group in GROUPS:
            import_ratify(account, kind, call, keys)
        else:
            yield from _not_read(account, group)
            return
        yield from account.closed("spec")
    elif kind:
        yield from _not_read(account, group)
    elif isinstance(value.get("checks"), dict):
        account.hidden = 0
        import_kube_linter(account, call)
        yield from account.closed()
    elif (place := application(value)) is not None:
        account.hidden = len(place)
        import_connaisseur(account, place, call)
        yield from account.closed(*(place or ("policy",)))


def _not_read(account: DocumentAccount, group: str) -> Iterator[TakenLine]:
    if group.endswith(("kyverno.io", "sigstore.dev")) or group in GROUPS:
        account.lost(("kind",), "gate imports no such object")
    yield from account.lines
