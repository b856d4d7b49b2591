"""`gate serve`: the pass at the cluster's own door."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from gate.cli import options


def serve(
    *,
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy",
            "-p",
            metavar="FILE",
            help="The deploy policy, which asks for the pass.",
            show_default=False,
        ),
    ] = None,
    policy_digest: options.PolicyDigest = None,
    listen: Annotated[
        str,
        typer.Option(metavar="HOST:PORT", help="Where to listen, with TLS."),
    ] = "0.0.0.0:8443",
    cert: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The server's certificate with its chain, in PEM form. It is taken anew when the "
            "file changes.",
            show_default=False,
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="The certificate's key, in PEM form.", show_default=False
        ),
    ] = None,
    own_certificate: Annotated[
        str | None,
        typer.Option(
            metavar="NAMESPACE/SECRET",
            help="Make the certificate and replace it in time, instead of --cert and --key. The "
            "Secret must exist, is empty at first, and is shared by all replicas.",
            show_default=False,
        ),
    ] = None,
    certificate_for: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="With --own-certificate: the name by which API servers reach gate, such as "
            "gate.gate-system.svc.",
            show_default=False,
        ),
    ] = None,
    webhook: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="With --own-certificate: the ValidatingWebhookConfiguration whose caBundle is "
            "written; and with --mutate-digests the MutatingWebhookConfiguration of the same name.",
            show_default=False,
        ),
    ] = None,
    kubeconfig: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="How the cluster is reached, where gate does not run in it.",
            show_default=False,
        ),
    ] = None,
    mode: Annotated[
        str,
        typer.Option(
            metavar="enforce|audit",
            help="audit refuses nothing: what would be refused is a warning.",
        ),
    ] = "enforce",
    mutate_digests: Annotated[
        bool,
        typer.Option(
            "--mutate-digests",
            help="Answer at /mutate too, for a mutating webhook: a tag that an object brings is "
            "replaced by the digest that it has now. What comes of it is judged like all else.",
        ),
    ] = False,
    pull_secrets: Annotated[
        list[str] | None,
        typer.Option(
            "--pull-secrets",
            metavar="NAMESPACE",
            help="Ask registries with the pull secrets of this namespace's own pods and service "
            "accounts. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    audit_every: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="Judge what runs in the cluster after each such time, such as 6h, by one replica "
            "at a time: metrics and events. Needs --audit-lease.",
            show_default=False,
        ),
    ] = None,
    audit_lease: Annotated[
        str | None,
        typer.Option(
            metavar="NAMESPACE/LEASE",
            help="With --audit-every: the Lease, which must exist, by which replicas agree who "
            "does it.",
            show_default=False,
        ),
    ] = None,
    audit_events: Annotated[
        bool,
        typer.Option(
            "--audit-events",
            help="Write an event beside each object that is let in only because of --mode audit, "
            "or because the policy watches its namespace.",
        ),
    ] = False,
    print_static_config: Annotated[
        bool,
        typer.Option(
            "--print-static-config",
            help="Print the webhook as files of the API server (Kubernetes 1.37), which no "
            "administrator of the cluster can remove, and end. Needs --url and --ca, and --policy "
            "where that has `audit-labels`.",
        ),
    ] = False,
    url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="With --print-static-config: where the API server reaches gate.",
            show_default=False,
        ),
    ] = None,
    ca: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="With --print-static-config: the authority that issued --cert, in PEM form.",
            show_default=False,
        ),
    ] = None,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
) -> int:
    """Judge what an API server will store: an admission webhook.

    POST /validate takes an AdmissionReview; /livez, /readyz, /metrics and /status tell how
    the server is. What cannot be found out is denied. Needs the extra gatepass[serve].
    """
    from gate.cli.reads.places import Access
    from gate.cli.runs.in_cluster import AuditEvery, OwnOptions
    from gate.cli.runs.serve import ServeOptions, print_static, run_serve

    if print_static_config:
        print_static(url, ca, policy, policy_digest)
        return 0
    run_serve(
        ServeOptions(
            policy=policy,
            policy_digest=policy_digest,
            listen=listen,
            certificate=cert,
            key=key,
            mode=mode,
            own=OwnOptions(
                secret=own_certificate, certificate_for=certificate_for, webhook=webhook
            ),
            kubeconfig=kubeconfig,
            mutate_digests=mutate_digests,
            audit=AuditEvery(every=audit_every, lease=audit_lease),
            events=audit_events,
            pulls=frozenset(pull_secrets or ()),
            access=Access(
                layouts=layout or (),
                plain_http=plain_http or (),
                registries=registries,
                environ=os.environ,
            ),
        )
    )
    return 0
