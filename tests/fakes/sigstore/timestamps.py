"""A timestamp authority. RFC 3161 and RFC 5816."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.fakes.sigstore.authority import Authority, end_of, named, usage
from tests.fakes.sigstore.encoding import Window, der, sha256

_USAGE: Final = ExtendedKeyUsageOID.TIME_STAMPING


class TimestampAuthority:
    """A root, as many authorities below it as are asked for, and a leaf that signs times."""

    def __init__(self, window: Window, *, between: int = 0) -> None:
        """Make new keys, whose certificates are good for `window`."""
        self._issuers = [Authority.root("local-tsa-root", window)]
        for below in reversed(range(between)):
            name = f"local-tsa-{below}"
            self._issuers.append(
                self._issuers[-1].intermediate(name, window, _USAGE, path_length=below)
            )
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.leaf = self._issuers[-1].sign(
            x509.CertificateBuilder()
            .subject_name(named("local-tsa"))
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(window.start)
            .not_valid_after(end_of(window))
            .add_extension(usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([_USAGE]), critical=True),
            self.key,
        )

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The leaf, what is between, and the root."""
        return (self.leaf, *(issuer.certificate for issuer in reversed(self._issuers)))

    def stamp(self, signature: bytes, at: datetime) -> bytes:
        """Return a timestamp response over a signature, without certificates."""
        query = tsp.TimeStampReq(
            {
                "version": "v1",
                "message_imprint": {
                    "hash_algorithm": {"algorithm": "sha256"},
                    "hashed_message": sha256(signature),
                },
            }
        )
        return self.respond(query.dump(), at)

    def respond(self, query: bytes, at: datetime) -> bytes:
        """Answer a timestamp query."""
        asked = tsp.TimeStampReq.load(query)
        info = {
            "version": "v1",
            "policy": "1.3.6.1.4.1.57264.2",
            "message_imprint": asked["message_imprint"],
            "serial_number": int.from_bytes(secrets.token_bytes(8), "big"),
            "gen_time": at.replace(microsecond=0),
            "accuracy": {"seconds": 1},
        }
        if asked["nonce"].native is not None:
            info["nonce"] = asked["nonce"].native
        embed = bool(asked["cert_req"].native)
        token = self._signed(tsp.TSTInfo(info).dump(), embed_certificate=embed)
        content = cms.ContentInfo({"content_type": "signed_data", "content": token})
        answer = {"status": {"status": "granted"}, "time_stamp_token": content}
        return bytes(tsp.TimeStampResp(answer).dump())

    def _signed(self, info: bytes, *, embed_certificate: bool) -> cms.SignedData:
        leaf = asn1_x509.Certificate.load(der(self.leaf))
        attributes = self._attributes(info)
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": leaf.issuer, "serial_number": leaf.serial_number}
                    )
                }
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
        data = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(info),
            },
            "signer_infos": [cms.SignerInfo(signer)],
        }
        return cms.SignedData({**data, "certificates": [leaf]} if embed_certificate else data)

    def _attributes(self, info: bytes) -> cms.CMSAttributes:
        certificate = tsp.ESSCertIDv2(
            {"hash_algorithm": {"algorithm": "sha256"}, "cert_hash": sha256(der(self.leaf))}
        )
        attributes = [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [sha256(info)]},
            {
                "type": "signing_certificate_v2",
                "values": [tsp.SigningCertificateV2({"certs": [certificate]})],
            },
        ]
        # Verifiers demand DER, in which a set is sorted by the bytes of its members.
        ordered = sorted(map(cms.CMSAttribute, attributes), key=lambda one: bytes(one.dump()))
        return cms.CMSAttributes(ordered)
