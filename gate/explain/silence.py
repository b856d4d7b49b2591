"""How a lint rule is silenced, in the policy and in a manifest, for the rule's page."""

from __future__ import annotations

from collections.abc import Iterator

from gate.lint.rule import Rule
from gate.lint.settings import ALWAYS


def silence(rule: Rule) -> Iterator[str]:
    """Yield the lines of the section, Markdown."""
    yield from ("## Silence", "")
    if rule.name in ALWAYS:
        yield "No policy and no manifest silences this rule: what it finds was not judged."
        return
    yield "In the policy, `warn` lets it warn, and `off` leaves it out:"
    yield from _block("yaml", f"manifests: {{warn: [{rule.name}]}}")
    yield "In a manifest, only where the policy lists the rule, and only with a reason:"
    yield from _block("yaml", f"manifests: {{suppressible: [{rule.name}]}}")
    yield (
        "Then a comment silences it, on the line that the report names or alone on the line above, "
        "and so does an annotation of the object or of its pod template:"
    )
    yield from _block(
        "yaml",
        f"# gate: ignore[{rule.name}] the reason",
        "metadata:",
        "  annotations:",
        f'    ignore-check.kube-linter.io/{rule.name}: "the reason"',
        *(
            f'    checkov.io/skip1: "{check}=the reason"'
            for check in sorted(rule.references.peers.get("checkov", ()))[:1]
        ),
    )
    yield "Every silence is in the report, with its reason."


def _block(language: str, *lines: str) -> Iterator[str]:
    yield from ("", f"```{language}", *lines, "```", "")
