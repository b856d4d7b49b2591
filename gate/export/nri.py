"""A policy of nri-supply-chain, which asks for passes where containers are started.

https://github.com/saschagrunert/nri-supply-chain/blob/main/docs/policy.md

Of gate's checks it knows the pass alone: a SLSA verification summary. What an entry asks besides is
behind that pass. An image whose entry asks for no pass, or for one that cannot be said here, is
denied.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from gate.checks.verdict_pass import CHECK as PASS
from gate.checks.verdict_pass import PassParams
from gate.export.account import Account, Exported
from gate.export.demanded import believes_public_good, not_compared
from gate.policy.document import ImageEntry, Policy
from gate.policy.signers import KeylessSigner, KeySigner, ProofRule

TARGET: Final = "nri"
_KEYS: Final = "/etc/nri-supply-chain/keys"


def export_nri(policy: Policy) -> Exported:
    """Return `default.json` of its policy folder."""
    account = Account(policy)
    denied = {"missingPolicy": "deny"}
    rules = [rule for entry in policy.images if (rule := _rule(entry, account)) is not None]
    made = {"mode": "enforce", "slsa": denied, "vsa": denied, "rules": rules}
    return account.closed(TARGET, f"{json.dumps(made, indent=2)}\n")


def _rule(entry: ImageEntry, account: Account) -> dict[str, Any] | None:
    """Return the rule of an entry; one that trusts nobody where its demand cannot be said."""
    pattern = entry.pattern.text
    asked = entry.checks.get(PASS.name)
    denied: dict[str, Any] = {
        "images": [pattern, f"{pattern}:*", f"{pattern}@*"],
        "vsa": {"missingPolicy": "deny"},
        "slsa": {"missingPolicy": "deny"},
        "trust": {},
    }
    if not isinstance(asked, PassParams):
        return denied
    at = f"images {pattern} {PASS.name}"
    policy = account.policy
    names = sorted(set(asked.by))
    trust = _trust(at, names, asked, account)
    if trust is None:
        return denied
    account.approximated(
        at, "a pass must be signed, PASSED and for this image; no release is compared"
    )
    account.expressed(f"{at}.verifier")
    account.approximated(
        f"{at}.policies", "the URI of the verifier's policy is compared, and no digest"
    )
    vsa = {"missingPolicy": "deny", "policy": f"{asked.verifier}/policy"}
    account.expressed(f"{at}.max-age")
    vsa["maxAge"] = f"{int(asked.max_age / timedelta(seconds=1))}s"
    logged = all(policy.signers[name].log is ProofRule.REQUIRED for name in names)
    signatures = {"requireTransparencyLog": logged}
    return {**denied, "trust": trust, "vsa": vsa, "signatures": signatures}


def _trust(at: str, names: list[str], asked: PassParams, account: Account) -> dict[str, Any] | None:
    """Return whose passes count; None where these signers cannot be said together."""
    policy: Policy = account.policy
    signers = [policy.signers[name] for name in names]
    if asked.at_least > 1 or not all(map(believes_public_good, signers)):
        return None
    keyed = [one for one in signers if isinstance(one, KeySigner)]
    keyless = [one for one in signers if isinstance(one, KeylessSigner)]
    issuers = {one.issuer for one in keyless}
    logs = {one.log for one in signers}
    if len(logs) > 1 or (keyed and keyless) or len(issuers) > 1:
        return None
    for name in names:
        _account(f"{at}.by.{name}", name, account)
    if keyed:
        paths = [f"{_KEYS}/{name}.pub" for name in names]
        return {"verifiers": [{"id": asked.verifier, "keys": paths}]}
    return {
        "verifiers": [{"id": asked.verifier}],
        "issuers": sorted(issuers),
        "sanPatterns": [one.identity for one in keyless],
    }


def _account(at: str, name: str, account: Account) -> None:
    signer = account.policy.signers[name]
    for key in _said(signer):
        if key == "key":
            account.approximated(f"{at}.key", f"put the public key at {_KEYS}/{name}.pub")
        elif key in ("issuer", "log"):
            account.expressed(f"{at}.{key}")
        elif key == "identity" and isinstance(signer, KeylessSigner):
            also = None if signer.literal else "* matches @ too"
            how = ", and ".join(filter(None, (not_compared(signer), also)))
            if how:
                account.approximated(f"{at}.identity", how)
            else:
                account.expressed(f"{at}.identity")


def _said(signer: KeySigner | KeylessSigner) -> Iterator[str]:
    for name, info in signer.fields().items():
        if name in signer.model_fields_set:
            yield info.alias
