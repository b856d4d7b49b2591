"""An issuer of identity tokens, as a CI system is one.

https://docs.github.com/en/actions/reference/security/oidc
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from tests.fakes.sigstore.fulcio import Identity

AUDIENCE: Final = "sigstore"
_HOST: Final = "https://github.com/"
_LIFETIME: Final = timedelta(minutes=10)
_EXTENSIONS: Final = {
    2: "event_name",
    3: "sha",
    4: "workflow",
    5: "repository",
    6: "ref",
    10: "job_workflow_sha",
    11: "runner_environment",
    13: "sha",
    14: "ref",
    20: "event_name",
    22: "repository_visibility",
}
_WORKFLOW_JOB: Final = {
    "sub": "repo:acme/shop:ref:refs/heads/main",
    "event_name": "push",
    "sha": "a" * 40,
    "workflow": "release",
    "repository": "acme/shop",
    "repository_visibility": "public",
    "ref": "refs/heads/main",
    "runner_environment": "github-hosted",
    "job_workflow_ref": "acme/ci/.github/workflows/gate.yml@refs/heads/main",
    "job_workflow_sha": "b" * 40,
}


class Oidc:
    """Signs tokens for one job; `claims` are what they say, to be changed by tests."""

    def __init__(self, issuer: str) -> None:
        """Make a new key for an issuer at this address."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.issuer = issuer
        self.claims: dict[str, Any] = dict(_WORKFLOW_JOB)

    @property
    def subject(self) -> str:
        """What a client signs to prove that it holds its key: the address, or the subject."""
        return str(self.claims.get("email", self.claims["sub"]))

    def token(self, at: datetime, audience: str = AUDIENCE) -> str:
        """Return a token that is good for ten minutes."""
        times = {"iat": at, "nbf": at - timedelta(seconds=5), "exp": at + _LIFETIME}
        claims = {"iss": self.issuer, "aud": audience, **times, **self.claims}
        return jwt.encode(claims, self._key, algorithm="ES256")

    def identity(self, token: str) -> Identity:
        """Return whom Fulcio certifies for a token. Raises jwt.InvalidTokenError."""
        claims = jwt.decode(token, self._key.public_key(), algorithms=["ES256"], audience=AUDIENCE)
        if "ci_config_ref_uri" in claims:
            return _gitlab(claims)
        if "job_workflow_ref" not in claims:
            return Identity(subject=self.subject, issuer=claims["iss"])
        workflow = _HOST + claims["job_workflow_ref"]
        extensions = {n: str(claims[name]) for n, name in _EXTENSIONS.items() if name in claims}
        source = _HOST + claims["repository"]
        return Identity(
            subject=workflow,
            issuer=claims["iss"],
            extensions={**extensions, 9: workflow, 12: source},
        )


def _gitlab(claims: dict[str, Any]) -> Identity:
    """Return whom Fulcio certifies for a job of GitLab.

    https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
    """
    signer = f"https://{claims['ci_config_ref_uri']}"
    source = f"https://gitlab.com/{claims['project_path']}"
    extensions = {9: signer, 12: source, 20: claims["pipeline_source"]}
    return Identity(subject=signer, issuer=claims["iss"], extensions=extensions)
