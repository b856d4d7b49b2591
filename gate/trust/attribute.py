"""By whom of a policy's signers a bundle is, and on what proof."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from gate.keys.public import PublicKey, fingerprint
from gate.keys.schemes import refused_scheme
from gate.model.evidence import Clock, SigningTime
from gate.model.identity import Identity, KeyIdentity
from gate.model.records import dataclass
from gate.trust.bundle import Bundle
from gate.trust.prove import (
    Artifact,
    Proof,
    check_signature,
    prove,
    prove_signed,
    signed_bytes,
)
from gate.trust.refusal import Reason, Refusal
from gate.trust.signer import TrustedIdentity, TrustedKey, TrustedSigner

_SHOWN: Final = 5
"""How many signers a message compares with."""
_ORDER: Final = {
    # A signer of the policy made it, and something that this signer needs is missing.
    Reason.LOG_ENTRY_MISSING: 0,
    Reason.TIMESTAMP_MISSING: 0,
    Reason.SIGNER_MISMATCH: 1,
    # What a bundle of another Sigstore instance is refused for tells the least.
    Reason.CERTIFICATE_NOT_TRUSTED: 3,
    Reason.LOG_NOT_TRUSTED: 3,
}
_ELSE: Final = 2
_Candidates: TypeAlias = tuple[tuple[TrustedSigner, ...], PublicKey | None]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Whose a bundle is."""

    identity: Identity
    signers: tuple[str, ...]
    """The policy's names, sorted: at least one."""
    times: tuple[SigningTime, ...]
    """Every time that the roots of these signers vouch for, oldest first."""
    logs: tuple[str, ...]


def attribute(
    bundle: Bundle, artifact: Artifact | None, signers: Sequence[TrustedSigner], now: datetime
) -> Attribution:
    """Return every signer that made the bundle and whose demands it meets. Raises Refusal.

    Where there is none, the most telling reason is raised: what is missing for a signer that
    made it, then that it is a stranger's, then that it is no good.
    """
    candidates, key = _candidates(bundle, artifact, signers)
    proven: dict[int, Proof | Refusal] = {}
    for signer in candidates:
        if id(signer.root) not in proven:
            proven[id(signer.root)] = _prove(bundle, artifact, signer, key, now)
    logged = bool(bundle.entries)
    judged = [(s, _judge(s, proven[id(s.root)], logged=logged)) for s in candidates]
    accepted = [(s.name, proof) for s, proof in judged if isinstance(proof, Proof)]
    if not accepted:
        raise _most_telling([refusal for _, refusal in judged if isinstance(refusal, Refusal)])
    times = {time for _, proof in accepted for time in proof.times}
    return Attribution(
        identity=_identity(accepted[0][1], key),
        signers=tuple(sorted({name for name, _ in accepted})),
        times=tuple(sorted(times, key=lambda t: (t.at, t.clock, t.authority))),
        logs=tuple(sorted({log for _, proof in accepted for log in proof.logs})),
    )


def _candidates(
    bundle: Bundle, artifact: Artifact | None, signers: Iterable[TrustedSigner]
) -> _Candidates:
    """Return who may have made it, and for a plain key's bundle the key that did."""
    if bundle.certificate is not None:
        identities = tuple(s for s in signers if isinstance(s, TrustedIdentity))
        if not identities:
            message = "it was signed with a certificate, and the policy names no identity"
            raise Refusal(Reason.SIGNER_MISMATCH, message)
        return identities, None
    keys = tuple(s for s in signers if isinstance(s, TrustedKey))
    makers = tuple(signer for signer in keys if _made(bundle, signer, artifact))
    if not makers:
        raise _made_by_no(keys, bundle, artifact)
    return makers, makers[0].key


def _made_by_no(keys: Sequence[TrustedKey], bundle: Bundle, artifact: Artifact | None) -> Refusal:
    """Return why a plain key's signature is by no key of the policy, as far as it can be told."""
    if not keys:
        message = "it was signed with a plain key, and the policy names no key"
        return Refusal(Reason.SIGNER_MISMATCH, message)
    data = signed_bytes(bundle, artifact)
    for signer in keys if data is not None else ():
        scheme = refused_scheme(signer.key, bundle.content.signature, data or b"")
        if scheme is not None:
            message = f"the key of {signer.name!r} signed it as {scheme}: this is not accepted"
            return Refusal(Reason.SCHEME_NOT_ACCEPTED, message)
    message = "no key of the policy verifies it"
    return Refusal(Reason.SIGNER_MISMATCH, message)


