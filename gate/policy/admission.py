"""The policy's `admission` section: what `gate serve` has to know of the cluster that it serves."""

from __future__ import annotations

import re
from typing import Annotated, Final

from gate.model.expressions import expression
from gate.policy.fields import After, Sized, once, written
from gate.policy.section import Section

_MOST: Final = 100


UserName = Annotated[str, Sized(pattern=r"^[!-~]{1,253}$")]
"""A user as the API server authenticates it: `system:serviceaccount:NAMESPACE:NAME`. No pattern."""
Namespace = Annotated[str, Sized(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]


_LABEL_KEY: Final = expression(
    r"([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*/)?"
    r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?",
    re.ASCII,
)
_LONGEST_KEY: Final = 253 + 1 + 63
_MOST_LABELS: Final = 10


def _label_key(text: str) -> str:
    if len(text) > _LONGEST_KEY or not _LABEL_KEY.fullmatch(text):
        msg = f"{text[:80]!r} is no key of a label"
        raise ValueError(msg)
    return text


LabelKey = Annotated[str, After(_label_key)]
LabelValue = Annotated[str, Sized(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$")]


class AuditLabels(Section):
    """Namespaces by their labels, where nothing is refused: what would be is a warning there.

    gate reads the namespace's labels from the API server. Nobody but the users in `set-by` may set
    them: the API server has to ask gate about namespaces too, as the chart's webhook does.
    """

    labels: Annotated[dict[LabelKey, LabelValue], Sized(min_length=1, max_length=_MOST_LABELS)]
    """The labels that such a namespace has, all of them: each key with its value."""
    set_by: Annotated[
        tuple[UserName, ...],
        Sized(min_length=1, max_length=_MOST),
        After(once),
    ] = written(alias="set-by")
    """The users who may give a namespace these labels, as the API server authenticates them. Name
    none who applies what the owners of namespaces write."""


class AdmissionSection(Section):
    """What `gate serve` asks beside the images' entries. Other commands do not read it."""

    controllers: (
        Annotated[
            tuple[UserName, ...],
            Sized(min_length=1, max_length=_MOST),
            After(once),
        ]
        | None
    ) = None
    """Users who run again what was admitted, beside the controllers of Kubernetes itself: the age
    of a pass does not count for what they create. Name an operator that creates pods itself, as
    `system:serviceaccount:NAMESPACE:NAME`."""
    audit: (
        Annotated[
            tuple[Namespace, ...],
            Sized(min_length=1, max_length=_MOST),
            After(once),
        ]
        | None
    ) = None
    """Namespaces where nothing is refused: what would be refused is a warning there."""
    audit_labels: AuditLabels | None = written(default=None, alias="audit-labels")
    """Likewise the namespaces that have certain labels."""
