"""What several tests make of releases."""

from __future__ import annotations

import functools

from hypothesis import strategies as st

from gate.policy.document import Policy
from gate.trust.policy import verifier_of
from gate.trust.verify import AttachedVerifier
from tests.properties.pool import NOW, Item, Pool

LEVELS = ("", ", on: index", ", on: platforms", ", on: either")


@functools.cache
def pool() -> Pool:
    return Pool()


@functools.cache
def items() -> tuple[Item, ...]:
    """Make everything once: keys, signatures and times are the same for every example."""
    return pool().items()


@functools.cache
def asked(level: str) -> tuple[Policy, AttachedVerifier]:
    policy = pool().policy(level)
    return policy, verifier_of(policy, NOW, None)


def some(**is_: bool) -> st.SearchStrategy[Item]:
    """Return those of which everything in `is_` is so."""
    return st.deferred(
        lambda: st.sampled_from(
            [i for i in items() if all(getattr(i, k) is v for k, v in is_.items())]
        )
    )


hung = st.lists(some(), max_size=12, unique_by=lambda i: i.name)


helpful = st.lists(some(positive=True), min_size=4, max_size=20, unique_by=lambda i: i.name)


levels = st.sampled_from(LEVELS)
