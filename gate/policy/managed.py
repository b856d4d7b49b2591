"""Fields of objects that a deploy policy leaves to controllers."""

from __future__ import annotations

from typing import Annotated, Final

from gate.live.managed import Managed, parse_path
from gate.model.expressions import expression
from gate.policy.fields import After, Sized
from gate.policy.section import Section

MAX_MANAGED: Final = 100
"""How many fields a policy may leave to controllers."""
_KIND: Final = expression(r"\*|(?:[a-z0-9.-]{1,253}/)?[A-Z][A-Za-z0-9]{0,62}")


def _kind(text: str) -> str:
    if not _KIND.fullmatch(text):
        msg = f"{text[:80]!r} is no kind: write Deployment, apps/Deployment, or * for every kind"
        raise ValueError(msg)
    return text


def _path(text: str) -> str:
    parse_path(text)
    return text


class ManagedField(Section):
    """A field that a controller owns, such as `spec.replicas` where an autoscaler sets it."""

    kind: Annotated[str, After(_kind)]
    """`Deployment`, of every API group, `apps/Deployment`, or `*` for every kind."""
    path: Annotated[str, Sized(min_length=1), After(_path)]
    """From the object's root: `spec.replicas`, `spec.template.spec.containers[name=istio-proxy]`,
    `metadata.annotations["meta.helm.sh/release-name"]`. What is below it is left out too."""

    @property
    def field(self) -> Managed:
        """The field as `gate.live` takes it."""
        return Managed(self.kind, parse_path(self.path))
