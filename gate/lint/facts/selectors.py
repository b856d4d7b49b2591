"""Label selectors.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gate.documents.lenient import labels, mapping, mappings, strings, text
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True)
class Selector:
    """What labels must hold."""

    equal: Mapping[str, str]
    expressions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """Key, operator and values."""

    @classmethod
    def parse(cls, value: Any) -> Selector:  # noqa: ANN401  # any JSON value
        """Read matchLabels and matchExpressions; what has another shape selects all."""
        found = mapping(value)
        return cls(
            labels(found.get("matchLabels")),
            tuple(
                (text(e.get("key")), text(e.get("operator")), tuple(strings(e.get("values"))))
                for _, e in mappings(found.get("matchExpressions"))
            ),
        )

    @property
    def is_empty(self) -> bool:
        """Whether it selects everything."""
        return not self.equal and not self.expressions

    def matches(self, marked: Mapping[str, str]) -> bool:
        """Whether the labels hold all that is demanded."""
        return all(marked.get(k) == v for k, v in self.equal.items()) and all(
            _holds(expression, marked) for expression in self.expressions
        )


def _holds(expression: tuple[str, str, tuple[str, ...]], marked: Mapping[str, str]) -> bool:
    key, operator, values = expression
    match operator:
        case "In":
            return marked.get(key) in values
        case "NotIn":
            return marked.get(key) not in values
        case "Exists":
            return key in marked
        case "DoesNotExist":
            return key not in marked
        case _:
            return False
