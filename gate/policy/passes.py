"""The policy's `pass` section: what a cleared release gets, and who signs it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from gate.policy.duration import Duration
from gate.policy.section import Section

Environment = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$")]
"""What a pass may open: an opaque name, never empty and never a pattern."""


class SignWith(Section):
    """Who signs passes: exactly one of these."""

    keyless: bool = False
    """With the ambient identity of the pipeline, through Fulcio."""
    key: str | None = Field(default=None, min_length=1)
    """A private key's file, from the policy's folder; its password in GATE_KEY_PASSWORD."""
    kms: str | None = Field(default=None, min_length=1)
    """A key's URI in a key management service."""
    trust_config: str | None = Field(default=None, alias="trust-config", min_length=1)
    """With `keyless`: a Sigstore client trust config file, for an instance of one's own."""
    publish_private: bool = Field(default=False, alias="publish-private")
    """With `keyless`: whether names of a private repository may go to a public log, for ever."""

    @model_validator(mode="after")
    def _exactly_one(self) -> SignWith:
        if sum((self.keyless, self.key is not None, self.kms is not None)) != 1:
            msg = "a pass is signed in exactly one way: keyless: true, key, or kms"
            raise ValueError(msg)
        if not self.keyless and (self.trust_config is not None or self.publish_private):
            msg = "trust-config and publish-private belong to keyless"
            raise ValueError(msg)
        return self

    def files(self) -> tuple[str, ...]:
        """Return the files that are part of what the policy says: never a private key."""
        return (self.trust_config,) if self.trust_config else ()


class PassSection(Section):
    """What a pass says and how it is signed."""

    environment: Environment
    """What the pass opens: the deploy policy names the same."""
    valid_for: Duration = Field(alias="valid-for")
    """For how long at most; evidence or a waiver that ends sooner ends it sooner."""
    sign: SignWith
    """Who signs it."""
