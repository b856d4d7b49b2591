"""How a container image wants to be run, as its configuration says.

https://github.com/opencontainers/image-spec/blob/main/config.md

Nobody signs it by itself, but the image's digest covers it: it is exactly what runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from gate.model.image import Digest, Platform
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageConfiguration:
    """The parts of one configuration that a policy can ask about. Texts are foreign."""

    manifest: Digest
    """Of the image manifest that the configuration belongs to."""
    platform: Platform
    user: str = ""
    """`user[:group]` by name or number; empty is root."""
    environment: tuple[tuple[str, str], ...] = ()
    """Names and values, in order."""
    ports: tuple[str, ...] = ()
    """`port[/protocol]`, sorted."""
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    history: tuple[str, ...] = ()
    """The build commands that the image tells, in order."""
    created: datetime | None = None
    """UTC; None where the configuration says nothing, or the zero time."""
