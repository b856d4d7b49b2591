"""`gate merge`: the verdict over the shards of one run."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gate.cli import options

if TYPE_CHECKING:
    from gate.cli.writes.output import Outputs
    from gate.errors import GateError
    from gate.model.report import Report


def merge(
    *,
    folder: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER",
            help="The records of every `gate check --shard`, or with --audit the reports.",
        ),
    ],
    audit: Annotated[
        bool,
        typer.Option(
            "--audit",
            help="See the JSON reports of `gate audit` from many clusters as one, each in a file "
            "CLUSTER.json of the folder: as text, json or html. No policy is read.",
        ),
    ] = False,
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
    """Decide over the shards of one run, and sign the pass.

    Give the arguments that every `gate check --shard I/N` had. Each of the N records has to be
    there once, of this policy, release and version of gate. What they saw is verified again.
    Exit codes: 0 cleared, 1 failed, 2 wrong call or policy, 3 undecided.
    """
    from gate.cli.reads.places import Access
    from gate.cli.reads.render_command import Rendering
    from gate.cli.runs.check import run_check
    from gate.cli.runs.prepare import Options
    from gate.cli.runs.shards import shards_in
    from gate.cli.writes.files import make_room_for_passes
    from gate.cli.writes.output import parse_outputs
    from gate.cli.writes.reported import reported
    from gate.errors import UsageError

    if audit:
        return _fleet(
            folder,
            parse_outputs(format, output or ()),
            (
                (paths, "manifests"),
                (policy, "--policy"),
                (policy_digest, "--policy-digest"),
                (image, "--image"),
                (layout, "--layout"),
                (plain_http, "--plain-http"),
                (registries, "--registries"),
                (bundle, "--bundle"),
                (links, "--links"),
                (render, "--render"),
                (values, "--values"),
                (release, "--release"),
                (dry_run, "--dry-run"),
                (as_of, "--as-of"),
                (pass_file, "--pass-file"),
                (renew, "--renew"),
                (statement, "--statement"),
                (category, "--category"),
                (quiet, "--quiet"),
                (min_severity, "--min-severity"),
            ),
        )
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
        done = run_check(
            asked,
            as_of=as_of,
            dry_run=dry_run,
            folder=pass_file,
            renew=renew,
            statement=statement,
            merge=partial(
                shards_in,
                folder=Path(folder),
                dry=dry_run or as_of is not None,
                as_of=as_of is not None,
            ),
        )
        return done.report, done.error

    return reported("check", outputs, run)


def _fleet(folder: str, outputs: Outputs, others: Iterable[tuple[object, str]]) -> int:
    """See the reports of audits as one. Raises UsageError, also where another option was given."""
    from gate.cli.runs.fleet import run_fleet
    from gate.errors import UsageError

    for value, name in others:
        if value:
            raise UsageError(
                "audit-option",
                f"--audit reads reports alone, and {name} was given too",
                remedy=f"leave out {name}: each cluster was judged when its report was written",
            )
    return run_fleet(Path(folder), outputs)
