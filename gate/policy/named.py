"""What a policy names must be there: trusted roots, files, keys, and what its waivers are about.

All of it raises PolicyError, with the place of the name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from gate.errors import PolicyError
from gate.model.document import Document, Path
from gate.policy import describe
from gate.policy.document import PolicyFile
from gate.policy.signers import PUBLIC_GOOD, KeySigner


def check_roots(file: PolicyFile, document: Document) -> None:
    """Refuse a signer whose trusted root the policy does not have."""
    for name, signer in file.signers.items():
        if signer.root not in {*file.trusted_roots, PUBLIC_GOOD}:
            raise PolicyError(
                "policy-root-unknown",
                f"no trusted root is called {signer.root!r}",
                remedy=f"define it under trusted-roots, or use {PUBLIC_GOOD}",
                location=document.place("signers", name, "root"),
            )


def check_waived(file: PolicyFile, document: Document, known: Collection[str]) -> None:
    """Refuse a waiver of a check that does not exist: it would excuse nothing, and say so late."""
    for index, waiver in enumerate(file.waivers):
        if waiver.check not in known:
            raise describe.unknown_check(document, ("waivers", index, "check"), waiver.check, known)


def check_signers(file: PolicyFile, document: Document) -> None:
    """Refuse a list of ended passes, or a shard, by a signer that the policy does not have."""
    revocations = file.revocations.by if file.revocations else ()
    shards = file.shards.by if file.shards else ()
    for section, index, name in (
        *(("revocations", *one) for one in enumerate(revocations)),
        *(("shards", *one) for one in enumerate(shards)),
    ):
        if name not in file.signers:
            raise PolicyError(
                "policy-bad-value",
                f"{section}.by.{index}: no signer is called {name!r}",
                remedy=f"define it under signers, or use one of {', '.join(sorted(file.signers))}"
                if file.signers
                else "define it under signers",
                location=document.place(section, "by", index),
            )


def referenced(
    file: PolicyFile, document: Document, read: Callable[[str], bytes]
) -> dict[str, bytes]:
    """Read every key, root, baseline and definition that the policy names, once each.

    A layout is read by its check. A folder of definitions is read by its name with a slash.
    Raises PolicyError.
    """
    owners: list[tuple[Path, tuple[str, ...]]] = [
        *((("signers", name), signer.files()) for name, signer in file.signers.items()),
        *((("trusted-roots", name), root.files()) for name, root in file.trusted_roots.items()),
    ]
    if file.manifests is not None and file.manifests.baseline is not None:
        owners.append((("manifests", "baseline"), (file.manifests.baseline,)))
    if file.manifests is not None and file.manifests.crds is not None:
        owners.append((("manifests", "crds"), file.manifests.crds))
    if file.pass_ is not None:
        owners.append((("pass", "sign"), file.pass_.sign.files()))
    if file.shards is not None:
        owners.append((("shards", "sign"), file.shards.sign.files()))
    found: dict[str, bytes] = {}
    for place, paths in owners:
        for name in paths:
            try:
                found[name] = _read(name, read, folder=place == ("manifests", "crds"))
            except OSError as error:
                raise PolicyError(
                    "policy-file-unreadable",
                    f"{name} cannot be read: {error.strerror or type(error).__name__}",
                    remedy="give a path from the policy's own folder to a file that is there",
                    location=document.place(*place),
                ) from error
    return found


def _read(name: str, read: Callable[[str], bytes], *, folder: bool) -> bytes:
    try:
        return read(name)
    except IsADirectoryError:
        if not folder:
            raise
        return read(f"{name.rstrip('/')}/")


def check_keys(
    file: PolicyFile,
    document: Document,
    files: Mapping[str, bytes],
    check_key: Callable[[bytes], object],
) -> None:
    """Refuse the key of a signer that `check_key` refuses, by a ValueError."""
    for name, signer in file.signers.items():
        if not isinstance(signer, KeySigner):
            continue
        try:
            check_key(signer.key.encode() if signer.inline else files[signer.key])
        except ValueError as error:
            raise PolicyError(
                "policy-key-malformed",
                f"the key of the signer {name!r} cannot be used: {error}",
                remedy=getattr(error, "remedy", "")
                or "give a public key in PEM form, such as cosign.pub",
                location=document.place("signers", name, "key"),
            ) from error
