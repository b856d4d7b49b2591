"""Whose certificate signed is read from bundles and from cosign's layers; a key tells no name."""

from __future__ import annotations

import pytest

from gate.keys.private import generate
from gate.model.evidence import Attached
from gate.predicates.image_signature import SIMPLE_SIGNING
from gate.trust.identify import identify
from gate.trust.refusal import Reason, Refusal
from tests.builders.cosign_layers import SIGNED
from tests.fakes.sigstore import GITHUB, WORKFLOW
from tests.trust import given
from tests.trust.given import AT, IMAGE, NOW, attached

BUNDLE = given.sigstore().keyless_bundle(given.statement(), at=AT)


@pytest.mark.parametrize("found", [attached(BUNDLE), SIGNED], ids=["bundle", SIMPLE_SIGNING])
def test_the_certificate_says_who_signed(found: Attached) -> None:
    identity = identify(found, IMAGE, given.ROOT, NOW).claims.identity
    assert (identity.subject, identity.issuer) == (WORKFLOW, GITHUB)


def test_a_key_tells_no_name() -> None:
    bundle = given.sigstore().keyed_bundle(given.statement(), generate(), at=AT)
    with pytest.raises(Refusal) as refused:
        identify(attached(bundle), IMAGE, given.ROOT, NOW)
    assert refused.value.reason is Reason.SIGNER_MISMATCH
    assert refused.value.message == ("it was signed with a plain key, and no key is trusted here")
