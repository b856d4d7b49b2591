"""Builders that BuildKit names by one run of a CI system, which is another in each build.

https://docs.docker.com/build/metadata/attestations/slsa-definitions/
"""

from __future__ import annotations

from typing import Final

from gate.model.expressions import expression

_RUN: Final = expression(r"(https://[^/@*]+/[^@*]+/actions/runs/)[0-9]+(/attempts/[0-9]+)?")


def run_of(builder: str) -> str:
    """Return the run of which a builder is one attempt, or the builder as it is."""
    found = _RUN.fullmatch(builder)
    return builder.removesuffix(found[2] or "") if found else builder


def any_run(builder: str) -> str:
    """Return the pattern of every run of the same repository, or the builder as it is.

    Example: `https://github.com/acme/shop/actions/runs/17/attempts/1` becomes
    `https://github.com/acme/shop/actions/runs/*/attempts/*`.
    """
    found = _RUN.fullmatch(builder)
    if found is None:
        return builder
    return f"{found[1]}*{'/attempts/*' if found[2] else ''}"
