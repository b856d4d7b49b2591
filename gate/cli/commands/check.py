"""`gate check`: the whole of it, and the pass where everything holds."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    import typer  # a plain call is read without it

    from gate.cli import options
    from gate.errors import GateError
    from gate.model.report import Report


def check(
    *,
    paths: options.JudgedPaths = None,
    policy: options.PolicyFile = None,
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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Judge as ever; sign and store nothing.")
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Judge what is there now as if it were this time (RFC 3339). Implies --dry-run.",
            show_default=False,
        ),
    ] = None,
    pass_file: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER",
            help="Also write to this folder what was signed, for each image and for the release: "
            "a Sigstore bundle, its DSSE envelope, and the predicate alone. Passes of an earlier "
            "run are removed there first.",
            show_default=False,
        ),
    ] = None,
    renew: Annotated[
        bool,
        typer.Option(
            "--renew",
            help="Sign a new pass also where one is there that says the same and has half of its "
            "time left. --pass-file implies it.",
        ),
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="I/N",
            help="Look only at the images that fall to part I of N, and write to --record what was "
            "seen. Signs no pass: `gate merge` decides over all parts.",
            show_default=False,
        ),
    ] = None,
    record: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.jsonl",
            help="Where --shard writes its record, and the record's signature beside it.",
            show_default=False,
        ),
    ] = None,
    statement: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Of a dry run: write what would be signed to this file, a statement a line. "
            "Nobody signed them; they prove nothing.",
            show_default=False,
        ),
    ] = None,
    format: options.Format = None,  # noqa: A002  # the option's name
    output: options.Outputs = None,
    category: options.Category = None,
    quiet: options.Quiet = False,
    min_severity: options.MinSeverity = None,
) -> int:
    """Judge a release: images, their evidence, and manifests.

    With a `pass` section in the policy, and everything in order, the pass is signed and stored
    beside each image. Exit codes: 0 cleared, 1 failed, 2 wrong call or policy, 3 undecided.
    """
    from gate.cli.reads.places import Access
    from gate.cli.reads.render_command import Rendering
    from gate.cli.runs.check import run_check
    from gate.cli.runs.prepare import Options
    from gate.cli.writes.files import make_room_for_passes
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

    if pass_file is not None:
        # Whatever else is wrong with the call, no pass of another run stays there.
        with contextlib.suppress(UsageError):
            make_room_for_passes(Path(pass_file))
    outputs = parse_outputs(
        format,
        output or (),
        inputs=asked.inputs(),
        beside=statement or "",
        category=category,
        quiet=quiet,
        min_severity=min_severity,
    )

    def run() -> tuple[Report, GateError | None]:
        if shard is not None or record is not None:
            from gate.cli.runs.shards import demand_shard_alone, read_shard, run_shard

            demand_shard_alone(
                (
                    *((dry_run, "--dry-run"), (pass_file, "--pass-file")),
                    *((renew, "--renew"), (statement, "--statement")),
                )
            )
            part = run_shard(asked, read_shard(shard or ""), record or "", as_of=as_of)
            return part.report, part.error
        done = run_check(
            asked,
            as_of=as_of,
            dry_run=dry_run,
            folder=pass_file,
            renew=renew,
            statement=statement,
        )
        return done.report, done.error

    return reported("check", outputs, run)
