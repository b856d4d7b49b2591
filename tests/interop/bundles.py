"""Passes, signed in every way that gate signs them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pytest

from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.signing.envelope import envelope_of
from gate.signing.key import sign_statement
from gate.signing.keyless import KeylessSigning
from tests.fakes.sigstore import RekorVersion, SigstoreServer, trusted_root
from tests.interop.passes import stated_pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One pass with two signers, and what their verifiers must trust."""

    statement: bytes
    keyed: bytes
    """The bundle that a key signed."""
    envelope: bytes
    """The same without its bundle, as it is stored for older clients."""
    key: bytes
    """The public key, in PEM."""
    other_key: bytes
    """One that signed nothing."""
    keyless: dict[RekorVersion, bytes]
    """The bundle that an identity signed, by the version of the log."""
    issuer: str
    trusted_root: dict[str, Any]


LOGS: Final[tuple[RekorVersion, ...]] = (1, 2)


@cache
def signed_pass() -> Signed:
    """Sign one pass in every way, once for all tests."""
    key, statement = generate(), stated_pass()
    keyed = sign_statement(statement, key)
    with SigstoreServer() as server, pytest.MonkeyPatch.context() as environment:
        for name, value in server.github_environment().items():
            environment.setenv(name, value)
        keyless = {
            log: KeylessSigning(server.trust_config(rekor=log)).sign_statement(statement)
            for log in LOGS
        }
    return Signed(
        statement=statement,
        keyed=keyed,
        envelope=envelope_of(keyed),
        key=public_pem(key.public_key()),
        other_key=public_pem(generate().public_key()),
        keyless=keyless,
        issuer=server.url,
        trusted_root=trusted_root(server.sigstore),
    )


def altered(bundle: bytes) -> bytes:
    """Return a bundle whose statement says something else, and whose signature is the same."""
    document = json.loads(bundle)
    envelope = document.get("dsseEnvelope", document)
    payload = envelope["payload"]
    envelope["payload"] = ("A" if payload[100] != "A" else "B").join((payload[:100], payload[101:]))
    return json.dumps(document).encode()
