"""The page of exports says of every key of a policy what each target makes of it."""

from __future__ import annotations

from gate.checks import CHECKS
from gate.export.account import Fate
from gate.export.targets import TARGETS
from gate.policy.signers import KeylessSigner, KeySigner
from tests.builders.export_table import rows, table

_WORDS = {"demand", "by"}
"""What `digest: required` is read as, and who signs, which rows of signers tell."""
_UNSET = {"layout.file"}
"""It names a signed file. No target makes any part of `layout`."""


def test_every_key_that_a_policy_can_set_has_a_row() -> None:
    keys = {
        f"{name}.{info.alias or key}"
        for name, check in CHECKS.items()
        for key, info in check.params.fields().items()
        if (info.alias or key) not in _WORDS
    }
    keys |= set(CHECKS) | {"registries.allow", "revocations"}
    for kind, signer in (("a key", KeySigner), ("an identity", KeylessSigner)):
        for key, info in signer.fields().items():
            keys.add(f"a signer with {kind}: {info.alias or key}")
    assert keys - _UNSET <= set(rows())


def test_a_row_says_what_the_account_of_a_target_says() -> None:
    found = rows()
    fates = {
        target: {entry.fate for entry in found["pass.max-age"].fates[target]} for target in TARGETS
    }
    assert fates == {
        target: {Fate.EXPRESSED if target == "nri" else Fate.LOST} for target in TARGETS
    }
    assert "| `pass.max-age` | no | no | no | no | yes |" in table()


def test_the_table_is_the_same_each_time() -> None:
    assert table() == table()
