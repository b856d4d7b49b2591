"""What a reason code means: one row of a room's table of codes."""

from __future__ import annotations

from gate.model.records import dataclass


@dataclass(frozen=True, slots=True)
class CodePage:
    """The page of one code, as `gate explain CODE` prints it.

    Each part is one or more whole sentences: `headline` says what is wrong, `cause` says when
    gate says so and why that matters, `remedy` tells the next step.
    """

    headline: str
    cause: str
    remedy: str
    example: str = ""
    """Lines of a policy, a manifest or a shell that show it; empty where there is no need."""

    @property
    def text(self) -> str:
        """The page as text: headline, cause, remedy and example, a paragraph each."""
        parts = [self.headline, self.cause, f"Remedy: {self.remedy}"]
        if self.example:
            parts.append("Example:\n\n" + "\n".join(f"    {x}" for x in self.example.splitlines()))
        return "\n\n".join(filter(None, parts))
