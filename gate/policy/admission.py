"""The policy's `admission` section: what `gate serve` has to know of the cluster that it serves."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from gate.policy.section import Section

_MOST: Final = 100


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) != len(names):
        msg = "a name is there twice"
        raise ValueError(msg)
    return names


UserName = Annotated[str, Field(pattern=r"^[!-~]{1,253}$")]
"""A user as the API server authenticates it: `system:serviceaccount:NAMESPACE:NAME`. No pattern."""
Namespace = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]


class AdmissionSection(Section):
    """What `gate serve` asks beside the images' entries. Other commands do not read it."""

    controllers: (
        Annotated[
            tuple[UserName, ...],
            Field(min_length=1, max_length=_MOST, strict=False),
            AfterValidator(_once),
        ]
        | None
    ) = None
    """Users who run again what was admitted, beside the controllers of Kubernetes itself: the age
    of a pass does not count for what they create. Name an operator that creates pods itself, as
    `system:serviceaccount:NAMESPACE:NAME`."""
    audit: (
        Annotated[
            tuple[Namespace, ...],
            Field(min_length=1, max_length=_MOST, strict=False),
            AfterValidator(_once),
        ]
        | None
    ) = None
    """Namespaces where nothing is refused: what would be refused is a warning there."""
