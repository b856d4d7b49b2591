"""Options that several commands share. They say where things are, never what is allowed."""

from __future__ import annotations

from typing import Annotated

import typer

from gate.reports import FORMATS

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATHS]...",
        help="Manifests: files, folders, globs, or - for standard input.",
        show_default=False,
    ),
]
JudgedPaths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATHS]...",
        help="Manifests: files, folders, globs, - for standard input, or oci://REF for a Helm "
        "chart or a bundle of manifests in a registry.",
        show_default=False,
    ),
]
Render = Annotated[
    bool,
    typer.Option(
        "--render",
        help="Judge each named chart or kustomization by what helm or kustomize makes of it, even "
        "where `kubectl apply -f` could apply something else from the folder.",
    ),
]
Values = Annotated[
    list[str] | None,
    typer.Option(
        "--values",
        metavar="FILE",
        help="Helm values for the named charts, which are rendered then. Repeat for more; the "
        "last one wins.",
        show_default=False,
    ),
]
Release = Annotated[
    str | None,
    typer.Option(
        metavar="[NAMESPACE/]NAME",
        help="The Helm release that the named charts are rendered for.",
        show_default=False,
    ),
]
PolicyFile = Annotated[
    str | None,
    typer.Option(
        "--policy",
        "-p",
        metavar="FILE",
        help="The policy. Otherwise the nearest .gate.yaml, .gate.yml or .github/gate.yaml, "
        "from here up to the root of the repository.",
        show_default=False,
    ),
]
PolicyDigest = Annotated[
    str | None,
    typer.Option(
        metavar="sha256:HEX",
        help="Refuse to run unless the policy has this digest.",
        show_default=False,
    ),
]
Images = Annotated[
    list[str] | None,
    typer.Option(
        "--image",
        "-i",
        metavar="REF",
        help="An image to judge beside those that the manifests name. Repeat for more.",
        show_default=False,
    ),
]
Layouts = Annotated[
    list[str] | None,
    typer.Option(
        "--layout",
        metavar="NAME=FOLDER",
        help="Read the images of this registry or repository from an OCI layout folder "
        "instead of the network. Repeat for more.",
        show_default=False,
    ),
]
PlainHttp = Annotated[
    list[str] | None,
    typer.Option(
        "--plain-http",
        metavar="HOST:PORT",
        help="Speak http, not https, to exactly this registry. Repeat for more.",
        show_default=False,
    ),
]
REGISTRIES = (
    "How registries are reached: mirrors, private hosts, certificates. "
    "GATE_REGISTRIES names it too."
)
Registries = Annotated[
    str | None,
    typer.Option(metavar="FILE", help=REGISTRIES, show_default=False),
]
Bundles = Annotated[
    list[str] | None,
    typer.Option(
        "--bundle",
        metavar="FILE",
        help="A file of Sigstore bundles that count as attached to every image they name: one, "
        "JSON Lines, a list, or what GitHub's API answers. Repeat for more.",
        show_default=False,
    ),
]
Links = Annotated[
    list[str] | None,
    typer.Option(
        "--links",
        metavar="FOLDER",
        help="The in-toto link files of one run (*.link), for images whose policy names a layout "
        "file. Repeat for more runs.",
        show_default=False,
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="What to print; text unless you say otherwise. The same as --output FORMAT.",
        show_default=False,
    ),
]
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FORMAT[=FILE]",
        help="Write the report to a file, or print it where there is none: "
        f"{', '.join(FORMATS)}. Repeat for more; one can be printed.",
        show_default=False,
    ),
]
Category = Annotated[
    str | None,
    typer.Option(
        "--category",
        metavar="NAME",
        help="What the SARIF report calls this run, where one commit has several: GitHub keeps "
        "the alerts of each category apart.",
        show_default=False,
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="In text: only what decides, and the verdict."),
]
MinSeverity = Annotated[
    str | None,
    typer.Option(
        "--min-severity",
        metavar="SEVERITY",
        help="In text: leave out warnings below info, low, medium, high or critical. They are "
        "counted; what blocks is always shown.",
        show_default=False,
    ),
]
Key = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="FILE|URI",
        help="Sign with this private key (PEM or cosign's; its password in GATE_KEY_PASSWORD) or "
        "KMS key. Without it the identity of the CI job signs.",
        show_default=False,
    ),
]
TrustConfig = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Sign keyless with the Sigstore instance of this client trust config.",
        show_default=False,
    ),
]
PublishPrivate = Annotated[
    bool,
    typer.Option(
        "--publish-private",
        help="Let names of a private repository go to a public log, for ever.",
    ),
]
BundleFile = Annotated[
    str | None,
    typer.Option(
        "--bundle",
        metavar="FILE",
        help="Write the bundle to this file, for `gate check --bundle FILE`, and nothing beside "
        "the image.",
        show_default=False,
    ),
]
