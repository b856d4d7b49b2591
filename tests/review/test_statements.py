"""Ways to make a signed statement, or its envelope, say more than it does."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from gate.model.dsse import PAYLOAD_TYPE, pre_authentication_encoding
from gate.model.evidence import AttachedKind, Rejection
from gate.model.predicates import ImageSignature, Sbom, Unreadable, Unrecognised
from gate.predicates import parse, types
from gate.trust.about import about
from gate.trust.bundle import Envelope
from gate.trust.refusal import Refusal
from tests.builders.cosign_layers import CERTIFICATE, SIGNATURE, attestation_layer, but
from tests.fakes.sigstore import new_key
from tests.trust import given
from tests.trust.given import ARM, DIGEST, IMAGE, OTHER, SIGN, attached, changed, judged

KEY: Final = new_key()
GOOD: Final = json.loads(given.statement())
RAW: Final = given.statement()
V1: Final = GOOD["_type"]
HEX: Final = DIGEST.hex
Json = Any


def said(payload: bytes, kind: str = PAYLOAD_TYPE) -> str:
    """Return what a statement says once its signature was verified."""
    try:
        read = about(Envelope(payload, kind, b"-"), attached(b"-"), IMAGE)
    except Refusal as refusal:
        return refusal.reason.value
    return f"{type(read.predicate).__name__} of {read.digest.hex[:2]}"


def stated(**changes: Json) -> str:
    document = {**GOOD, **changes}
    return said(json.dumps({k: v for k, v in document.items() if v is not ...}).encode())


def subjects(*digests: Json) -> str:
    return stated(subject=[{"name": "web", "digest": digest} for digest in digests])


SIGNED: Final = "ImageSignature of ab"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (V1, SIGNED),
        ("https://in-toto.io/Statement/v0.1", SIGNED),
        *(
            (kind, "malformed")
            for kind in (
                f"{V1}/",
                V1.replace("v1", "v2"),
                V1.replace("v1", "v0.2"),
                V1.replace("https", "http"),
                V1.lower(),
                [V1],
                None,
                ...,
                "",
            )
        ),
    ],
)
def test_a_statement_of_another_version_is_none(kind: Json, told: str) -> None:
    assert stated(_type=kind) == told


@pytest.mark.parametrize(
    ("digest", "told"),
    [
        ({"sha256": HEX}, SIGNED),
        ({"sha256": HEX, "sha512": "0" * 128}, SIGNED),
        ({"sha256": ARM.hex}, "ImageSignature of cd"),
        ({"sha256": OTHER.hex}, "subject-mismatch"),
        *(
            (digest, "malformed")
            for digest in (
                {"sha512": HEX * 2},
                {"sha256": HEX.upper()},
                {"SHA256": HEX},
                {"sha-256": HEX},
                {"sha1": HEX},
                {"sha256": str(DIGEST)},
                {"sha256": f"{HEX}\n"},
                {"sha256": [HEX]},
                [{"sha256": HEX}],
                HEX,
                None,
                {},
            )
        ),
    ],
)
def test_a_subject_is_the_image_by_its_one_spelling_of_a_sha256_alone(
    digest: Json, told: str
) -> None:
    assert subjects(digest) == told


def test_of_several_subjects_each_must_be_one_and_any_may_be_the_image() -> None:
    mine, other = {"sha256": HEX}, {"sha256": OTHER.hex}
    assert subjects(other, mine) == SIGNED
    assert subjects({"sha256": ARM.hex}, mine) == SIGNED
    assert subjects(mine, {}) == SIGNED
    assert subjects(mine, None) == "malformed"
    assert subjects(mine, "x") == "malformed"
    assert stated(subject=[{"digest": mine}]) == SIGNED
    assert stated(subject=[{"digest": mine}, "x"]) == "malformed"
    assert stated(subject=[{"digest": mine}, {"name": "x"}]) == "malformed"
    assert stated(subject={"digest": mine}) == "malformed"
    assert stated(subject=[]) == "malformed"
    assert stated(subject=..., subjects=GOOD["subject"]) == "malformed"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"predicateType": SIGN}, SIGNED),
        ({"predicateType": f"{SIGN} "}, "Unrecognised of ab"),
        ({"predicateType": SIGN.upper()}, "Unrecognised of ab"),
        ({"predicateType": SIGN.replace("https", "http")}, "Unrecognised of ab"),
        ({"predicateType": [SIGN]}, "malformed"),
        ({"predicateType": None}, "malformed"),
        ({"predicateType": ..., "PredicateType": SIGN}, "malformed"),
        ({"predicate": ...}, SIGNED),
        ({"predicate": None}, SIGNED),
        ({"predicate": []}, "Unreadable of ab"),
        ({"predicate": "x"}, "Unreadable of ab"),
    ],
)
def test_a_predicate_is_of_the_type_that_is_written(changes: dict[str, Json], told: str) -> None:
    assert stated(**changes) == told


@pytest.mark.parametrize(
    "payload",
    [
        RAW[:-1] + b',"subject":[]}',
        RAW[:-1] + b',"\\u0073ubject":[]}',
        b"\xef\xbb\xbf" + RAW,
        RAW + RAW,
        RAW + b"\0",
        b"[" + RAW + b"]",
        json.dumps(RAW.decode()).encode(),
        RAW.decode().encode("utf-16"),
        RAW.replace(b"{}", b'{"a":NaN}'),
        RAW.replace(b"{}", b'{"a":"\\ud800"}'),
        RAW.replace(b"{}", b"[" * 70 + b"]" * 70),
        b"null",
        b"",
    ],
)
def test_a_statement_that_parsers_read_differently_is_none(payload: bytes) -> None:
    assert said(payload) == "malformed"


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        f"{PAYLOAD_TYPE} ",
        f"{PAYLOAD_TYPE}; charset=utf-8",
        PAYLOAD_TYPE.upper(),
        "application/vnd.in-toto.v1+json",
        "application/vnd.dev.cosign.simplesigning.v1+json",
        "",
    ],
)
def test_an_envelope_of_another_payload_type_holds_no_statement(kind: str) -> None:
    assert said(RAW, kind) == "payload-type"


BUNDLE: Final = given.sigstore().keyed_bundle(RAW, KEY, at=given.AT)
ENVELOPE: Final = json.loads(BUNDLE)["dsseEnvelope"]
(SIG,) = ENVELOPE["signatures"]


def told(bundle: bytes | Any) -> str:  # noqa: ANN401  # or what is attached
    outcome = judged(bundle, given.key(KEY.public_key())).said
    return outcome.code if isinstance(outcome, Rejection) else "accepted"


def stranger(payload: bytes) -> dict[str, str]:
    made = new_key().sign(
        pre_authentication_encoding(PAYLOAD_TYPE, payload), ec.ECDSA(hashes.SHA256())
    )
    return {"sig": base64.b64encode(made).decode(), "keyid": ""}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "accepted"),
        ({"signatures": [{**SIG, "keyid": "another's"}]}, "accepted"),
        ({"signatures": [stranger(RAW), SIG]}, "too-large"),
        ({"signatures": [SIG, stranger(RAW)]}, "too-large"),
        ({"signatures": [SIG, SIG]}, "too-large"),
        ({"signatures": [stranger(RAW)]}, "signer-mismatch"),
        ({"signatures": []}, "malformed"),
        ({"signatures": SIG}, "malformed"),
        ({"signatures": [{**SIG, "cert": "x"}]}, "malformed"),
        ({"signatures": [{**SIG, "keyid": 7}]}, "malformed"),
        ({"signatures": [{**SIG, "sig": [SIG["sig"]]}]}, "malformed"),
        ({"payload": f"{ENVELOPE['payload']}\n"}, "malformed"),
        ({"payload": base64.urlsafe_b64encode(b'{"a":"???>>>"}').decode()}, "malformed"),
        ({"payloadType": "application/json"}, "signer-mismatch"),
        ({"payloadType": None}, "malformed"),
        ({"also": 1}, "malformed"),
    ],
)
def test_an_envelope_has_one_signature_over_its_payload_and_its_type(
    changes: dict[str, Json], code: str
) -> None:
    assert told(changed(BUNDLE, "dsseEnvelope", to={**ENVELOPE, **changes})) == code


def test_a_signature_over_the_payload_alone_is_none_of_the_envelope() -> None:
    bare = base64.b64encode(KEY.sign(RAW, ec.ECDSA(hashes.SHA256()))).decode()
    assert told(changed(BUNDLE, "dsseEnvelope", "signatures", 0, "sig", to=bare)) == (
        "signer-mismatch"
    )


def test_one_wrapping_is_not_taken_for_another() -> None:
    envelope = json.dumps(ENVELOPE).encode()
    kinds = AttachedKind
    assert told(attached(RAW)) == "malformed"
    assert told(attached(envelope)) == "malformed"
    assert told(attached(RAW, kinds.BUILDKIT_STATEMENT)) == "unsigned"
    assert told(attached(envelope, kinds.BUILDKIT_STATEMENT)) == "unsigned"
    assert told(attached(BUNDLE, kinds.COSIGN_ATTESTATION)) == "malformed"
    assert told(attached(envelope, kinds.COSIGN_ATTESTATION)) == "accepted"
    assert told(attached(BUNDLE, kinds.COSIGN_SIGNATURE, **{SIGNATURE: SIG["sig"]})) == (
        "signer-mismatch"
    )
    assert told(attached(BUNDLE, kinds.UNKNOWN)) == "not-understood"
    digest = {"algorithm": "SHA2_256", "digest": base64.b64encode(bytes(32)).decode()}
    both = {"messageDigest": digest, "signature": SIG["sig"]}
    assert told(changed(BUNDLE, "messageSignature", to=both)) == "malformed"


def test_the_certificate_of_a_layer_is_one_and_is_that_of_its_signature() -> None:
    layer = attestation_layer(RAW)
    pem = layer.annotations[CERTIFICATE]

    def code(certificate: str | None) -> str:
        outcome = judged(but(layer, CERTIFICATE, certificate)).said
        return outcome.code if isinstance(outcome, Rejection) else "accepted"

    assert code(pem) == "accepted"
    assert code(pem * 2) == "malformed"
    assert code(f"{pem}\u00e9") == "malformed"
    assert code(attestation_layer(RAW).annotations[CERTIFICATE]) == "signature-invalid"
    assert code(None) == "signer-mismatch"


SBOM: Final = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "components": [{"type": "library", "name": "a", "version": "1"}],
}
TEXT: Final = json.dumps(SBOM)


@pytest.mark.parametrize(
    ("predicate", "kind"),
    [
        (SBOM, Sbom),
        ({"Data": SBOM}, Sbom),
        ({"Data": TEXT, "Timestamp": "2026-11-20T00:00:00Z"}, Sbom),
        ({"Data": TEXT[:-1] + ', "components": []}'}, Unreadable),
        ({"Data": f"\ufeff{TEXT}"}, Unreadable),
        ({"Data": TEXT + TEXT}, Unreadable),
        ({"Data": json.dumps(TEXT)}, Unreadable),
        ({"Data": {"Data": SBOM}}, Unreadable),
        ({"Data": [SBOM]}, Unreadable),
        ({"Data": None}, Unreadable),
        ({"data": SBOM}, Unreadable),
        ({"Data": SBOM, "Other": 1}, Unreadable),
        (TEXT, Unreadable),
    ],
)
def test_what_cosign_wrapped_is_unwrapped_once_and_read_as_strictly(
    predicate: Json, kind: type
) -> None:
    assert type(parse(types.CYCLONEDX[0], predicate)) is kind


def test_cosigns_custom_predicate_is_of_no_type_that_is_asked_for() -> None:
    custom = "https://cosign.sigstore.dev/attestation/v1"
    assert parse(custom, {"Data": TEXT, "Timestamp": ""}) == Unrecognised(custom)
    assert type(parse(SIGN, {"Data": TEXT})) is ImageSignature
    scan = {"scanner": {"uri": "pkg:github/acme/scan@1"}, "metadata": {}}
    wrapped = parse(types.SCAN_COSIGN[0], {"Data": json.dumps(scan), "Timestamp": "2026-11-20"})
    assert type(wrapped) is Unreadable
