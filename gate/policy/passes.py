"""The policy's `pass` section: what a cleared release gets, and who signs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from gate.policy.duration import Duration
from gate.policy.fields import Sized, written
from gate.policy.section import Section

Environment = Annotated[str, Sized(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$")]
"""What a pass may open: an opaque name, never empty and never a pattern."""


_Text = Annotated[str, Sized(min_length=1)]


class SignWith(Section):
    """Who signs passes: exactly one of these."""

    keyless: bool = False
    """With the ambient identity of the pipeline, through Fulcio."""
    key: _Text | None = None
    """A private key's file, from the policy's folder; its password in GATE_KEY_PASSWORD."""
    kms: _Text | None = None
    """A key's URI in a key management service."""
    trust_config: _Text | None = written(alias="trust-config", default=None)
    """With `keyless`: a Sigstore client trust config file, for an instance of one's own."""
    publish_private: bool = written(default=False, alias="publish-private")
    """With `keyless`: whether names of a private repository may go to a public log, for ever."""

    def check_whole(self, context: Mapping[str, Any]) -> None:
        """Refuse two ways at once, or none. Raises ValueError."""
        del context
        if sum((self.keyless, self.key is not None, self.kms is not None)) != 1:
            msg = "a pass is signed in exactly one way: keyless: true, key, or kms"
            raise ValueError(msg)
        if not self.keyless and (self.trust_config is not None or self.publish_private):
            msg = "trust-config and publish-private belong to keyless"
            raise ValueError(msg)

    def files(self) -> tuple[str, ...]:
        """Return the files that are part of what the policy says: never a private key."""
        return (self.trust_config,) if self.trust_config else ()


class PassSection(Section):
    """What a pass says and how it is signed."""

    environment: Environment
    """What the pass opens: the deploy policy names the same."""
    valid_for: Duration = written(alias="valid-for")
    """For how long at most; evidence or a waiver that ends sooner ends it sooner."""
    sign: SignWith
    """Who signs it."""
