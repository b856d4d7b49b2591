"""The policy's `signers`: who is trusted, each under a short name.

A signer is a public key, or an identity that Fulcio puts into certificates, with the
issuer that vouches for it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias

from gate.policy.fields import After, Before, Sized, ToldBy, written
from gate.policy.match_identity import IdentityPattern, check_glob, check_literal, check_plain
from gate.policy.section import Section

PUBLIC_GOOD: Final = "public-good"
"""The trusted root of Sigstore's public instance: every signer's where it names none."""

_PEM: Final = "-----BEGIN"
_GITHUB_ISSUER: Final = "https://token.actions.githubusercontent.com"


class ProofRule(enum.StrEnum):
    """Whether a proof must be there. One that is there is always verified."""

    REQUIRED = "required"
    OPTIONAL = "optional"


def _literal(what: str) -> After:
    def check(text: str) -> str:
        check_literal(text, what)
        return text

    return After(check)


def _identity(text: str) -> str:
    return IdentityPattern(text).text


def _issuer(text: str) -> str:
    check_literal(text, "an issuer")
    if not text.startswith(("https://", "http://")):
        msg = "an issuer is the URL of an OpenID Connect provider, such as " + _GITHUB_ISSUER
        raise ValueError(msg)
    return text


def _ref(text: str) -> str:
    check_plain(text, "a ref")
    check_glob(text)
    if not text.startswith("refs/") or text in {"refs/*", "refs/*/*"}:
        msg = "a ref is written in full, such as refs/heads/main or refs/tags/v*"
        raise ValueError(msg)
    return text


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _key(text: str) -> str:
    if _PEM not in text and ("\n" in text or "\0" in text or len(text) > 1024):  # noqa: PLR2004  # a path's length
        msg = "a key is a file's path, or the PEM text of a public key"
        raise ValueError(msg)
    return text


Numeric = Annotated[str, Sized(pattern=r"^[0-9]{1,20}$")]
Triggers = Annotated[
    tuple[Annotated[str, _literal("a trigger")], ...],
    Sized(min_length=1),
    Before(_listed),
]


class KeySigner(Section):
    """A public key, and what is demanded besides its signature."""

    key: Annotated[str, Sized(min_length=1), After(_key)]
    """The public key: a file's path, from the policy's folder, or PEM text."""
    root: Annotated[str, Sized(min_length=1)] = PUBLIC_GOOD
    """The trusted root whose logs and timestamp authorities are believed."""
    log: ProofRule = ProofRule.OPTIONAL
    """Whether a transparency log must hold the signature."""
    timestamp: ProofRule = ProofRule.OPTIONAL
    """Whether a timestamp authority must vouch for its time."""

    @property
    def literal(self) -> bool:
        """Whether it is one signer, and not a pattern for many: a key always is."""
        return True

    @property
    def inline(self) -> bool:
        """Whether `key` is the key itself."""
        return _PEM in self.key

    def files(self) -> tuple[str, ...]:
        """Return the paths that it refers to."""
        return () if self.inline else (self.key,)


class KeylessSigner(Section):
    """An identity in a certificate, its issuer, and what is demanded besides.

    Every field that is set must be in the certificate and agree. A workflow that a pull
    or merge request triggers is refused unless `trigger` names it.
    """

    issuer: Annotated[str, After(_issuer)]
    """Compared exactly, byte by byte."""
    identity: Annotated[str, After(_identity)]
    """The identity in the certificate (its subject alternative name), or a pattern for it: `*`
    crosses neither `/` nor `@`."""
    source_repository: Annotated[str, _literal("a source repository")] | None = written(
        default=None, alias="source-repository"
    )
    """The URL of the repository that was built; by default the one that `identity` names."""
    repository_id: Numeric | None = written(default=None, alias="repository-id")
    """The numeric id of the repository: it survives a renaming, and a name that others take over
    does not have it."""
    owner_id: Numeric | None = written(default=None, alias="owner-id")
    """The numeric id of the repository's owner, likewise."""
    ref: Annotated[str, After(_ref)] | None = None
    """The git ref that was built, such as `refs/tags/v*`."""
    trigger: Triggers | None = None
    """What started the workflow, such as `push`; pull and merge requests count only
    if named here, as `pull_request`, `pull_request_target` or `merge_request_event`. Name what
    you use: strangers can start `workflow_run` and `issue_comment`, and where the workflow then
    builds their code, its identity signs that. GitLab's `parent_pipeline` does not say what
    started the parent."""
    runner_environment: Annotated[str, _literal("a runner environment")] | None = written(
        default=None, alias="runner-environment"
    )
    """`github-hosted` or `self-hosted`."""
    visibility: Annotated[str, _literal("a visibility")] | None = None
    """What the repository is: `public`, `private` or `internal`."""
    root: Annotated[str, Sized(min_length=1)] = PUBLIC_GOOD
    """The trusted root whose authorities and logs are believed."""
    log: ProofRule = ProofRule.REQUIRED
    """Whether a transparency log must hold the signature. Where it is `optional`, a trusted root
    without certificate logs is enough too."""
    timestamp: ProofRule = ProofRule.OPTIONAL
    """Whether a timestamp authority must vouch for the time."""

    def check_whole(self, context: Mapping[str, Any]) -> None:
        """Refuse an identity that no certificate has. Raises ValueError."""
        del context
        if self.issuer == _GITHUB_ISSUER and "@" not in self.identity:
            msg = (
                f"no workflow has the identity {self.identity!r}: one ends in @ and the ref, "
                "such as .../.github/workflows/release.yml@refs/tags/*"
            )
            raise ValueError(msg)

    @property
    def repository(self) -> str | None:
        """The source repository that is demanded; None where any is good."""
        return self.source_repository or IdentityPattern(self.identity).repository

    @property
    def literal(self) -> bool:
        """Whether it is one identity, and not a pattern for many."""
        return "*" not in self.identity

    def files(self) -> tuple[str, ...]:
        """Return the paths that it refers to: none."""
        return ()


def _kind(value: object) -> str:
    """Tell by its keys which of the two a signer is, so that errors are about that one."""
    if isinstance(value, dict):
        return "key-signer" if "key" in value else "keyless-signer"
    return "key-signer" if isinstance(value, KeySigner) else "keyless-signer"


Signer: TypeAlias = Annotated[
    KeySigner | KeylessSigner, ToldBy(_kind, ("key-signer", "keyless-signer"))
]
