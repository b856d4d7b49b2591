"""From policy text to Policy. Everything that is wrong is refused here, with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import rfc8785

from gate.documents import read_yaml
from gate.errors import DocumentError, PolicyError
from gate.model.document import Document, Path
from gate.model.image import Digest
from gate.policy import describe
from gate.policy.canonical import check_canonical
from gate.policy.document import EntryName, ImageEntry, Policy, PolicyFile
from gate.policy.empty import check_not_empty
from gate.policy.match import AllowedRegistry, ImagePattern
from gate.policy.named import check_keys, check_roots, check_signers, check_waived, referenced
from gate.policy.pydantic_alone import ValidationError
from gate.policy.section import Params, Section

if TYPE_CHECKING:
    from gate.policy.manifests import ManifestsSection

S = TypeVar("S", bound=Section)

MAX_POLICY_BYTES = 1024 * 1024
"""A policy is read by people: one larger than 1 MiB is not one."""


def load_policy(
    data: bytes,
    path: str,
    *,
    checks: Mapping[str, type[Params]],
    check_rules: Callable[[ManifestsSection], None],
    check_key: Callable[[bytes], object] | None = None,
    waivable: Callable[[], Collection[str]] | None = None,
    read: Callable[[str], bytes],
) -> Policy:
    """Read a policy whose checks are `checks`. Raises PolicyError.

    `check_rules` raises ValueError, its text begun by the field's path, for lint rules that
    do not exist. `check_key` raises ValueError for what is no public key; where it is not
    given, the verifier finds that. `waivable` returns the checks and rules that a waiver may
    name, and is asked where the policy has waivers; without it, they may name any. `read` returns
    the bytes of a key, trusted root or in-toto layout that the policy names by a path, and raises
    OSError where it cannot.
    """
    document = _document(data, path)
    check_not_empty(document)
    file = _read(PolicyFile, document, (), {})
    if file.manifests is not None:
        try:
            check_rules(file.manifests)
        except ValueError as error:
            raise describe.misplaced(error, document, ("manifests",)) from error
    check_roots(file, document)
    if waivable is not None and file.waivers:
        check_waived(file, document, waivable())
    check_signers(file, document)
    files = referenced(file, document, read)
    if check_key is not None:
        check_keys(file, document, files, check_key)

    def remember(name: str) -> bytes:
        if name not in files:
            files[name] = read(name)
        return files[name]

    images = _entries(file, document, checks, remember)
    check_canonical(document)
    return Policy(
        path=path,
        digest=_digest(document.value, files),
        signers=file.signers,
        roots=file.trusted_roots,
        images=images,
        verifier=file.verifier,
        allowed=tuple(map(AllowedRegistry, file.registries.allow)) if file.registries else None,
        manifests=file.manifests,
        waivers=file.waivers,
        max_waiver=file.max_waiver,
        passes=file.pass_,
        revocations=file.revocations,
        shards=file.shards,
        admission=file.admission,
        files=files,
    )


def _document(data: bytes, path: str) -> Document:
    if len(data) > MAX_POLICY_BYTES:
        msg = f"the policy is larger than {MAX_POLICY_BYTES} bytes"
        raise PolicyError("policy-too-large", msg, remedy="split it, or drop what is not policy")
    try:
        documents = read_yaml(data, path, keys_as_written=True)
    except DocumentError as error:
        raise PolicyError(
            error.code, error.problem, remedy=error.remedy, location=error.location
        ) from error
    if len(documents) != 1 or documents[0].value is None:
        count = "is empty" if len(documents) <= 1 else f"holds {len(documents)} documents"
        at = documents[-1].place() if documents else None
        raise PolicyError(
            "policy-not-one-document",
            f"the policy {path} {count}" if at is None else f"the policy {count}",
            remedy="write one YAML document; `gate schema` prints what a policy may say",
            location=at,
        )
    return documents[0]


def _entries(
    file: PolicyFile,
    document: Document,
    checks: Mapping[str, type[Params]],
    read: Callable[[str], bytes],
) -> tuple[ImageEntry, ...]:
    literal = frozenset(name for name, signer in file.signers.items() if signer.literal)
    context = {"signers": frozenset(file.signers), "literal": literal, "read": read}
    entries: list[ImageEntry] = []
    for index, raw in enumerate(file.images):
        at = ("images", index)
        own = _own_keys(EntryName)
        names = [name for name in raw if name not in own]
        head = _read(EntryName, document, at, context, only=own)
        for name in names:
            if name not in checks:
                raise describe.unknown(document, (*at, name), name, [*own, *checks])
        if not names:
            raise PolicyError(
                "policy-asks-nothing",
                f"the entry for {head.match} asks for no check, so anything would pass",
                remedy=f"add one of {', '.join(sorted(checks))}",
                location=document.place(*at),
            )
        asked = {n: _read(checks[n], document, (*at, n), context) for n in names}
        pattern = ImagePattern(head.match)
        _check_reachable(entries, pattern, document, at)
        entries.append(ImageEntry(pattern, asked, head.without_pass, document.place(*at)))
    return tuple(entries)


def _own_keys(model: type[Section]) -> tuple[str, ...]:
    """Return the keys of a section as the file writes them."""
    return tuple(field.alias for field in model.fields().values())


def _check_reachable(
    earlier: list[ImageEntry], pattern: ImagePattern, document: Document, at: Path
) -> None:
    for before in earlier:
        if before.pattern.covers(pattern):
            raise PolicyError(
                "policy-entry-unreachable",
                f"no image reaches the entry for {pattern.text}: "
                f"the entry for {before.pattern.text} above it matches first",
                remedy="move the narrower entry up, or remove it",
                location=document.place(*at, "match"),
            )


def _digest(value: object, files: Mapping[str, bytes]) -> Digest:
    """Hash what the policy says and what it refers to; comments and layout do not count."""
    named = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    canonical = rfc8785.dumps({"files": named, "policy": value})  # type: ignore[dict-item]  # parsed JSON-like values
    return Digest(hashlib.sha256(canonical).hexdigest())


def _read(
    model: type[S],
    document: Document,
    at: Path,
    context: dict[str, Any],
    *,
    only: Collection[str] = (),
) -> S:
    value = document.value
    for key in at:
        value = value[key]
    if only and isinstance(value, dict):
        value = {name: value[name] for name in only if name in value}
    try:
        return model.model_validate(value, context=context)
    except ValidationError as error:
        raise describe.refused(error, model, document, at) from error
