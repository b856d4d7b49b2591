"""A policy's signers, ready to be compared with what a bundle proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from gate.keys.public import PublicKey
from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.policy.match_identity import IdentityPattern, matches
from gate.trust.root import TrustedRoot

if TYPE_CHECKING:
    from gate.trust.claims import Claims

_UNASKED_TRIGGERS: Final = ("pull_request", "merge_request", "external_pull_request")
"""How the names of triggers begin that run code which nobody merged, on GitHub and GitLab."""
_KEYS: Final = {
    "source repository": "source-repository",
    "repository id": "repository-id",
    "owner id": "owner-id",
    "runner environment": "runner-environment",
    "repository visibility": "visibility",
}
_SAFE: Final = {
    "issuer": "if this is your issuer: the issuer is compared byte by byte",
    "identity": "if this is your workflow: case, slashes and ports count in an identity",
    "source-repository": "if everyone who may change that repository may release this image; a "
    "reusable workflow runs the code of the repository that calls it",
    "repository-id": "if the repository was made anew on purpose: a name that others take over "
    "has another id",
    "owner-id": "if the owner was made anew on purpose: a name that others take over has "
    "another id",
    "ref": "if everything that may be built from it may be released",
    "trigger": "if everybody who can start it may release: a pull or merge request runs code that "
    "nobody merged",
    "runner-environment": "if you trust who runs those machines",
    "visibility": "if that repository may be so",
}
"""When it is safe to take what was found, by the key of the policy."""


_MERGED: Final = (
    "sign in the run of a branch or a tag: a pull or merge request runs code that nobody merged"
)
_GITHUB: Final = "https://token.actions.githubusercontent.com"
_SLUG: Final = expression(r"[A-Za-z0-9-]{1,100}")


def _slug(found: str, asked: str) -> str:
    """Return the enterprise whose own issuer GitHub's is; empty for any other.

    https://docs.github.com/enterprise-cloud@latest/actions/reference/openid-connect-reference
    """
    slug = found.removeprefix(f"{_GITHUB}/") if asked == _GITHUB else ""
    return slug if _SLUG.fullmatch(slug) else ""


def _moved(url: str, asked: str, found: str) -> str:
    return f"{found}{url.removeprefix(asked)}" if url.startswith(f"{asked}/") else url


def _plain(text: str) -> str:
    """Return text without what near misses differ in: case, a last slash, the usual port."""
    return text.lower().rstrip("/").replace(":443/", "/").removesuffix(":443")


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
    """None: any but a pull or merge request."""
    runner_environment: str | None = None
    visibility: str | None = None
    log_required: bool = True
    timestamp_required: bool = False

    def mismatch(self, claims: Claims) -> tuple[str, str] | None:
        """Return what of the claims is not as demanded, as a phrase; None where all is.

        Beside it is the next step, where exactly one field differs: the line of the policy that
        takes what was found, and when that is safe. Else it is empty.
        """
        found = list(self._mismatches(claims))
        if not found:
            return None
        key, value, phrase = found[0]
        if elsewhere := self._on_another_host(claims):
            return phrase, elsewhere
        if len(found) > 1:
            return phrase, _MERGED if any(other == "trigger" for other, _, _ in found) else ""
        if slug := _slug(claims.identity.issuer, self.issuer):
            safe = f"if {slug} is your enterprise: its workflows alone get this issuer"
            return phrase, f"write `issuer: {value}` for {self.name!r} in the policy, {safe}"
        if not value or not self._is_near(claims):
            return phrase, ""
        return phrase, f"write `{key}: {value}` for {self.name!r} in the policy, {_SAFE[key]}"

    def _on_another_host(self, claims: Claims) -> str:
        """Return the lines that take what differs by its host alone; empty for anything else.

        Of a self-managed GitLab: `https://gitlab.com` and `https://gitlab.com/acme/shop//…` are
        demanded, and `https://gitlab.example` and `https://gitlab.example/acme/shop//…` found.
        """
        asked, found = self.issuer, claims.identity.issuer
        if not self.identity.text.startswith(f"{asked}/"):
            return ""
        try:
            identity = IdentityPattern(f"{found}{self.identity.text.removeprefix(asked)}")
        except ValueError:  # what a policy cannot say is not proposed
            return ""
        source = self.source_repository and _moved(self.source_repository, asked, found)
        moved = replace(self, issuer=found, identity=identity, source_repository=source)
        if any(moved._mismatches(claims)):  # noqa: SLF001  # of the same class
            return ""
        return (
            f"write `issuer: {found}` and `identity: {moved.identity.text}` for {self.name!r} in "
            f"the policy, if {found} is your own server"
        )

    def _is_near(self, claims: Claims) -> bool:
        """Whether issuer and identity are spelt as demanded but for case, slash or port."""
        return _plain(claims.identity.issuer) == _plain(self.issuer) and matches(
            _plain(self.identity.text), _plain(claims.identity.subject)
        )

    def _mismatches(self, claims: Claims) -> Iterator[tuple[str, str, str]]:
        """Yield the policy's key, what the certificate has for it, and a phrase for people."""
        if claims.identity.issuer != self.issuer:
            yield "issuer", claims.identity.issuer, f"the issuer must be {self.issuer}"
        if not self.identity.matches(claims.identity.subject):
            subject = claims.identity.subject
            yield "identity", subject, f"the identity must be {self.identity.text}"
        exact = (
            ("source repository", self.source_repository, claims.source_repository),
            ("repository id", self.repository_id, claims.repository_id),
            ("owner id", self.owner_id, claims.owner_id),
            ("runner environment", self.runner_environment, claims.runner_environment),
            ("repository visibility", self.visibility, claims.visibility),
        )
        for what, asked, found in exact:
            if asked is not None and asked != found:
                yield _KEYS[what], found or "", f"the {what} must be {asked}, and is {found}"
        if self.ref is not None and not matches(self.ref, claims.ref or ""):
            yield "ref", claims.ref or "", f"the ref must be {self.ref}, and is {claims.ref}"
        trigger = claims.trigger or ""
        if self.triggers is not None and claims.trigger not in self.triggers:
            asked_for = " or ".join(self.triggers)
            named = f"[{', '.join((*self.triggers, trigger))}]" if trigger else ""
            yield "trigger", named, f"the trigger must be {asked_for}, and is {claims.trigger}"
        if self.triggers is None and runs_unmerged(trigger):
            phrase = f"the trigger {trigger} counts only where the policy names it"
            yield "trigger", trigger, phrase


def runs_unmerged(trigger: str) -> bool:
    """Whether a trigger runs code that nobody merged, however it is written."""
    return trigger.strip().lower().startswith(_UNASKED_TRIGGERS)


TrustedSigner: TypeAlias = TrustedKey | TrustedIdentity
