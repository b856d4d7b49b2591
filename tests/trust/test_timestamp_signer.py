"""A timestamp token that carries the right certificate and was signed by another."""

from __future__ import annotations

import base64
import json

from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.fakes.sigstore import LocalSigstore
from tests.trust import given
from tests.trust.given import AT, changed, judged

S = given.sigstore()


PATH = ("verificationMaterial", "timestampVerificationData", "rfc3161Timestamps")


def carrying(bundle: bytes, response: tsp.TimeStampResp, *certificates: bytes) -> bytes:
    """Return the bundle with this timestamp, which carries these certificates."""
    response["time_stamp_token"]["content"]["certificates"] = [
        asn1_x509.Certificate.load(der) for der in certificates
    ]
    token = base64.b64encode(response.dump(force=True)).decode()
    return changed(bundle, *PATH, to=[{"signedTimestamp": token}])


def test_r038_a_token_with_the_right_certificate_and_another_signer_is_no_time() -> None:
    bundle = S.keyless_bundle(given.statement(), at=AT, rekor=2)
    assert judged(bundle).accepted.signed_at == AT
    signature = base64.b64decode(json.loads(bundle)["dsseEnvelope"]["signatures"][0]["sig"])
    stranger = LocalSigstore().tsa
    response = tsp.TimeStampResp.load(stranger.stamp(signature, AT))
    leaves = (leaf.public_bytes(Encoding.DER) for leaf in (S.tsa.leaf, stranger.leaf))
    assert judged(carrying(bundle, response, *leaves)).code == "timestamp-missing"


def test_a_certificate_of_no_version_beside_a_timestamps_own_makes_it_no_time() -> None:
    # What a timestamp carries is not signed: who stores a bundle may add to it.
    bundle = S.keyless_bundle(given.statement(), at=AT, rekor=2)
    material = json.loads(bundle)["verificationMaterial"]["timestampVerificationData"]
    (stamp,) = material["rfc3161Timestamps"]
    response = tsp.TimeStampResp.load(base64.b64decode(stamp["signedTimestamp"]))
    own = S.tsa.leaf.public_bytes(Encoding.DER)
    assert judged(carrying(bundle, response, own)).accepted.signed_at == AT
    assert own.count(b"\xa0\x03\x02\x01\x02") == 1
    odd = own.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x0a")
    assert judged(carrying(bundle, response, own, odd)).code == "timestamp-missing"
