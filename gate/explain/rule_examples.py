"""A manifest that a lint rule reports and one near it that passes: data beside the rules.

They are read only when a page is asked for.
"""

from __future__ import annotations

import re
from importlib import resources

from gate.model.expressions import expression
from gate.model.records import dataclass

_PARTS = expression(r"# bad\n(?P<bad>.+)# good\n(?P<good>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Two files of manifests, as text, that differ in little more than what the rule asks.

    Both are judged with every rule on and the manifests complete.
    """

    bad: str
    """The rule reports it."""
    good: str
    """The rule passes it; other rules may not."""


def example_of(rule: str) -> Example | None:
    """Return the example of a rule; None where it has none.

    It lies in `gate/lint/examples/RULE.yaml`, as lines of manifests below a line `# bad` and a
    line `# good`. Raises ValueError where a file is not written so.
    """
    path = resources.files("gate.lint").joinpath("examples", f"{rule}.yaml")
    if not path.is_file():
        return None
    parts = _PARTS.fullmatch(path.read_text("utf-8"))
    if parts is None:
        raise ValueError(f"gate/lint/examples/{rule}.yaml: write `# bad`, then `# good`")
    return Example(bad=parts["bad"], good=parts["good"])
