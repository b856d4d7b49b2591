"""The targets, by name, and the header that tells what each loses.

To add one: write its module beside this one and list it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from gate.export import cosign, kyverno, nri, policy_controller, vap
from gate.export.account import Exported, Fate
from gate.policy.document import Policy
from gate.reports.neutral import terminal

TARGETS: Final[dict[str, Callable[[Policy], Exported]]] = {
    vap.TARGET: vap.export_vap,
    cosign.TARGET: cosign.export_cosign,
    kyverno.TARGET: kyverno.export_kyverno,
    policy_controller.TARGET: policy_controller.export_policy_controller,
    nri.TARGET: nri.export_nri,
}


UNCOMMENTED: Final = frozenset((nri.TARGET,))
"""Targets whose format has no comment: their header is printed beside them."""

CONTAINERS_ALONE: Final = frozenset((kyverno.TARGET, policy_controller.TARGET, nri.TARGET))
"""Targets that look at the images of containers, and at no image volume."""


def header(exported: Exported, policy: Policy) -> Iterator[str]:
    """Yield the lines of the comment above what a target takes, each begun by `# `."""
    done = len(exported.of(Fate.EXPRESSED))
    yield f"# gate export {exported.target}, of {terminal(policy.path)} ({policy.digest})"
    yield f"# {done} of {len(exported.entries)} demands of the policy are made here as they are."
    approximated, lost = exported.of(Fate.APPROXIMATED), exported.of(Fate.LOST)
    if approximated:
        yield "# Made in another way:"
        yield from (f"#   {terminal(e.demand)}: {terminal(e.how)}" for e in approximated)
    if exported.target in CONTAINERS_ALONE:
        yield "# Not seen here: an image that a pod mounts as a volume. `gate serve` judges it."
    if lost:
        yield "# Not made here, so let `gate admit` or `gate serve` make them:"
        yield from (f"#   {terminal(e.demand)}" for e in lost)
