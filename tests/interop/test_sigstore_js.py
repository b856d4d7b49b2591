"""What gate signs, as @sigstore/verify judges it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fakes.sigstore import WORKFLOW, RekorVersion
from tests.interop.bundles import LOGS, Signed, altered, signed_pass
from tests.interop.tools import Answer, sigstore_js

BOTH_LOGS = pytest.mark.parametrize("log", LOGS)


def asked(signed: Signed, bundle: bytes, **more: Any) -> Answer:  # noqa: ANN401  # any JSON
    return sigstore_js(
        {"bundle": json.loads(bundle), "trustedRoot": signed.trusted_root, **more},
    )


def keyed(signed: Signed, bundle: bytes, key: bytes) -> Answer:
    # A key vouches for itself: there is no certificate, and nobody saw when it signed.
    none = {"tlogThreshold": 0, "ctlogThreshold": 0, "timestampThreshold": 0}
    return asked(signed, bundle, key=key.decode(), thresholds=none)


def keyless(signed: Signed, bundle: bytes, identity: str = WORKFLOW) -> Answer:
    return asked(signed, bundle, identity=identity, issuer=signed.issuer, thresholds={})


def test_a_keyed_pass_is_accepted_by_its_key() -> None:
    signed = signed_pass()
    assert keyed(signed, signed.keyed, signed.key) == Answer(
        accepted=True, output=signed.statement.decode()
    )


def test_a_keyed_pass_is_refused_by_another_key() -> None:
    signed = signed_pass()
    answer = keyed(signed, signed.keyed, signed.other_key)
    assert (answer.accepted, "SIGNATURE_ERROR" in answer.output) == (False, True)


@BOTH_LOGS
def test_a_keyless_pass_is_accepted_by_its_identity(log: RekorVersion) -> None:
    signed = signed_pass()
    assert keyless(signed, signed.keyless[log]) == Answer(
        accepted=True, output=signed.statement.decode()
    )


@BOTH_LOGS
def test_a_keyless_pass_is_refused_by_another_identity(log: RekorVersion) -> None:
    signed = signed_pass()
    answer = keyless(signed, signed.keyless[log], identity=f"{WORKFLOW}/other")
    assert (answer.accepted, "UNTRUSTED_SIGNER_ERROR" in answer.output) == (False, True)


@BOTH_LOGS
def test_an_altered_pass_is_refused(log: RekorVersion) -> None:
    signed = signed_pass()
    assert not keyless(signed, altered(signed.keyless[log])).accepted
    assert not keyed(signed, altered(signed.keyed), signed.key).accepted
