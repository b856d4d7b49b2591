"""Every reason code that a run can print, with its page.

Each code is one row of its own room's table; here the tables are put together. A check's
codes lie in the check's file, a lint rule's code is its name.
"""

from __future__ import annotations

from collections.abc import Mapping

from gate.admission import codes as admission
from gate.checks import CHECKS, registry
from gate.cluster import codes as cluster
from gate.documents import codes as documents
from gate.explain import call_codes, option_codes, render_codes
from gate.manifests import codes as manifests
from gate.model.code_page import CodePage
from gate.pipeline import codes as pipeline
from gate.policy import codes as policy
from gate.registry import codes as registries
from gate.signing import codes as signing
from gate.trust import refusal, root_codes


def tables() -> tuple[Mapping[str, CodePage], ...]:
    """Return the table of each room, and that of each check."""
    return (
        registries.CODES,
        refusal.CODES,
        documents.CODES,
        manifests.CODES,
        policy.CODES,
        signing.CODES,
        root_codes.CODES,
        pipeline.CODES,
        admission.CODES,
        cluster.CODES,
        call_codes.CODES,
        option_codes.CODES,
        render_codes.CODES,
        registry.CODES,
        *(check.codes for check in CHECKS.values()),
    )


def codes() -> dict[str, CodePage]:
    """Return the page of every code but those of lint rules, by the code."""
    return {str(code): page for table in tables() for code, page in table.items()}
