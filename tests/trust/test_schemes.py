"""Whose signature it is, whichever standard scheme the key's owner signs in."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from gate.keys.public import PublicKey, fingerprint
from gate.model.identity import KeyIdentity
from gate.trust.refusal import Reason
from gate.trust.trusted_root import parse_trusted_root
from tests.fakes.sigstore import Window, new_key
from tests.fakes.sigstore.content import IN_TOTO, pae
from tests.fakes.sigstore.encoding import b64, der
from tests.fakes.sigstore.local import ALWAYS
from tests.trust import given
from tests.trust.given import AT, changed, identity, judged, key

S = given.sigstore()
P256 = new_key()
RSA_KEY = rsa.generate_private_key(65537, 2048)


def _signed(signature: bytes) -> bytes:
    bundle = S.keyed_bundle(given.statement(), P256, at=AT)
    text = base64.b64encode(signature).decode()
    return changed(bundle, "dsseEnvelope", "signatures", 0, "sig", to=text)


PAE = pae(given.statement(), IN_TOTO)


def test_a_demanded_key_counts_in_another_safe_scheme_than_the_usual_one() -> None:
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=48)
    signed: list[tuple[PublicKey, bytes]] = [
        (P256.public_key(), P256.sign(PAE, ec.ECDSA(hashes.SHA512()))),
        (RSA_KEY.public_key(), RSA_KEY.sign(PAE, pss, hashes.SHA384())),
    ]
    for public, signature in signed:
        found = judged(_signed(signature), key(public, "ci")).accepted
        assert (found.signers, found.identity) == (("ci",), KeyIdentity(fingerprint(public)))


def test_a_signature_with_sha1_is_told_as_that_and_not_as_another_keys() -> None:
    sha1 = ec.ECDSA(hashes.SHA1())  # noqa: S303  # weak on purpose
    said = judged(
        _signed(P256.sign(PAE, sha1)), key(RSA_KEY.public_key()), key(P256.public_key(), "ci")
    )
    assert (said.code, said.message) == (
        Reason.SCHEME_NOT_ACCEPTED,
        "the key of 'ci' signed it as ECDSA with SHA-1: this is not accepted",
    )


def test_a_signature_that_no_key_of_the_policy_made_is_told_as_no_more_than_that() -> None:
    said = judged(S.keyed_bundle(given.statement(), new_key(), at=AT), key(P256.public_key()))
    assert (said.code, said.message) == (
        Reason.SIGNER_MISMATCH,
        "no key of the policy verifies it",
    )


def test_a_key_where_the_policy_names_identities_alone_is_told_so() -> None:
    said = judged(S.keyed_bundle(given.statement(), P256, at=AT), identity())
    assert (said.code, said.message) == (
        Reason.SIGNER_MISMATCH,
        "it was signed with a plain key, and the policy names no key",
    )


def test_a_certificates_key_signs_in_sigstores_scheme_for_it_alone() -> None:
    holder = S.holder(AT, key=P256)
    bundle = S.bundle(holder.envelope(given.statement()), holder, AT)
    other = base64.b64encode(P256.sign(PAE, ec.ECDSA(hashes.SHA512()))).decode()
    said = judged(changed(bundle, "dsseEnvelope", "signatures", 0, "sig", to=other), identity())
    assert said.code is Reason.SIGNATURE_INVALID


def _below(window: Window) -> dict[str, Any]:
    """Return a root whose chain begins below the authority that issues certificates.

    Sigstore's own chain is one intermediate and a root; GitHub's has two and a root.
    """
    issuing, top = S.fulcio.chain
    usage = ExtendedKeyUsageOID.CODE_SIGNING
    lower = S.fulcio.intermediate.intermediate("local-lower", window, usage)
    chain = [{"rawBytes": b64(der(one))} for one in (lower.certificate, issuing, top)]
    root = given.root_document()
    (authority,) = root["certificateAuthorities"]
    return {
        **root,
        "certificateAuthorities": [{**authority, "certChain": {"certificates": chain}}],
    }


def test_any_authority_of_a_trusted_chain_may_issue() -> None:
    bundle = S.keyless_bundle(given.statement(), at=AT)
    ended = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))
    # Another authority below the one that issued says nothing about the certificate.
    for window in (ALWAYS, ended):
        root = parse_trusted_root(json.dumps(_below(window)).encode())
        assert judged(bundle, identity(root=root)).accepted.signers == ("ci",)


def test_a_dsse_entry_of_rekor_v2_which_no_client_writes_is_not_read() -> None:
    holder = S.holder(AT)
    envelope = holder.envelope(given.statement())
    payload = base64.b64encode(hashlib.sha256(envelope.payload).digest()).decode()
    signature = {"content": b64(envelope.signature), "verifier": holder.verifier}
    record = {
        "payloadHash": {"algorithm": "SHA2_256", "digest": payload},
        "signatures": [signature],
    }
    entry = S.rekor_v2.entry({"apiVersion": "0.0.2", "kind": "dsse", "spec": {"dsseV002": record}})
    bundle = S.bundle(envelope, holder, AT, rekor=2)
    assert judged(bundle).accepted.signers == ("ci",)
    said = judged(changed(bundle, "verificationMaterial", "tlogEntries", 0, to=entry))
    assert (said.code, said.message) == (
        Reason.NOT_UNDERSTOOD,
        "log entries of kind 'dsse' '0.0.2' are not read",
    )
