"""`gate prune` from its options to what it took off an image."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import Final

from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import Access, open_registry
from gate.cli.reads.reference import read_reference
from gate.cli.writes.layouts import check_layouts
from gate.cli.writes.standard_error import warn
from gate.model.evidence import VerifiedAttestation
from gate.pipeline.superseded import REPLACEABLE, Placed, own_statement, superseded
from gate.registry.bounds import BOUNDS
from gate.registry.write.remove import Removal, Remover, Spot
from gate.reports.neutral import terminal
from gate.trust.policy import verifier_of

_REFUSED: Final = 1


def run_prune(name: str, policy: str | None, access: Access, *, keep: int, delete: bool) -> int:
    """Tell, and with `delete` take off, what newer statements supersede. Raises GateError.

    Only passes and scans by signers that the policy names. Returns 1 where the registry refused.
    """
    found = find_policy(policy, None)
    now = datetime.now(UTC).replace(microsecond=0)
    registry, (named,) = open_registry(access, [name])
    with closing(registry):
        verifier = verifier_of(found, now, registry.client.configuration.ca_file)
        reference = read_reference(named)
        check_layouts(registry, [reference])
        image = registry.resolve(reference)
        remover = Remover(registry)
        placed: list[Placed[Spot]] = []
        for spot, attached in remover.stored(image, REPLACEABLE, BOUNDS.entries):
            judged = verifier.verify(attached, image)
            if isinstance(judged, VerifiedAttestation) and (one := own_statement(judged, now)):
                placed.append(Placed(one, spot))
        gone = superseded(placed, keep=keep, now=now)
        removed = remover.remove(Removal(image, gone)) if delete else None
    counted = f"{len(placed)} passes and scans by signers of {found.path}"
    sys.stdout.write(f"{terminal(str(image))}\n{counted}; {len(gone)} superseded\n")
    for spot in gone:
        sys.stdout.write(f"  {spot}\n")
    if removed is None:
        sys.stdout.write("nothing was removed; --yes removes them\n" if gone else "")
        return 0
    sys.stdout.write(f"{removed.gone} removed\n")
    if removed.refused:
        warn(
            f"the registry does not let this login delete {removed.refused} of them",
            "delete-refused",
            "let the registry delete manifests, or log in as somebody who may",
        )
    return _REFUSED if removed.refused else 0
