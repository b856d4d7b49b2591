"""A policy's signers, ready to be compared with what a bundle proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from gate.keys.public import PublicKey
from gate.policy.match_identity import IdentityPattern, matches
from gate.trust.claims import Claims
from gate.trust.trusted_root import TrustedRoot

_UNASKED_TRIGGER: Final = "pull_request"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedKey:
    """A public key that the policy names."""

    name: str
    key: PublicKey
    root: TrustedRoot
    log_required: bool = False
    timestamp_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedIdentity:
    """An identity that the policy names, and what else the certificate must say."""

    name: str
    issuer: str
    identity: IdentityPattern
    root: TrustedRoot
    source_repository: str | None = None
    repository_id: str | None = None
    owner_id: str | None = None
    ref: str | None = None
    """A literal, or a pattern as in identities."""
    triggers: tuple[str, ...] | None = None
    """None: whatever is not triggered by a pull request."""
    runner_environment: str | None = None
    visibility: str | None = None
    log_required: bool = True
    timestamp_required: bool = False

    def mismatch(self, claims: Claims) -> str | None:
        """Return what of the claims is not as demanded, as a phrase; None where all is."""
        return next(self._mismatches(claims), None)

    def _mismatches(self, claims: Claims) -> Iterator[str]:
        if claims.identity.issuer != self.issuer:
            yield f"the issuer must be {self.issuer}"
        if not self.identity.matches(claims.identity.subject):
            yield f"the identity must be {self.identity.text}"
        exact = (
            ("source repository", self.source_repository, claims.source_repository),
            ("repository id", self.repository_id, claims.repository_id),
            ("owner id", self.owner_id, claims.owner_id),
            ("runner environment", self.runner_environment, claims.runner_environment),
            ("repository visibility", self.visibility, claims.visibility),
        )
        for what, asked, found in exact:
            if asked is not None and asked != found:
                yield f"the {what} must be {asked}, and is {found}"
        if self.ref is not None and not matches(self.ref, claims.ref or ""):
            yield f"the ref must be {self.ref}, and is {claims.ref}"
        if self.triggers is not None and claims.trigger not in self.triggers:
            yield f"the trigger must be {' or '.join(self.triggers)}, and is {claims.trigger}"
        if self.triggers is None and (claims.trigger or "").startswith(_UNASKED_TRIGGER):
            yield f"the trigger {claims.trigger} counts only where the policy names it"


TrustedSigner: TypeAlias = TrustedKey | TrustedIdentity
