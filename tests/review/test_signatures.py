"""Ways to make a signature count for more than it proves: each is refused for what it is."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from gate.keys.public import MalformedKey, load_public_key, public_pem
from gate.keys.schemes import signed_in_a_safe_scheme
from gate.model.dsse import PAYLOAD_TYPE, pre_authentication_encoding
from gate.model.evidence import Attached, AttachedKind, Rejection
from gate.trust.refusal import Reason
from gate.trust.trusted_root import parse_trusted_root
from tests.builders.cosign_layers import SIGNATURE, simple_signing
from tests.fakes.sigstore import WORKFLOW, new_key
from tests.fakes.sigstore.encoding import b64
from tests.trust import given
from tests.trust.given import AT, Judged, attached, changed, identity, judged

S: Final = given.sigstore()
SIGNED: Final = S.keyless_bundle(given.statement(), at=AT)
TILES: Final = S.keyless_bundle(given.statement(), at=AT, rekor=2)
STAMPED: Final = S.keyless_bundle(given.statement(), at=AT, tsa=True)
KEY: Final = new_key()
KEYED: Final = S.keyed_bundle(given.statement(), KEY, at=AT)
LOGGED_KEY: Final = S.keyed_bundle(given.statement(), KEY, at=AT, rekor=1)
ENTRY: Final = ("verificationMaterial", "tlogEntries", 0)
STAMPS: Final = ("verificationMaterial", "timestampVerificationData", "rfc3161Timestamps")
SIG: Final = ("dsseEnvelope", "signatures", 0, "sig")
CERTIFICATE: Final = ("verificationMaterial", "certificate")
OLD: Final = "application/vnd.dev.sigstore.bundle+json;version=0.1"


def part(bundle: bytes, *path: str | int) -> Any:  # noqa: ANN401  # parsed JSON
    found = json.loads(bundle)
    for step in path:
        found = found[step]
    return found


def other_s(bundle: bytes) -> str:
    """Return the second ECDSA signature that everybody can make of a first."""
    r, s = decode_dss_signature(base64.b64decode(part(bundle, *SIG)))
    order = int("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16)
    return b64(encode_dss_signature(r, order - s))


def side_by_side(bundle: bytes) -> str:
    r, s = decode_dss_signature(base64.b64decode(part(bundle, *SIG)))
    return b64(r.to_bytes(32) + s.to_bytes(32))


def by_key(found: bytes | Attached, *, log_required: bool = False) -> Judged:
    return judged(found, given.key(KEY.public_key(), log_required=log_required))


def layer(payload: bytes, signature: bytes) -> Attached:
    return attached(payload, AttachedKind.COSIGN_SIGNATURE, **{SIGNATURE: b64(signature)})


def told(found: Judged) -> str:
    return found.said.code if isinstance(found.said, Rejection) else "accepted"


def signed(payload: bytes) -> Attached:
    return layer(payload, KEY.sign(payload, ec.ECDSA(hashes.SHA256())))


@pytest.mark.parametrize(
    ("bundle", "code"),
    [
        (
            changed(changed(TILES, *STAMPS, to=[]), *ENTRY, "integratedTime", to="1763640000"),
            Reason.SIGNING_TIME_MISSING,
        ),
        (changed(SIGNED, *ENTRY, "inclusionPromise", to=...), Reason.SIGNING_TIME_MISSING),
        (changed(SIGNED, *ENTRY, "inclusionPromise", to=None), Reason.SIGNING_TIME_MISSING),
        (changed(SIGNED, *ENTRY, "inclusionProof", to=...), Reason.LOG_ENTRY_INVALID),
        (
            changed(changed(TILES, *ENTRY, "inclusionProof", to=...), "mediaType", to=OLD),
            Reason.LOG_ENTRY_INVALID,
        ),
        (changed(SIGNED, *ENTRY, "integratedTime", to="1763640001"), Reason.LOG_ENTRY_INVALID),
        (changed(SIGNED, *ENTRY, "integratedTime", to=1763640000.0), Reason.MALFORMED),
        (changed(SIGNED, *ENTRY, "integratedTime", to="-1"), Reason.MALFORMED),
        (changed(SIGNED, *ENTRY, "logIndex", to="99"), Reason.LOG_ENTRY_INVALID),
        (
            changed(SIGNED, *ENTRY, "inclusionProof", "logIndex", to="99"),
            Reason.LOG_ENTRY_INVALID,
        ),
        (changed(SIGNED, *SIG, to=other_s(SIGNED)), Reason.LOG_ENTRY_MISMATCH),
        (changed(SIGNED, *SIG, to=side_by_side(SIGNED)), Reason.SIGNATURE_INVALID),
        (changed(SIGNED, *ENTRY, to=part(STAMPED, *ENTRY)), Reason.LOG_ENTRY_MISMATCH),
        (changed(SIGNED, *CERTIFICATE, to=part(STAMPED, *CERTIFICATE)), Reason.SIGNATURE_INVALID),
        (changed(SIGNED, *ENTRY[:-1], to=[]), Reason.LOG_ENTRY_MISSING),
        (changed(SIGNED, *ENTRY[:-1], to=None), Reason.LOG_ENTRY_MISSING),
        (SIGNED, "accepted"),
        (TILES, "accepted"),
    ],
    ids=map(str, range(18)),  # fresh signatures would be the names
)
def test_a_proof_that_was_moved_or_taken_away_proves_nothing(bundle: bytes, code: str) -> None:
    assert told(judged(bundle)) == code


def test_a_timestamp_of_another_signature_is_no_time() -> None:
    alone = changed(SIGNED, *ENTRY[:-1], to=[])
    moved = changed(alone, *STAMPS, to=part(STAMPED, *STAMPS))
    assert told(judged(moved, identity(log_required=False))) == Reason.TIMESTAMP_MISSING
    own = changed(STAMPED, *ENTRY[:-1], to=[])
    assert told(judged(own, identity(log_required=False))) == "accepted"


def test_a_second_signature_that_everybody_can_make_of_a_first_is_not_the_logged_one() -> None:
    other = changed(LOGGED_KEY, *SIG, to=other_s(LOGGED_KEY))
    assert told(by_key(other, log_required=True)) == Reason.LOG_ENTRY_MISMATCH
    assert told(by_key(LOGGED_KEY, log_required=True)) == "accepted"


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        ("", Reason.MALFORMED),
        (b64(encode_dss_signature(0, 0)), Reason.SIGNER_MISMATCH),
        (b64(bytes(64)), Reason.SIGNER_MISMATCH),
        (part(KEYED, *SIG), "accepted"),
    ],
    ids=["nothing", "nought", "nought side by side", "its own"],
)
def test_a_signature_of_nothing_is_by_no_key(signature: str, code: str) -> None:
    assert told(by_key(changed(KEYED, *SIG, to=signature))) == code


def test_what_was_signed_as_one_kind_is_not_taken_for_another() -> None:
    statement = given.statement()
    encoded = pre_authentication_encoding(PAYLOAD_TYPE, statement)
    as_layer = layer(encoded, base64.b64decode(part(KEYED, *SIG)))
    assert told(by_key(as_layer)) == Reason.MALFORMED
    assert told(by_key(signed(statement))) == Reason.MALFORMED
    assert told(by_key(signed(simple_signing()))) == "accepted"


FROM: Final = "2020-01-01T00:00:00Z"
PAST: Final = "2021-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ({}, Reason.OUTSIDE_VALIDITY),
        ({"start": FROM, "end": PAST}, Reason.OUTSIDE_VALIDITY),
        ({"start": FROM, "End": PAST}, Reason.LOG_NOT_TRUSTED),
        ({"start": FROM, "ends": PAST}, Reason.LOG_NOT_TRUSTED),
        ({"start": FROM, "end": ""}, Reason.LOG_NOT_TRUSTED),
        ({"start": FROM, "end": 0}, Reason.LOG_NOT_TRUSTED),
        ({"start": "2020-01-01"}, Reason.LOG_NOT_TRUSTED),
        ({"start": FROM}, "accepted"),
        ({"start": FROM, "end": "2099-01-01T00:00:00Z"}, "accepted"),
    ],
)
def test_an_end_that_cannot_be_read_is_not_read_as_none(
    window: dict[str, object], code: str
) -> None:
    document = given.root_document()
    for one in document["tlogs"]:
        one["publicKey"]["validFor"] = window
    root = parse_trusted_root(json.dumps(document).encode())
    assert told(judged(SIGNED, identity(root=root))) == code


@pytest.mark.parametrize("end", ["\n", "\0", " ", "X", "/x"])
def test_an_identity_with_something_behind_it_is_another(end: str) -> None:
    bundle = S.keyless_bundle(given.statement(), at=AT, subject=WORKFLOW + end)
    assert told(judged(bundle)) == Reason.SIGNER_MISMATCH


@pytest.mark.parametrize("trigger", ["PULL_REQUEST", " pull_request", "Merge_Request_Event"])
def test_a_pull_request_in_other_letters_is_one(trigger: str) -> None:
    bundle = S.keyless_bundle(given.statement(), at=AT, extensions={20: trigger})
    assert told(judged(bundle)) == Reason.SIGNER_MISMATCH
    assert told(judged(bundle, identity(triggers=(trigger,)))) == "accepted"


NEUTRAL: Final = b"\1" + bytes(31)


@pytest.mark.parametrize("point", [NEUTRAL, b"\xec" + b"\xff" * 30 + b"\x7f", bytes(32)])
def test_a_key_with_which_everybody_can_sign_is_refused(point: bytes) -> None:
    weak = ed25519.Ed25519PublicKey.from_public_bytes(point)
    with pytest.raises(MalformedKey, match="everybody can sign"):
        load_public_key(public_pem(weak))
    good = ed25519.Ed25519PrivateKey.generate().public_key()
    assert public_pem(load_public_key(public_pem(good))) == public_pem(good)


def test_everybody_can_sign_with_the_neutral_point() -> None:
    weak = ed25519.Ed25519PublicKey.from_public_bytes(NEUTRAL)
    assert signed_in_a_safe_scheme(weak, NEUTRAL + bytes(32), b"anything")
