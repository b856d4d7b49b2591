"""What several tests make of configuration."""

from __future__ import annotations

from datetime import timedelta

from gate.model.image import Platform
from gate.model.image_configuration import ImageConfiguration
from tests.checks.given import INDEX, NOW

GOOD = ImageConfiguration(
    manifest=INDEX,
    platform=Platform("linux", "amd64"),
    user="65532:65532",
    environment=(("PATH", "/usr/bin"), ("TOKEN_FILE", "/run/token")),
    ports=("8080/tcp",),
    entrypoint=("/shop",),
    labels={"org.opencontainers.image.source": "https://github.com/acme/shop"},
    history=("COPY shop /shop # buildkit",),
    created=NOW - timedelta(days=3),
)
