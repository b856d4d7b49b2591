"""What the rules are, for people."""

from __future__ import annotations

from typing import Final

from gate.explain.rule_examples import Example, example_of
from gate.explain.silence import silence
from gate.lint.rule import Parameter, Rule, Scope
from gate.lint.rules import RULES, rule_named


def list_rules() -> tuple[Rule, ...]:
    """Return every rule, sorted by name."""
    return tuple(sorted(RULES, key=lambda rule: rule.name))


def explain(name: str) -> str | None:
    """Return all that is known of a rule as Markdown; None where no rule has that name."""
    rule = rule_named(name)
    if rule is None:
        return None
    sections = rule.sections
    lines = [f"# {rule.name}", "", sections["headline"], ""]
    for label in ("Why", "Passes when", "Remedy"):
        lines += [f"**{label}:** {_sentence(sections[label])}", ""]
    lines += ["| | |", "| --- | --- |"]
    lines += [f"| {key} | {value} |" for key, value in _facts(rule)]
    if rule.parameters:
        lines += ["", "## Parameters", "", "| name | type | default | meaning |"]
        lines += ["| --- | --- | --- | --- |", *map(_parameter, rule.parameters)]
    if example := example_of(rule.name):
        lines += ["", *_example(example)]
    lines += ["", *silence(rule)]
    return "\n".join(lines) + "\n"


def default_action(rule: Rule) -> str:
    """Return `block`, `warn` or `off`."""
    return rule.default.value if rule.default else "off"


def _facts(rule: Rule) -> list[tuple[str, str]]:
    references = rule.references
    facts = [
        ("Severity", rule.severity.name.lower()),
        ("Default action", default_action(rule)),
        ("Asked of", _asked_of(rule)),
    ]
    if rule.referential:
        facts.append(("Blocks", "only where the policy says `complete: true`"))
    if references.pss:
        facts.append(("Pod Security Standard", references.pss.value))
    if references.admission:
        facts.append(("Admission controller", ", ".join(references.admission)))
    if references.cis:
        facts.append(("CIS Kubernetes Benchmark", references.cis))
    if references.owasp_2022:
        facts.append(("OWASP Kubernetes Top Ten 2022", references.owasp_2022))
    if references.owasp_2025:
        facts.append(("OWASP Kubernetes Top Ten 2025", references.owasp_2025))
    facts += [(f"In {peer}", ", ".join(names)) for peer, names in references.peers.items()]
    return facts


def _asked_of(rule: Rule) -> str:
    words = {
        Scope.CONTAINER: "each container of each pod",
        Scope.POD: "each pod, in every kind of workload",
        Scope.AMONG: "each pod, among all objects",
        Scope.IMAGE: "each place that names an image",
        Scope.CONTENTS: "each object, with its pods and images",
        Scope.OBJECT: "each object",
        Scope.FIELDS: "each object",
        Scope.SET: "all objects at once",
        Scope.FILE: "each file",
    }
    return ", ".join(sorted(rule.kinds)) or words[rule.scope]


def _parameter(parameter: Parameter) -> str:
    value = parameter.default
    words = {int: "whole number", bool: "true or false", str: "text", tuple: "list of texts"}
    default = ", ".join(value) if isinstance(value, tuple) else str(value)
    return f"| `{parameter.name}` | {words[type(value)]} | `{default}` | {parameter.doc} |"


def _example(example: Example) -> list[str]:
    parts = (("Reported:", example.bad), ("Passes:", example.good))
    fenced = [["", said, "", "```yaml", *text.splitlines(), "```"] for said, text in parts]
    return ["## Example", *(line for part in fenced for line in part)]


def _sentence(text: str) -> str:
    """Begin with a capital, unless the first word is written so and no other way.

    `the pod can …` becomes `The pod can …`; `hostNetwork is …`, `resources.limits …`,
    `capabilities.add …`, `ingress-nginx …` and `kubectl …` stay as they are.
    """
    first = text.partition(" ")[0].rstrip(",.;:'")
    if not first.isalpha() or not first.islower() or first in _WRITTEN_SO:
        return text
    return text[:1].upper() + text[1:]


_WRITTEN_SO: Final = frozenset(
    ("args", "command", "env", "exec", "gate", "kubectl", "latest", "sudo", "tls")
)
"""Names that look like words."""
