"""`gate audit`: what runs in a cluster, held against the policy of its door."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from gate.cli import options


def audit(
    *,
    kubeconfig: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="How the cluster is reached: a token or a client certificate. Otherwise it is "
            "the one that gate runs in, as the account of its Pod.",
            show_default=False,
        ),
    ] = None,
    context: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A context of the kubeconfig. Otherwise its current one.",
            show_default=False,
        ),
    ] = None,
    namespace: Annotated[
        list[str] | None,
        typer.Option(
            "--namespace",
            "-n",
            metavar="NAME",
            help="Judge this namespace alone. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy",
            "-p",
            metavar="FILE",
            help="The deploy policy. Otherwise the nearest one that asks for the pass.",
            show_default=False,
        ),
    ] = None,
    policy_digest: options.PolicyDigest = None,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
    format: options.Format = None,  # noqa: A002  # the option's name
    output: options.Outputs = None,
    category: options.Category = None,
    quiet: options.Quiet = False,
    min_severity: options.MinSeverity = None,
) -> int:
    """Report what runs and would not be let in; change nothing.

    Every workload and Pod of the cluster is listed, page by page, and judged by itself as the
    admission webhook would judge it now. The age of a pass does not count. No Secret is read.
    """
    from gate.cli.reads.places import Access
    from gate.cli.runs.audit import AuditOptions, run_audit
    from gate.cli.writes.output import parse_outputs
    from gate.cli.writes.reported import reported

    asked = AuditOptions(
        kubeconfig=kubeconfig,
        context=context,
        namespaces=namespace or (),
        policy=policy,
        policy_digest=policy_digest,
        access=Access(
            layouts=layout or (),
            plain_http=plain_http or (),
            registries=registries,
            environ=os.environ,
        ),
    )
    outputs = parse_outputs(
        format,
        output or (),
        inputs=tuple(filter(None, (kubeconfig, policy))),
        category=category,
        quiet=quiet,
        min_severity=min_severity,
    )
    return reported("audit", outputs, lambda: (run_audit(asked), None))
