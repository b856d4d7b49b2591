"""A fleet of clusters as text, and as JSON (`gate/fleet/v1`). Nothing is left out of the JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from gate.model.report import Status
from gate.model.words import counted, short_digests, timestamp
from gate.reports.fleet import Fleet, FleetCluster, FleetImage, FleetRun
from gate.reports.neutral import terminal
from gate.reports.page import Page

SCHEMA: Final = "gate/fleet/v1"
_ENDS: Final = 20
"""How many ends the text lists."""
_STYLES: Final = {Status.PASSED: "good", Status.FAILED: "bad"}
_WORDS: Final = {Status.PASSED: "in order", Status.FAILED: "not in order"}


def as_text(fleet: Fleet, page: Page) -> str:
    """Return what is wrong, what ends first, and a line for each cluster, last."""
    return "".join(f"{line}\n" for line in _lines(fleet, page))


def _lines(fleet: Fleet, page: Page) -> Iterator[str]:
    for image in fleet.images:
        for run in image.runs:
            if run.status is not Status.PASSED:
                where = f"{terminal(run.cluster)}  {run.status.value}"
                yield f"{page.style(_STYLES.get(run.status, 'warn'), where)}  {_short(image.name)}"
                for name in run.objects:
                    yield f"    {terminal(name)}"
    for problem in fleet.problems:
        yield page.style("warn", f"undecided {problem.code}  {terminal(problem.cluster)}")
        yield page.wrap(_short(problem.message), indent="    ")
        yield page.wrap(f"→ {terminal(problem.remedy)}", indent="    ", hanging="  ")
    for end in fleet.ends[:_ENDS]:
        what = f"{end.check} ({terminal(end.of)})" if end.of else end.check
        yield f"{timestamp(end.at)}  {terminal(end.cluster)}  {terminal(what)}  {_short(end.image)}"
    if len(fleet.ends) > _ENDS:
        yield f"{len(fleet.ends) - _ENDS:,} more end later, in the JSON"
    for cluster in fleet.clusters:
        yield _cluster_line(cluster, page)


def _cluster_line(cluster: FleetCluster, page: Page) -> str:
    word = _WORDS.get(cluster.status, cluster.status.value)
    said = page.style(_STYLES.get(cluster.status, "warn"), f"{terminal(cluster.name)}  {word}")
    return (
        f"{said}  {counted(cluster.images, 'image')}, "
        f"{counted(cluster.blocking, 'blocking finding')}, {cluster.undecided:,} undecided, "
        f"at {timestamp(cluster.at)}"
    )


def _short(text: str) -> str:
    return terminal(short_digests(text))


def as_json(fleet: Fleet) -> str:
    """Return everything as JSON, keys sorted, with a line feed at its end."""
    value = {
        "schema": SCHEMA,
        "exitCode": fleet.exit_code,
        "clusters": [_cluster(cluster) for cluster in fleet.clusters],
        "images": [_image(image) for image in fleet.images],
        "ends": [
            {
                "at": timestamp(end.at),
                "cluster": end.cluster,
                "image": end.image,
                "check": end.check,
                "of": end.of or None,
            }
            for end in fleet.ends
        ],
        "problems": [
            {
                "code": one.code,
                "cluster": one.cluster,
                "message": one.message,
                "remedy": one.remedy,
            }
            for one in fleet.problems
        ],
    }
    return json.dumps(value, sort_keys=True, indent=1) + "\n"


def _cluster(cluster: FleetCluster) -> dict[str, Any]:
    return {
        "name": cluster.name,
        "at": timestamp(cluster.at),
        "status": cluster.status.value,
        "policy": cluster.policy or None,
        "tool": cluster.tool,
        "images": cluster.images,
        "blocking": cluster.blocking,
        "undecided": cluster.undecided,
    }


def _image(image: FleetImage) -> dict[str, Any]:
    return {"name": image.name, "runs": [_run(run) for run in image.runs]}


def _run(run: FleetRun) -> dict[str, Any]:
    return {
        "cluster": run.cluster,
        "status": run.status.value,
        "objects": list(run.objects),
        "passes": [
            {
                "digest": one.digest,
                "signers": list(one.signers),
                "identity": one.identity,
                "signedAt": one.signed_at or None,
            }
            for one in run.passes
        ],
    }
