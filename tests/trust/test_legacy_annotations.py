"""Annotations of cosign's layers are text of a stranger, half characters and all."""

from __future__ import annotations

import json

import pytest

from gate.model.evidence import AttachedKind
from gate.trust import cosign
from gate.trust.refusal import Reason
from tests.trust.given import attached, judged

PAYLOAD = json.dumps({"critical": {"type": "cosign container image signature"}}).encode()


@pytest.mark.parametrize("name", [cosign.SIGNATURE, cosign.CERTIFICATE, cosign.ENTRY])
@pytest.mark.parametrize("text", ["\udc80", "{\ud800}", "\u212a", "\u2028"])
def test_an_annotation_that_is_not_ascii_is_malformed_and_named(name: str, text: str) -> None:
    annotations = {cosign.SIGNATURE: "AAAA", name: text}
    found = judged(attached(PAYLOAD, AttachedKind.COSIGN_SIGNATURE, **annotations))
    assert found.code is Reason.MALFORMED
    assert name in found.message
