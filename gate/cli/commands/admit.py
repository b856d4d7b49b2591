"""`gate admit`: the same pipeline at deploy time, with a policy that asks for the pass."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    import typer  # a plain call is read without it

    from gate.cli import options
    from gate.model.report import Report


def admit(
    *,
    paths: options.JudgedPaths = None,
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy",
            "-p",
            metavar="FILE",
            help="The deploy policy. Otherwise the nearest .gate.yaml, .gate.yml or "
            ".github/gate.yaml, if it asks for the pass and signs none.",
            show_default=False,
        ),
    ] = None,
    policy_digest: options.PolicyDigest = None,
    image: options.Images = None,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
    bundle: options.Bundles = None,
    links: options.Links = None,
    render: options.Render = False,
    values: options.Values = None,
    release: options.Release = None,
    pinned: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Accept tags, and write the manifests with every image pinned to the digest "
            "that was judged: apply this file. Written only if the release is admitted; a file of "
            "an earlier run is removed first.",
            show_default=False,
        ),
    ] = None,
    deployment_record: Annotated[
        str | None,
        typer.Option(
            metavar="ORG[/REPOSITORY]",
            help="Once the release is admitted, record at GitHub where each image is deployed: in "
            "this organization, and for this repository where GitHub holds no provenance of the "
            "image. Needs GITHUB_TOKEN. A record that cannot be written is a warning.",
            show_default=False,
        ),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The cluster that the records of --deployment-record name.",
            show_default=False,
        ),
    ] = None,
    format: options.Format = None,  # noqa: A002  # the option's name
    output: options.Outputs = None,
    category: options.Category = None,
    quiet: options.Quiet = False,
    min_severity: options.MinSeverity = None,
) -> int:
    """Let a release through, or say what it lacks. Nothing is signed here.

    An image named by a tag alone is refused, because the tag can move before the cluster
    pulls it, unless --pinned writes what to apply instead.
    """
    from gate.cli.reads.places import Access
    from gate.cli.reads.render_command import Rendering
    from gate.cli.runs.check import run_admit
    from gate.cli.runs.prepare import Options
    from gate.cli.writes.files import make_room
    from gate.cli.writes.output import parse_outputs
    from gate.cli.writes.reported import reported
    from gate.errors import UsageError

    asked = Options(
        paths=paths or (),
        images=image or (),
        policy=policy,
        policy_digest=policy_digest,
        access=Access(
            layouts=layout or (),
            plain_http=plain_http or (),
            registries=registries,
            environ=os.environ,
        ),
        bundles=bundle or (),
        links=links or (),
        rendering=Rendering(asked=render, values=values or (), release=release),
    )
    if pinned is not None:
        # Whatever else is wrong with the call, nothing old stays there to be applied.
        with contextlib.suppress(UsageError):
            make_room(Path(pinned), asked.inputs())
    outputs = parse_outputs(
        format,
        output or (),
        inputs=asked.inputs(),
        beside=pinned or "",
        category=category,
        quiet=quiet,
        min_severity=min_severity,
    )

    def run() -> tuple[Report, None]:
        deployments = None
        if deployment_record is not None or cluster is not None:
            from gate.cli.runs.deployments import deployments_of

            deployments = deployments_of(deployment_record or "", cluster, asked.access)
        return run_admit(asked, pinned=pinned, deployments=deployments), None

    return reported("admit", outputs, run)
