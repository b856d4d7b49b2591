"""`gate init` from its options to the files that it writes."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gate.checks import proposals
from gate.cli.reads.find_policy import NAMES, find_policy
from gate.cli.reads.inputs import collect
from gate.cli.reads.places import open_registry
from gate.cli.reads.project import CI_SYSTEMS, Checkout, CiSystem, find_checkout
from gate.cli.reads.reference import read_reference
from gate.cli.runs.make_evidence import Places
from gate.cli.runs.signed_already import look
from gate.cli.runs.snippets import SNIPPETS
from gate.cli.writes.files import check_file, write_whole
from gate.errors import UsageError
from gate.explain.schema import policy_schema
from gate.manifests.images import image_uses
from gate.manifests.load import Manifests, load_manifests
from gate.manifests.refused import nothing_to_judge
from gate.model.image import ImageReference
from gate.policy.propose import Project, SeenImage, SeenSigner, propose
from gate.reports.neutral import terminal
from gate.trust.policy import embedded_root
from gate.trust.refusal import Refusal
from gate.trust.trusted_root import TrustedRoot, parse_trusted_root

SCHEMA: Final = ".gate.schema.json"
MAX_ROOT_BYTES: Final = 8 * 1024 * 1024
MAX_IMAGES: Final = 100
"""The most images that are looked at: a first policy is read by people."""
_ISSUERS: Final[dict[CiSystem, str]] = {
    "github": "https://token.actions.githubusercontent.com",
    "gitlab": "https://gitlab.com",
}
_IDENTITIES: Final[dict[CiSystem, str]] = {
    "github": "https://github.com/%s/.github/workflows/release.yml@refs/tags/*",
    "gitlab": "https://gitlab.com/%s//.gitlab-ci.yml@refs/tags/*",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asked for."""

    paths: Sequence[str]
    images: Sequence[str]
    ci: str | None
    trusted_root: str | None
    policy: str
    force: bool
    layouts: Sequence[str]
    plain_http: Sequence[str]


def run_init(asked: Asked) -> int:
    """Write a policy and its schema, and tell what comes next. Raises GateError."""
    path = Path(asked.policy)
    schema = path.parent / SCHEMA
    for file in (path, schema):
        check_file(file)
    _check_free(path, force=asked.force)
    checkout = find_checkout(Path.cwd())
    ci = _ci(asked.ci) or checkout.ci
    root, pinned = _root(asked.trusted_root, path.parent)
    seen = list(_look(asked, root))
    text = propose(_project(checkout, ci, pinned), seen, SCHEMA, proposals())
    write_whole(schema, (json.dumps(policy_schema(), indent=1, sort_keys=True) + "\n").encode())
    write_whole(path, text.encode())
    find_policy(str(path), None)  # what is proposed can be used, or it is our fault
    _tell(seen, (path, schema), ci, asked)
    return 0


def _check_free(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise UsageError(
            "policy-exists",
            f"{path} is there already, and nothing was changed",
            remedy="edit it, or write over it with --force",
        )


def _ci(named: str | None) -> CiSystem | None:
    if named is None:
        return None
    for system in CI_SYSTEMS:
        if system == named:
            return system
    raise UsageError(
        "ci-unknown",
        f"there is no CI system {named!r} that gate knows",
        remedy=f"choose one of {', '.join(CI_SYSTEMS)}, or leave --ci out",
    )


def _root(file: str | None, folder: Path) -> tuple[TrustedRoot, tuple[str, str] | None]:
    if file is None:
        return embedded_root(), None
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(MAX_ROOT_BYTES)
        root = parse_trusted_root(data)
    except (OSError, Refusal) as error:
        raise UsageError(
            "policy-root-malformed",
            f"{file} cannot be read as a trusted root: {error}",
            remedy="give a Sigstore TrustedRoot document",
        ) from error
    return root, (os.path.relpath(file, folder), hashlib.sha256(data).hexdigest())


def _look(asked: Asked, root: TrustedRoot) -> Iterator[SeenImage]:
    references = _references(asked)
    registry, _ = open_registry((), asked.layouts, asked.plain_http, ())
    now = datetime.now(UTC)
    with closing(registry):
        for reference in references:
            yield look(reference, registry, root, now)


def _references(asked: Asked) -> list[ImageReference]:
    """Return one reference for each repository: those that were named, then the manifests'."""
    inputs = collect(asked.paths, sys.stdin.buffer)
    manifests = load_manifests(inputs.files, found=inputs.findings, named=inputs.named)
    names = [*asked.images, *_manifest_images(manifests)]
    if not names and sys.stdin.isatty():
        sys.stderr.write("An image that you deploy (registry/repository:tag): ")
        sys.stderr.flush()
        names = [line] if (line := sys.stdin.readline().strip()) else []
    found: dict[str, ImageReference] = {}
    for name in names:
        reference = read_reference(name)
        found.setdefault(reference.name, reference)
    if not found:
        raise nothing_to_judge(
            manifests.findings,
            "there is no image for which a policy could be written",
            remedy="name the folder of your manifests, or an image with --image",
        )
    return list(found.values())[:MAX_IMAGES]


def _manifest_images(manifests: Manifests) -> list[str]:
    return sorted({use.image for use in image_uses(manifests.objects).uses})


def _project(
    checkout: Checkout, ci: CiSystem | None, trusted_root: tuple[str, str] | None
) -> Project:
    host, path = checkout.remote or ("", "")
    public = ci is not None and host == f"{ci}.com"
    expected = SeenSigner(_ISSUERS[ci], _IDENTITIES[ci] % path) if ci and public else None
    return Project(
        verifier=f"https://{host}/{path}/gate" if host else f"urn:gate:{checkout.root.name}",
        expected=expected,
        owns=path.partition("/")[0] or None,
        keyless=public,
        trusted_root=trusted_root,
    )


def _tell(
    seen: Iterable[SeenImage], written: Sequence[Path], ci: CiSystem | None, asked: Asked
) -> None:
    lines = ["what was seen:"]
    for image in seen:
        kinds = ", ".join(image.evidence) or image.note
        lines.append(f"  {image.repository}: {kinds}")
        lines += [f"    → {image.remedy}"] if image.remedy else []
    lines += ["", *(f"wrote {path}" for path in written), "", "next:"]
    paths = asked.paths or ("manifests/",)
    # One a line, as the action and the template take them: JSON's text is YAML's too.
    listed = terminal(json.dumps("\n".join(paths)))
    options = Places(layouts=asked.layouts, plain_http=asked.plain_http).options()
    lines.append(
        f"  1. read {written[0]}, then run: "
        f"gate check --dry-run{_named(asked)}{options} {shlex.join(paths)}"
    )
    for line in lines:
        sys.stdout.write(terminal(line) + "\n")
    for number, system in enumerate([ci] if ci else CI_SYSTEMS):
        where, text = SNIPPETS[system]
        step = "  or " if number else "  2. "
        sys.stdout.write(f"{step}put this into {where}:\n\n{text % listed}\n")


def _named(asked: Asked) -> str:
    return "" if asked.policy in NAMES else f" --policy {shlex.quote(asked.policy)}"
