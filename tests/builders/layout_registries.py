"""What several tests make of layout registries."""

from __future__ import annotations

from pathlib import Path

from gate.registry.route import LayoutRegistry

NAME = "registry.example/shop"


def registry(folder: Path) -> LayoutRegistry:
    return LayoutRegistry({NAME: folder})
