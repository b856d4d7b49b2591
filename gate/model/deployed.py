"""What a deploy step tells others of a release that it admitted."""

from __future__ import annotations

from gate.model.image import Digest
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class DeploymentRecord:
    """One image or artifact in one place of a deployment."""

    deployment: str
    """What tells this place from the others of an environment, such as `shop-web-main`; at most
    256 characters."""
    name: str
    """`registry/repository`."""
    digest: Digest
    version: str
    """The tag that the release names; empty where it names none."""
    environment: str
    """The one that the pass is for."""
