"""`gate lint`: the manifests alone. It needs no policy and no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    import typer  # a plain call is read without it

    from gate.cli import options


def lint(
    *,
    paths: options.Paths = None,
    profile: Annotated[
        str,
        typer.Option(
            metavar="PROFILE",
            help="Which rules: kube-linter, baseline, restricted, gate or all.",
        ),
    ] = "gate",
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy",
            "-p",
            metavar="FILE",
            help="Take the rules from this policy's manifests section instead of a profile.",
            show_default=False,
        ),
    ] = None,
    kubernetes_version: Annotated[
        str | None,
        typer.Option(metavar="VERSION", help="The cluster's version.", show_default=False),
    ] = None,
    namespace: Annotated[
        str | None,
        typer.Option(
            "--namespace",
            "-n",
            metavar="NAME",
            help="Judge objects that name no namespace as in this one, as kubectl apply "
            "--namespace puts them.",
            show_default=False,
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude",
            metavar="PATTERN",
            help="Leave out files and folders whose path matches: * stays in one segment, ** "
            "spans them. The report names them. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    write_baseline: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write what is found to this file, for `manifests: {baseline: FILE}` in the "
            "policy: it is known then, and does not block. From a file that is there already, only "
            "what is gone is taken out.",
            show_default=False,
        ),
    ] = None,
    render: options.Render = False,
    values: options.Values = None,
    release: options.Release = None,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="Set in the files what has one right answer, such as allowPrivilegeEscalation: "
            "false, and change nothing else in them. The report judges the changed files.",
        ),
    ] = False,
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe",
            help="With --fix or --diff: set readOnlyRootFilesystem too, which stops a program "
            "that writes into its image.",
        ),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print what --fix would change, and change nothing.")
    ] = False,
    list_: Annotated[
        bool, typer.Option("--list", help="List the rules, and judge nothing.")
    ] = False,
    format: options.Format = None,  # noqa: A002  # the option's name
    output: options.Outputs = None,
    category: options.Category = None,
    quiet: options.Quiet = False,
    min_severity: options.MinSeverity = None,
) -> int:
    """Lint manifests, with the line and column of every field.

    Exit codes: 0 nothing blocks, 1 something does or a file cannot be read, 2 wrong call.
    """
    from dataclasses import replace

    from gate.cli.reads.render_command import Rendering
    from gate.cli.runs.lint import print_rules, run_lint
    from gate.cli.writes.output import parse_outputs
    from gate.cli.writes.reported import reported
    from gate.errors import UsageError
    from gate.model.memory import without_collector

    if list_:
        print_rules()
        return 0
    outputs = parse_outputs(
        format,
        output or (),
        inputs=paths or (),
        beside=write_baseline or "",
        category=category,
        quiet=quiet,
        min_severity=min_severity,
    )
    fixing = None
    if fix or diff:
        from gate.cli.runs.fix import Fixing

        fixing = Fixing(diff=diff, unsafe=unsafe)
    elif unsafe:
        raise UsageError(
            "lint-option", "--unsafe goes with --fix or --diff", remedy="add --fix or --diff"
        )
    if diff:
        outputs = replace(outputs, printed=None)  # standard output is the difference alone
    with without_collector():
        return reported(
            "lint",
            outputs,
            lambda: (
                run_lint(
                    paths or (),
                    profile=profile,
                    policy=policy,
                    kubernetes_version=kubernetes_version,
                    namespace=namespace,
                    exclude=exclude or (),
                    write_baseline=write_baseline,
                    quotes=outputs.quotes,
                    rendering=Rendering(asked=render, values=values or (), release=release),
                    fixing=fixing,
                ),
                None,
            ),
        )
