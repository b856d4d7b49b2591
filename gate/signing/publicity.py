"""What signing without a key would publish, and whether it may.

A public transparency log keeps the certificate of each signature for ever and for everyone:
with it the names of the repository, its workflow, branch, commit and run. It keeps digests of
what is signed, not the statement itself. For a repository that is not known to be public,
that is published only if the policy says so.
https://docs.sigstore.dev/about/security/#what-is-published
"""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator
from typing import Any, Final

from gate.errors import SigningError
from gate.signing.ambient import IdentityToken

_PUBLIC_GOOD: Final = "sigstore.dev"
"""The domain of the logs that everyone can read."""
_VISIBILITY: Final = ("repository_visibility", "project_visibility")
"""The claims of GitHub and GitLab."""
_PUBLISHED: Final = {
    "repository": ("repository", "project_path", "pipeline_slug"),
    "identity": ("job_workflow_ref", "ci_config_ref_uri", "email", "sub"),
    "ref": ("ref",),
    "commit": ("sha",),
    "run": ("run_id", "pipeline_id"),
}


def refuse_publication(token: IdentityToken, trust_config: bytes | None, *, allowed: bool) -> None:
    """Refuse to tell a public log of a repository that is not public. Raises SigningError.

    `trust_config` says where would be signed; none is Sigstore's public instance. A token that
    does not say that its repository is public counts as one of a private repository.
    """
    visibility = token.claim(*_VISIBILITY)
    if allowed or visibility == "public" or not _is_public(trust_config):
        return
    named = {what: token.claim(*claims) for what, claims in _PUBLISHED.items()}
    facts = ", ".join(f"{what} {value}" for what, value in named.items() if value)
    raise SigningError(
        "would-be-published",
        f"the repository is {visibility or 'not known to be public'}, and a public log would "
        f"show to everyone for ever: {facts or 'the identity of this job'}",
        remedy="sign with a key, or with a Sigstore of your own; or let the policy allow it",
    )


def _is_public(trust_config: bytes | None) -> bool:
    if trust_config is None:
        return True
    try:
        hosts = [(urllib.parse.urlsplit(url).hostname or "") for url in _addresses(trust_config)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return True  # who cannot tell where a signature goes must not send it
    names = [host.rstrip(".") for host in hosts]
    public = (name == _PUBLIC_GOOD or name.endswith(f".{_PUBLIC_GOOD}") for name in names)
    return not names or any(public)


def _addresses(trust_config: bytes) -> Iterator[str]:
    """Yield the address of every authority and log that could be asked."""
    config: Any = json.loads(trust_config)["signingConfig"]
    for kind in ("caUrls", "rekorTlogUrls"):
        for service in config[kind]:
            yield service["url"]
