"""`gate export`: one policy in the words of another enforcer."""

from __future__ import annotations

import enum
import sys
from typing import Annotated

import typer

from gate.cli import options


class Target(enum.StrEnum):
    """What can be written."""

    VAP = "vap"
    """A ValidatingAdmissionPolicy of Kubernetes, and its binding."""
    COSIGN = "cosign"
    """A shell script of cosign's commands."""
    KYVERNO = "kyverno"
    """An ImageValidatingPolicy of Kyverno."""
    POLICY_CONTROLLER = "policy-controller"
    """ClusterImagePolicies of Sigstore's policy-controller."""
    NRI = "nri"
    """A policy of nri-supply-chain."""


def export(
    target: Annotated[Target, typer.Argument(help="What to write.", show_default=False)],
    *,
    policy: options.PolicyFile = None,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Write nothing unless every demand is made as it is."),
    ] = False,
) -> int:
    """Print the policy in the words of another enforcer.

    vap is a ValidatingAdmissionPolicy of Kubernetes and its binding; cosign is a shell script
    that verifies the images that it is given; kyverno, policy-controller and nri are policies of
    these. A comment above names each demand that the target makes in another way or not at all;
    for nri, whose JSON has no comments, it goes to standard error.
    """
    from gate.cli.reads.find_policy import find_policy
    from gate.errors import UsageError
    from gate.export.account import Fate
    from gate.export.targets import TARGETS, UNCOMMENTED, header

    read = find_policy(policy, None)
    made = TARGETS[target.value](read)
    loses = len(made.entries) - len(made.of(Fate.EXPRESSED))
    if strict and loses:
        raise UsageError(
            "export-loses-demands",
            f"{target.value} makes {loses} of {len(made.entries)} demands of the policy in "
            "another way or not at all",
            remedy="drop --strict to see which, and let `gate admit` or `gate serve` make those",
        )
    above = "".join(f"{line}\n" for line in header(made, read))
    if target.value in UNCOMMENTED:
        sys.stderr.write(above)
        above = ""
    first, rest = _shebang(made.body)
    sys.stdout.write(f"{first}{above}{rest}")
    return 0


def _shebang(body: str) -> tuple[str, str]:
    line, end, rest = body.partition("\n")
    return (line + end, rest) if line.startswith("#!") else ("", body)
