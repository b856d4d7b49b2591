"""How a field in the cluster differs from what was declared."""

from __future__ import annotations

import enum

from gate.model.records import dataclass


class FieldChange(enum.StrEnum):
    """How a field differs."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    UNPLACED = "unplaced"
    """A text differs, and the hints do not tell which."""
    LEFT = "left"
    """The policy leaves it to a controller, and the manifests declare a text there."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field of the object in the cluster that is not as it was declared and judged."""

    path: str
    """As in `spec.containers[0].image`; foreign text. Empty where no field can be named."""
    change: FieldChange
    detail: str = ""
    """`2 was declared, and it is 5`; of texts nothing is said. May be foreign text."""

    def __str__(self) -> str:
        """Return a sentence, such as `spec.replicas is not as declared: …`."""
        match self.change:
            case FieldChange.CHANGED:
                return f"{self.path} is not as declared" + (f": {self.detail}" * bool(self.detail))
            case FieldChange.ADDED:
                return f"{self.path} was added: it was not declared, and it is no default"
            case FieldChange.REMOVED:
                return f"{self.path} was declared and is not there"
            case FieldChange.UNPLACED:
                return "a text is not as declared, and gate cannot tell which one"
            case FieldChange.LEFT:
                return (
                    f"{self.path} is left to a controller and the manifests declare a text there: "
                    "a pass proves all texts together, so leave the field out of the manifests"
                )
            case FieldChange.UNREADABLE:
                return f"the object cannot be compared: {self.detail}"
