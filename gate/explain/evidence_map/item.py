"""An item of a framework, in our own words, and what of gate speaks to it."""

from __future__ import annotations

from gate.model.records import dataclass

REGISTRIES = "registries"
"""What `registries.allow` is called beside the checks."""
PASSES = "pass section"
"""What signing a pass is called beside the checks."""
REVOCATIONS = "revocations"


@dataclass(frozen=True, slots=True)
class FrameworkItem:
    """One item. Its identifier is the framework's; its words are ours."""

    identifier: str
    text: str
    checks: tuple[str, ...] = ()
    """Checks of images, and other parts of a policy, that speak to it."""
    tags: tuple[str, ...] = ()
    """Rules of lint that speak to it, by what others call them: `cis 5.2.1`, `owasp-2022 K01`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A framework, and the version that the items are of."""

    name: str
    title: str
    source: str
    """A URL of the original, whose words count."""
    items: tuple[FrameworkItem, ...]
