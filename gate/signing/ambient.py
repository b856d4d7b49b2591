"""Who this pipeline is: the identity token that its CI system gives to a job that asks.

GitHub Actions, GitLab (`SIGSTORE_ID_TOKEN`), Google Cloud, Buildkite and CircleCI are known,
through sigstore's own detection. https://docs.sigstore.dev/cosign/signing/overview/
"""

from __future__ import annotations

import base64
import json
from dataclasses import field
from typing import Any

from gate.errors import SigningError
from gate.model.records import dataclass
from gate.signing.foreign import printable, reason


@dataclass(frozen=True, slots=True)
class IdentityToken:
    """An identity token, and what it says. Nobody but Fulcio verifies it."""

    raw: str = field(repr=False)
    """The token: a secret, good for minutes."""
    claims: dict[str, Any]

    def claim(self, *names: str) -> str:
        """Return the first of these claims that the token makes, fit to print; else nothing."""
        for name in names:
            value = self.claims.get(name)
            if isinstance(value, str) and value:
                return printable(value)
        return ""


def ambient_token() -> IdentityToken:
    """Return the identity token of this CI job. Raises SigningError."""
    from sigstore.oidc import IdentityError, detect_credential  # noqa: PLC0415  # 0.2 s, used once

    try:
        raw = detect_credential()
    except IdentityError as error:
        raise _refused(error) from error
    except Exception as error:  # whatever a credential service answers with
        raise _refused(error) from error
    if raw is None:
        raise SigningError(
            "no-ambient-identity",
            "there is no identity to sign with: no supported CI system was found",
            remedy="run in GitHub Actions with `id-token: write`, or in GitLab with "
            "`id_tokens: {SIGSTORE_ID_TOKEN: {aud: sigstore}}`; elsewhere sign with a key",
        )
    return parse_token(raw)


def parse_token(raw: str) -> IdentityToken:
    """Read what a JSON web token says, without verifying it. Raises SigningError."""
    try:
        _, middle, _ = raw.split(".")
        claims = json.loads(base64.urlsafe_b64decode(middle + "=="))
        if isinstance(claims, dict):
            return IdentityToken(raw, claims)
    except (ValueError, RecursionError) as error:
        raise _malformed() from error
    raise _malformed()


def _malformed() -> SigningError:
    return SigningError(
        "identity-token-malformed",
        "the CI system gave something that is not an identity token",
        remedy="set SIGSTORE_ID_TOKEN to a token of the CI system, for the audience sigstore",
    )


def _refused(error: Exception) -> SigningError:
    from id import GitHubOidcPermissionCredentialError  # noqa: PLC0415  # a part of sigstore

    if isinstance(error.__cause__, GitHubOidcPermissionCredentialError):
        return SigningError(
            "id-token-permission",
            'missing "id-token" permission: add permissions: id-token: write',
            remedy="add it to the job that signs; a job of a pull request from a fork never has "
            "it, so sign after the merge",
        )
    return SigningError(
        "ambient-identity-refused",
        f"the CI system gave no identity token: {reason(error)}",
        remedy="try again; if it stays so, see the status page of the CI system",
    )
