"""What one call of `gate import` gives each reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from gate.export.imports.ignored import WaiverTerms
from gate.export.imports.known_rules import KnownRules
from gate.export.imports.proposal import ImportedPolicy
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True)
class ImportCall:
    """What readers add to, and what they may ask."""

    proposal: ImportedPolicy
    read: Callable[[str], str | None]
    """Returns the text of a key's file, or None."""
    rules: KnownRules = field(default_factory=KnownRules)
    terms: WaiverTerms = field(default_factory=WaiverTerms)
    repository: str = ""
    """Owner and name of the GitHub repository that the file lies in, where it is known."""
