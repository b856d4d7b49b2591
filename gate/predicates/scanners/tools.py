"""What scanners are called: by the policy, and by themselves.

To add one: a line in ALIASES. A name is known by whole words, in any case and with any
punctuation: `docker scout`, `Docker-Scout` and `pkg:generic/docker-scout@1.2` are docker-scout,
and `scouting` is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gate.model.expressions import expression

ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "trivy": ("Trivy", "trivy-operator"),
    "grype": ("Grype",),
    "snyk": ("Snyk", "Snyk Container", "Snyk Open Source"),
    "osv-scanner": ("osv-scanner", "OSV Scanner"),
    "govulncheck": ("govulncheck",),
    "docker-scout": ("docker scout", "Docker Scout", "docker-scout"),
    "twistlock": ("Twistlock", "twistcli", "Prisma Cloud", "Prisma Cloud (twistcli)"),
    "clair": (
        "Clair",
        "Clair V4",
        "clairctl",
        "clair-scanner",
        "clair-action",
        "claircore",
        "Klar",
    ),
    "xeol": ("xeol",),
    "anchore": ("Anchore", "Anchore Enterprise", "Anchore Engine", "anchorectl", "anchore-cli"),
    "sysdig": ("Sysdig", "sysdig-cli-scanner", "Sysdig Secure"),
    "wiz": ("Wiz", "wizcli", "wiz-cli"),
    "neuvector": ("NeuVector",),
    "xray": ("JFrog Xray", "jfrog-xray", "JFrog Xray Scanner", "Xray"),
    "roxctl": ("roxctl", "StackRox", "Red Hat Advanced Cluster Security"),
    "aqua": ("Aqua", "Aqua Security", "aquasec"),
    "inspector": ("Amazon Inspector", "AWS Inspector", "aws-inspector", "Inspector"),
    "dependency-check": ("dependency-check", "OWASP Dependency-Check"),
    "osv.dev": ("osv.dev",),
}
"""Tools that gate knows by name, more telling names first: `anchore/grype` is grype."""

TOOLS: Final = tuple(ALIASES)

_NO_WORD: Final = expression(r"[^a-z0-9]+")


def words_of(name: str) -> str:
    """Return a name in lower case, a space for all that is neither a letter nor a digit."""
    return _NO_WORD.sub(" ", name.lower()).strip()


_WORDS: Final = tuple(
    (f" {words_of(alias)} ", tool) for tool, names in ALIASES.items() for alias in (tool, *names)
)


def tool_name(stated: str) -> str:
    """Return the name of the tool that a scanner's URI or title means, or the text."""
    within = f" {words_of(stated)} "
    return next((tool for alias, tool in _WORDS if alias in within), stated)
