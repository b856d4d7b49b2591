"""The files with which clients are told about a private Sigstore.

https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto
"""

from __future__ import annotations

from typing import Any

from cryptography import x509

from tests.fakes.sigstore.authority import ORGANIZATION
from tests.fakes.sigstore.encoding import Window, b64, der, rfc3339, sha256, spki
from tests.fakes.sigstore.local import ALWAYS, LocalSigstore, RekorVersion


def trusted_root(
    sigstore: LocalSigstore,
    *,
    authorities: Window = ALWAYS,
    certificate_logs: Window = ALWAYS,
    logs: Window = ALWAYS,
    timestamps: Window = ALWAYS,
) -> dict[str, Any]:
    """Return the trusted root, with windows in which its parts are vouched for."""
    ct_key = sigstore.fulcio.ct_key.public_key()
    v1, v2 = sigstore.rekor_v1, sigstore.rekor_v2
    return {
        "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "tlogs": [
            _log("rekor1", spki(v1.public_key), "PKIX_ECDSA_P256_SHA_256", v1.log_id, logs),
            _log("rekor2", spki(v2.public_key), "PKIX_ED25519", v2.log_id, logs),
        ],
        "certificateAuthorities": [_authority("local-root", sigstore.fulcio.chain, authorities)],
        "ctlogs": [
            _log(
                "ct",
                spki(ct_key),
                "PKIX_ECDSA_P256_SHA_256",
                sha256(spki(ct_key)),
                certificate_logs,
            )
        ],
        "timestampAuthorities": [_authority("local-tsa", sigstore.tsa.chain, timestamps)],
    }


def signing_config(url: str, *, rekor: RekorVersion, tsa: bool) -> dict[str, Any]:
    """Return where to sign: all services at one address."""
    return {
        "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
        "caUrls": [_service(url)],
        "oidcUrls": [_service(url)],
        "rekorTlogUrls": [_service(url, rekor)],
        "tsaUrls": [_service(f"{url}/api/v1/timestamp")] if tsa else [],
        "rekorTlogConfig": {"selector": "ANY"},
        "tsaConfig": {"selector": "ANY"},
    }


def client_trust_config(root: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
    """Return whom to trust and where to sign, in one."""
    return {
        "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json",
        "trustedRoot": root,
        "signingConfig": config,
    }


def _log(name: str, key: bytes, details: str, log_id: bytes, window: Window) -> dict[str, Any]:
    return {
        "baseUrl": f"https://{name}.{ORGANIZATION}",
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": b64(key),
            "keyDetails": details,
            "validFor": window.to_json(),
        },
        "logId": {"keyId": b64(log_id)},
    }


def _authority(name: str, chain: tuple[x509.Certificate, ...], window: Window) -> dict[str, Any]:
    return {
        "subject": {"organization": ORGANIZATION, "commonName": name},
        "uri": f"https://{name}.{ORGANIZATION}",
        "certChain": {"certificates": [{"rawBytes": b64(der(one))} for one in chain]},
        "validFor": window.to_json(),
    }


def _service(url: str, version: int = 1) -> dict[str, Any]:
    return {
        "url": url,
        "majorApiVersion": version,
        "operator": ORGANIZATION,
        "validFor": {"start": rfc3339(ALWAYS.start)},
    }
