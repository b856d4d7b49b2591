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


def test_r038_a_token_with_the_right_certificate_and_another_signer_is_no_time() -> None:
    bundle = S.keyless_bundle(given.statement(), at=AT, rekor=2)
    assert judged(bundle).accepted.signed_at == AT
    signature = base64.b64decode(json.loads(bundle)["dsseEnvelope"]["signatures"][0]["sig"])
    stranger = LocalSigstore().tsa
    response = tsp.TimeStampResp.load(stranger.stamp(signature, AT))
    leaves = (S.tsa.leaf, stranger.leaf)
    response["time_stamp_token"]["content"]["certificates"] = [
        asn1_x509.Certificate.load(leaf.public_bytes(Encoding.DER)) for leaf in leaves
    ]
    path = ("verificationMaterial", "timestampVerificationData", "rfc3161Timestamps")
    token = base64.b64encode(response.dump(force=True)).decode()
    lied = changed(bundle, *path, to=[{"signedTimestamp": token}])
    assert judged(lied).code == "timestamp-missing"
