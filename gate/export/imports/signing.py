"""Who must have signed, as cosign and the policies that use it say it, as signers of a policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from gate.export.imports.proposal import ImportedPolicy
from gate.export.imports.words import GITHUB, PEM, identity_pattern
from gate.keys.public import load_public_key
from gate.model.records import dataclass

_REMOTE: Final = ("k8s://", "http://", "https://", "env://", "gitlab://", "github://")


@dataclass(frozen=True, slots=True)
class SignerSaid:
    """A signer of the policy, and how it differs from what was said."""

    name: str
    note: str


def keyless(
    proposal: ImportedPolicy,
    *,
    issuer: str,
    subject: str = "",
    expression: str = "",
    issuer_expression: str = "",
    exact: bool = False,
    more: Mapping[str, Any] | None = None,
) -> SignerSaid:
    """Return a signer by an identity. Raises ValueError, with why there is no such signer.

    `exact` says that the tool compares the subject as it is, so that a `*` in it is no pattern.
    """
    notes = []
    if not issuer and issuer_expression:
        found = identity_pattern(issuer_expression)
        if found is None or "*" in found[0]:
            msg = "gate takes no pattern of issuers: write each issuer"
            raise ValueError(msg)
        issuer = found[0]
    if not issuer:
        msg = "gate takes no identity without its issuer"
        raise ValueError(msg)
    if not subject and expression:
        pattern = identity_pattern(expression)
        if pattern is None:
            msg = "gate knows no regular expressions, and this one is no pattern with * alone"
            raise ValueError(msg)
        subject, stricter = pattern
        if stricter:
            notes.append("as a pattern, which matches no more than the expression")
    elif exact and "*" in subject:
        msg = "here * is a character, and in a policy a pattern: write the identity yourself"
        raise ValueError(msg)
    elif subject and "*" in subject:
        notes.append("* matches neither / nor @")
    if not subject:
        msg = "gate takes no issuer without an identity"
        raise ValueError(msg)
    said = {"issuer": issuer, "identity": subject, **(more or {})}
    notes += _stricter(said)
    head = subject.partition("@")[0].rstrip("/*").rpartition("/")[2]
    name = head.partition(".")[0] or "signer"
    return SignerSaid(proposal.signer(name, said), "; ".join(notes))


def _stricter(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what gate asks of an identity that others do not."""
    if said["identity"].endswith("@*"):
        yield "@* matches no ref with a slash: write @refs/heads/main or @refs/tags/*"
    if "trigger" not in said and said["issuer"] == GITHUB:
        yield "a workflow that a pull request triggers does not count"


def keyed(
    proposal: ImportedPolicy,
    text: str,
    read: Callable[[str], str | None],
    *,
    more: Mapping[str, Any] | None = None,
) -> SignerSaid:
    """Return a signer by a key: PEM, or the path of a file that `read` returns.

    Raises ValueError, with why there is no such signer.
    """
    pem = text if PEM in text else None
    if pem is None and "://" in text:
        where = "kept in a service" if not text.startswith(_REMOTE) else "not in a file"
        msg = f"the key is {where}: write its public half, as PEM, under `signers`"
        raise ValueError(msg)
    pem = read(text) if pem is None else pem
    if pem is None or PEM not in pem:
        msg = "the file of the public key is not there or holds no PEM: write the key yourself"
        raise ValueError(msg)
    begin = pem.index(PEM)
    end = pem.find("-----END PUBLIC KEY-----", begin)
    block = pem[begin:end] + "-----END PUBLIC KEY-----"
    lines = [line.strip() for line in block.splitlines() if line.strip()]
    written = "\n".join(lines)
    load_public_key(written.encode())  # a placeholder is none, and the policy would be refused
    said = {"key": written, **(more or {})}
    return SignerSaid(proposal.signer("key", said), "")
