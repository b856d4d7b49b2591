"""The list of ended passes is signed as cosign signs: it verifies what gate wrote, and back."""

from __future__ import annotations

from pathlib import Path

from tests.acceptance.door import LIST, on_distribution
from tests.interop.tools import COSIGN, required, run


def test_cosign_verifies_the_list_by_its_signer_and_by_nobody_else(tmp_path: Path) -> None:
    cosign = required("cosign", COSIGN)
    with on_distribution(tmp_path) as here:
        here.revoke(create=True, policies=(f"sha256:{'1' * 64}",), reason="too lax")
        named = f"{here.host}/{LIST}:production"
        offline = ("--allow-http-registry", "--insecure-ignore-tlog=true")
        answers = [
            run(cosign, "verify", *offline, "--key", tmp_path / f"keys/{key}.pub", named).accepted
            for key in ("security", "gate")
        ]
    assert answers == [True, False]
