"""`gate schema`: what a policy may say, as JSON Schema for editors and for people."""

from __future__ import annotations

import enum
import json
import sys
from typing import Annotated

import typer


class Which(enum.StrEnum):
    """What a schema is of."""

    POLICY = "policy"
    REGISTRIES = "registries"


def schema(
    which: Annotated[
        Which,
        typer.Argument(help="Whose schema: policy, or registries for the file of --registries."),
    ] = (Which.POLICY),
) -> int:
    """Print the JSON Schema of the policy file, or of another."""
    from gate.explain.schema import policy_schema, registries_schema

    printed = policy_schema() if which is Which.POLICY else registries_schema()
    sys.stdout.write(json.dumps(printed, indent=1, sort_keys=True) + "\n")
    return 0
