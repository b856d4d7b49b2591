"""Proofs that look right and that nobody of the trusted root made: each is refused by itself.

Every test changes one thing of a signature that counts, so that only the condition it speaks of
can refuse it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gate.trust.refusal import Reason
from gate.trust.root import TrustedRoot
from gate.trust.trusted_root import parse_trusted_root
from tests.fakes.sigstore.encoding import b64, spki
from tests.fakes.sigstore.rekor import RekorV1
from tests.trust import given
from tests.trust.given import AT, changed, identity, judged

S: Final = given.sigstore()
SIGNED: Final = S.keyless_bundle(given.statement(), at=AT)
ENTRY: Final = ("verificationMaterial", "tlogEntries", 0)
CHECKPOINT: Final = (*ENTRY, "inclusionProof", "checkpoint", "envelope")
OTHER_KEY: Final = b64(spki(ec.generate_private_key(ec.SECP256R1()).public_key()))


def part(bundle: bytes, *path: str | int) -> Any:  # noqa: ANN401  # a part of a JSON document
    found = json.loads(bundle)
    for name in path:
        found = found[name]
    return found


def root_with(logs: str, place: int, **fields: Any) -> TrustedRoot:  # noqa: ANN401  # JSON
    """Return the root in which one log's key is another, under the identifier that it had."""
    document = given.root_document()
    log = document[logs][place]
    document[logs][place] = {**log, "publicKey": {**log["publicKey"], **fields}}
    return parse_trusted_root(json.dumps(document).encode())


def test_a_certificate_timestamp_that_another_key_made_is_none() -> None:
    root = root_with("ctlogs", 0, rawBytes=OTHER_KEY)
    assert judged(SIGNED, identity(root=root)).code is Reason.SCT_INVALID


def test_a_certificate_timestamp_of_a_log_that_the_root_has_not_is_none() -> None:
    document = given.root_document()
    document["ctlogs"][0]["logId"] = {"keyId": b64(b"\1" * 32)}
    root = parse_trusted_root(json.dumps(document).encode())
    assert judged(SIGNED, identity(root=root)).code is Reason.SCT_INVALID


def test_an_entry_that_another_key_promised_and_signed_is_in_no_log() -> None:
    root = root_with("tlogs", 0, rawBytes=OTHER_KEY)
    assert judged(SIGNED, identity(root=root)).code is Reason.LOG_ENTRY_INVALID


Change = Callable[[str], str]


def _head(change: Change) -> Change:
    return lambda text: "\n\n".join((change(text.partition("\n\n")[0]), text.partition("\n\n")[2]))


def _line(change: Callable[[str, bytes], tuple[str, bytes]]) -> Change:
    """Return what changes the name and the bytes of the one signature under a checkpoint."""

    def put(text: str) -> str:
        head, _, tail = text.partition("\n\n")
        _, name, signature = tail.rstrip("\n").split(" ")
        name, raw = change(name, base64.b64decode(signature))
        return f"{head}\n\n\N{EM DASH} {name} {b64(raw)}\n"

    return put


def _size(text: str) -> str:
    name, size, root = text.split("\n")
    return f"{name}\n{int(size) + 1}\n{root}"


CHECKPOINTS: Final[dict[str, Change]] = {
    "the size": _head(_size),
    "the name above": _head(lambda text: text.replace("rekor1", "rekor9")),
    "the name below": _line(lambda name, raw: (name + "x", raw)),
    "the key's identifier": _line(lambda name, raw: (name, b"\0\0\0\0" + raw[4:])),
    "the signature": _line(lambda name, raw: (name, raw[:-1] + bytes([raw[-1] ^ 1]))),
    "no signature": _line(lambda name, raw: (name, raw[:4])),
    "no identifier": _line(lambda name, raw: (name, raw[4:])),
}


@pytest.mark.parametrize("what", CHECKPOINTS)
def test_a_checkpoint_that_its_log_did_not_sign_proves_nothing(what: str) -> None:
    text = part(SIGNED, *CHECKPOINT)
    forged = CHECKPOINTS[what](text)
    assert forged != text
    assert judged(changed(SIGNED, *CHECKPOINT, to=forged)).code is Reason.LOG_ENTRY_INVALID


def test_a_checkpoint_of_another_tree_that_the_log_signed_proves_nothing() -> None:
    later = S.keyless_bundle(given.statement(), at=AT)
    forged = changed(SIGNED, *CHECKPOINT, to=part(later, *CHECKPOINT))
    assert judged(later).accepted.signed_at == AT
    assert judged(forged).code is Reason.LOG_ENTRY_INVALID


def test_a_promise_that_was_made_of_another_entry_is_none() -> None:
    later = S.keyless_bundle(given.statement(), at=AT)
    promise = (*ENTRY, "inclusionPromise")
    forged = changed(SIGNED, *promise, to=part(later, *promise))
    assert judged(forged).code is Reason.LOG_ENTRY_INVALID


@pytest.mark.parametrize(
    ("field", "to"), [("integratedTime", str(int(AT.timestamp()) + 1)), ("logIndex", "7")]
)
def test_what_a_log_promised_may_not_be_changed(field: str, to: str) -> None:
    assert judged(changed(SIGNED, *ENTRY, field, to=to)).code is Reason.LOG_ENTRY_INVALID


@pytest.mark.parametrize("place", [0, -1])
def test_an_inclusion_proof_with_one_other_hash_leads_nowhere(place: int) -> None:
    path = (*ENTRY, "inclusionProof", "hashes", place)
    assert judged(changed(SIGNED, *path, to=b64(b"\2" * 32))).code is Reason.LOG_ENTRY_INVALID


def test_a_log_of_the_same_identifier_vouches_with_its_own_key_alone() -> None:
    """The first of two logs under one identifier did not sign, and the second did."""
    document = given.root_document()
    twin = {**document["tlogs"][0], "publicKey": {**document["tlogs"][0]["publicKey"]}}
    twin["publicKey"]["rawBytes"] = b64(spki(RekorV1().public_key))
    document["tlogs"].insert(0, twin)
    root = parse_trusted_root(json.dumps(document).encode())
    assert judged(SIGNED, identity(root=root)).accepted.signed_at == AT
