"""What Kyverno's policies say alike: patterns of images, and who must have signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import mapping, mappings, text
from gate.export.imports.account import DocumentAccount
from gate.export.imports.proposal import Ask, ImportedPolicy
from gate.export.imports.signing import SignerSaid, keyed, keyless
from gate.export.imports.words import OWN_ROOT, PEM, PUBLIC_GOOD, image_pattern
from gate.model.document import Path
from gate.model.records import dataclass
from gate.policy.match import ImagePattern

BLOCKS: Final = "gate blocks, and warns of nothing here"
CEL: Final = "gate evaluates no CEL and no JMESPath: its checks read what an attestation says"


@dataclass(frozen=True, slots=True)
class Reading:
    """One document that is read, and what it is read into."""

    account: DocumentAccount
    proposal: ImportedPolicy
    read: Callable[[str], str | None]

    def asked(self, at: Path, patterns: Iterable[str], check: str, ask: Ask) -> None:
        """Demand a check of images, or say what is in the way."""
        for pattern in patterns:
            if not self.proposal.ask(pattern, check, ask):
                self.account.lost(at, f"another rule demands other signers of {check} of {pattern}")

    def patterns(self, at: Path, globs: Iterable[tuple[Path, str]]) -> list[str]:
        """Return the patterns of globs, each told."""
        found = []
        for here, glob in globs:
            made = image_pattern(glob, spans=True)
            try:
                pattern = ImagePattern(made[0]).text if made else None
            except ValueError:
                pattern = None
            if pattern is None or made is None:
                self.account.lost(here, "this is no pattern that a policy can have")
                continue
            self.account.carried(here, f"images {pattern}", made[1])
            found.append(pattern)
        self.account.quiet(at)
        return found


def attestors(
    reading: Reading, at: Path, attestors: object, patterns: list[str], check: str
) -> None:
    """Demand every set of attestors, each with as many as it counts."""
    for index, group in mappings(attestors):
        here: Path = (*at, index)
        entries = list(mappings(group.get("entries")))
        names: list[str] = []
        lost, beside = False, 0
        for number, entry in entries:
            found = list(_entry(reading, (*here, "entries", number), entry))
            names += [one.name for one in found]
            lost |= not found
            beside += max(len(found) - 1, 0)
        count = group.get("count")
        wanted = count if type(count) is int and count > 0 else len(entries)
        every = tuple(sorted(set(names)))
        if lost and wanted > len(every):
            reading.account.lost((*here, "count"), f"{len(every)} of its signers are in the policy")
        elif "count" in group:
            reading.account.carried((*here, "count"), f"images {check}.at-least")
        if not every:
            continue
        if wanted > 1:
            wanted += beside  # so that no two keys of one entry stand in for two entries
        reading.asked(here, patterns, check, Ask(every, min(wanted, len(every))))


def _entry(reading: Reading, at: Path, entry: Mapping[str, Any]) -> Iterator[SignerSaid]:
    account = reading.account
    for key, value in entry.items():
        here: Path = (*at, key)
        if key == "keys":
            yield from _key_object(reading, here, mapping(value))
        elif key == "keyless":
            yield from signers_of_identity(reading, here, mapping(value))
        elif key == "annotations":
            account.lost(here, "gate compares no annotations of signatures")
        elif key == "repository":
            account.lost(here, "the registries file says it: `evidence`")
        elif key == "certificates":
            account.lost(here, "write the public key of the certificate as PEM")
        else:
            account.lost(here, "gate does not read this field")


def _key_object(reading: Reading, at: Path, said: Mapping[str, Any]) -> Iterator[SignerSaid]:
    log, account = mapping(said.get("rekor")), reading.account
    ignored = log.get("ignoreTlog") is True
    account.quiet((*at, "signatureAlgorithm"), (*at, "rekor"), (*at, "ctlog"))
    for key in ("kms", "secret"):
        if key in said:
            account.lost((*at, key), "write the public half of the key, as PEM, under `signers`")
    if "publicKeys" in said:
        more = None if ignored else {"log": "required"}
        yield from signers_of_keys(reading, (*at, "publicKeys"), text(said["publicKeys"]), more)


def signers_of_keys(
    reading: Reading, at: Path, data: str, more: Mapping[str, Any] | None
) -> Iterator[SignerSaid]:
    """Yield a signer for each key of a text: of several keys any one is enough."""
    parts = [f"{PEM}{part}" for part in data.split(PEM)[1:]] or [data]
    found = []
    for part in parts:
        try:
            found.append(keyed(reading.proposal, part, reading.read, more=more))
        except ValueError as problem:
            reading.account.lost(at, str(problem))
            return
    reading.account.carried(at, f"signers {', '.join(one.name for one in found)}")
    yield from found


def signers_of_identity(
    reading: Reading, at: Path, said: Mapping[str, Any]
) -> Iterator[SignerSaid]:
    """Yield the signer of a keyless attestor, told; none where the policy can have no such one."""
    account = reading.account
    own = ("roots" in said) or (
        text(mapping(said.get("rekor")).get("url")).rstrip("/") not in {"", *PUBLIC_GOOD}
    )
    if said.get("additionalExtensions"):
        account.lost((*at, "additionalExtensions"), "write it to the signer: `ref`, `trigger` …")
    if own:
        account.lost(at, f"it is an identity of another instance: {OWN_ROOT}")
        return
    subject = text(said.get("subject"))
    wild = "*" in subject or "?" in subject
    try:
        signer = keyless(
            reading.proposal,
            issuer=text(said.get("issuer")),
            subject=subject,
            expression=text(said.get("subjectRegExp")),
            issuer_expression=text(said.get("issuerRegExp")),
        )
    except ValueError as problem:
        account.lost(at, str(problem))
        return
    note = signer.note if not wild else f"{signer.note}; in Kyverno * matches them"
    account.carried(at, f"signers {signer.name}", note)
    yield signer
