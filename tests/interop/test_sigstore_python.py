"""What gate signs, as sigstore-python judges it. It reads what identities signed, alone."""

from __future__ import annotations

import json

import pytest
from sigstore.errors import VerificationError
from sigstore.models import Bundle, ClientTrustConfig, InvalidBundle
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity

from gate.model.dsse import PAYLOAD_TYPE
from tests.fakes.sigstore import WORKFLOW, RekorVersion, client_trust_config, signing_config
from tests.interop.bundles import LOGS, Signed, altered, signed_pass

BOTH_LOGS = pytest.mark.parametrize("log", LOGS)


def keyless(signed: Signed, bundle: bytes, identity: str = WORKFLOW) -> tuple[str, bytes]:
    config = client_trust_config(
        signed.trusted_root, signing_config(signed.issuer, rekor=1, tsa=False)
    )
    root = ClientTrustConfig.from_json(json.dumps(config)).trusted_root
    signer = Identity(identity=identity, issuer=signed.issuer)
    return Verifier(trusted_root=root).verify_dsse(Bundle.from_json(bundle), signer)


@BOTH_LOGS
def test_a_keyless_pass_is_accepted_by_its_identity(log: RekorVersion) -> None:
    signed = signed_pass()
    assert keyless(signed, signed.keyless[log]) == (PAYLOAD_TYPE, signed.statement)


@BOTH_LOGS
def test_a_keyless_pass_is_refused_by_another_identity(log: RekorVersion) -> None:
    signed = signed_pass()
    with pytest.raises(VerificationError, match="SANs do not match"):
        keyless(signed, signed.keyless[log], f"{WORKFLOW}/other")


@BOTH_LOGS
def test_an_altered_pass_is_refused(log: RekorVersion) -> None:
    signed = signed_pass()
    with pytest.raises(VerificationError, match="invalid signature"):
        keyless(signed, altered(signed.keyless[log]))


def test_a_keyed_pass_is_not_for_sigstore_python() -> None:
    signed = signed_pass()
    with pytest.raises(InvalidBundle, match="expected certificate"):
        keyless(signed, signed.keyed)