def _made(bundle: Bundle, signer: TrustedKey, artifact: Artifact | None) -> bool:
    try:
        check_signature(bundle, signer.key, artifact)
    except Refusal as refusal:
        if refusal.reason is Reason.SIGNATURE_INVALID:
            return False
        raise
    return True


def _prove(
    bundle: Bundle,
    artifact: Artifact | None,
    signer: TrustedSigner,
    key: PublicKey | None,
    now: datetime,
) -> Proof | Refusal:
    """Prove a bundle under a signer's root. `key` is the plain key that made its signature."""
    try:
        if key is None:
            return prove(bundle, signer.root, artifact=artifact, now=now)
        return prove_signed(bundle, signer.root, key=key, artifact=artifact, now=now)
    except Refusal as refusal:
        return refusal


def _judge(signer: TrustedSigner, proof: Proof | Refusal, *, logged: bool) -> Proof | Refusal:
    """Return the proof where it is this signer's and all that this signer must show.

    `logged` is whether the bundle has any log entry: only one without lacks an entry.
    """
    not_logged = Refusal(
        Reason.LOG_ENTRY_MISSING,
        f"no transparency log holds it, and {signer.name!r} must be in one",
        remedy="sign it again with a transparency log, as cosign and `gate sign` do unless told "
        f"not to; or write `log: optional` for {signer.name!r} in the policy, if nobody need see "
        "later what was signed in its name",
    )
    if isinstance(proof, Refusal):
        untimed = proof.reason is Reason.SIGNING_TIME_MISSING
        return not_logged if untimed and signer.log_required and not logged else proof
    if isinstance(signer, TrustedIdentity) and proof.claims is not None:
        mismatch = signer.mismatch(proof.claims)
        if mismatch is not None:
            phrase, remedy = mismatch
            message = f"it was signed by {proof.claims.identity}; {signer.name!r}: {phrase}"
            return Refusal(Reason.SIGNER_MISMATCH, message, remedy=remedy)
    if signer.log_required and not proof.logs:
        return not_logged
    if signer.log_required and proof.claims is not None and not proof.certificate_logged:
        message = f"its trusted root names no certificate log, and {signer.name!r} needs one"
        remedy = (
            f"write `log: optional` for {signer.name!r} in the policy, if its root is your own "
            "Fulcio and keeps no certificate log; else pin a root that names the log"
        )
        return Refusal(Reason.SCT_INVALID, message, remedy=remedy)
    if signer.timestamp_required and all(t.clock is not Clock.AUTHORITY for t in proof.times):
        message = f"no authority of its trusted root says when {signer.name!r} signed it"
        remedy = (
            "sign it again with a timestamp authority that the trusted root names; or drop "
            f"`timestamp: required` for {signer.name!r} in the policy"
        )
        return Refusal(Reason.TIMESTAMP_MISSING, message, remedy=remedy)
    return proof


def _most_telling(refusals: Sequence[Refusal]) -> Refusal:
    first = min(refusals, key=lambda r: _ORDER.get(r.reason, _ELSE))
    if first.reason is not Reason.SIGNER_MISMATCH:
        return first
    others = [r.message.partition("; ")[2] for r in refusals if r.reason is first.reason]
    who = first.message.partition("; ")[0]
    more = f"; and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    near = next((r.remedy for r in refusals if r.reason is first.reason and r.remedy), "")
    return Refusal(first.reason, f"{who}; {'; '.join(others[:_SHOWN])}{more}", remedy=near)


def _identity(proof: Proof, key: PublicKey | None) -> Identity:
    if proof.claims is not None:
        return proof.claims.identity
    if key is None:
        raise Refusal(Reason.MALFORMED, "neither a key nor a certificate was verified")
    return KeyIdentity(fingerprint(key))
