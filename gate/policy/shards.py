"""The policy's `shards` section: whose records of a part of a run `gate merge` believes."""

from __future__ import annotations

from typing import Annotated

from gate.policy.duration import Duration
from gate.policy.fields import Sized, written
from gate.policy.passes import SignWith
from gate.policy.section import Section


class ShardsSection(Section):
    """Who looks at parts of a release on other machines. Without it, `gate merge` signs no pass."""

    by: Annotated[tuple[str, ...], Sized(min_length=1)]
    """Names of signers: a record that none of them signed decides nothing."""
    max_age: Duration = written(alias="max-age")
    """How long ago a shard may have looked at its images."""
    sign: SignWith
    """Who signs the records of `gate check --shard`."""
