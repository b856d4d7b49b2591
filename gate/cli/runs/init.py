"""`gate init` from its options to the files that it writes."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from gate.checks import proposals
from gate.checks.digest import CHECK as DIGEST_CHECK
from gate.cli.reads.find_policy import NAMES, find_policy
from gate.cli.reads.places import Access, open_registry
from gate.cli.reads.project import CI_SYSTEMS, Checkout, CiSystem, find_checkout
from gate.cli.reads.public_keys import find_keys
from gate.cli.reads.reference import read_reference
from gate.cli.reads.render_command import Rendering
from gate.cli.reads.rendered import collect_rendered
from gate.cli.runs.make_evidence import Places
from gate.cli.runs.signed_already import look
from gate.cli.runs.snippets import PLACES, Job, snippet
from gate.cli.writes.files import check_file, write_whole
from gate.cli.writes.proposed import demand_absent, demand_unchanged
from gate.errors import UsageError
from gate.explain.schema import policy_schema
from gate.keys.public import PublicKey, fingerprint
from gate.manifests.images import image_uses
from gate.manifests.load import load_manifests
from gate.manifests.manifests import Manifests
from gate.manifests.refused import nothing_to_judge
from gate.model.image import ImageReference
from gate.model.records import dataclass
from gate.model.words import listed
from gate.policy.document import Policy
from gate.policy.propose import (
    Project,
    SeenImage,
    SeenKey,
    SeenSigner,
    private_half,
    propose,
)
from gate.policy.propose_admit import propose_admit
from gate.reports.neutral import terminal
from gate.trust.embedded import embedded_root
from gate.trust.refusal import Refusal
from gate.trust.root import TrustedRoot
from gate.trust.trusted_root import parse_trusted_root

SCHEMA: Final = ".gate.schema.json"
ADMIT: Final = "admit.yaml"
DIGEST: Final = DIGEST_CHECK.name
PASS_KEYS: Final = ("gate.pub", "keys/gate.pub")
"""Where the public half of the key that signs passes is looked for."""
MAX_ROOT_BYTES: Final = 8 * 1024 * 1024
MAX_IMAGES: Final = 100
"""The most images that are looked at: a first policy is read by people."""
_SHOWN: Final = 3
_MANIFESTS: Final = "manifests/"
"""What the next steps name where the call names no manifests."""
_ISSUERS: Final[dict[CiSystem, str]] = {
    "github": "https://token.actions.githubusercontent.com",
    "gitlab": "https://gitlab.com",
}
_IDENTITIES: Final[dict[CiSystem, str]] = {
    "github": "https://github.com/%s/.github/workflows/release.yml@refs/tags/*",
    "gitlab": "https://gitlab.com/%s//.gitlab-ci.yml@refs/tags/*",
}
_GATES: Final[dict[CiSystem, str]] = {
    "github": "https://github.com/%s/gate/.github/workflows/release-gate.yml@refs/heads/main",
    "gitlab": "https://gitlab.com/%s/gate//.gitlab-ci.yml@refs/heads/main",
}
"""Who signs passes, where the owner of the project has gate in a repository of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asked for."""

    paths: Sequence[str]
    images: Sequence[str]
    ci: str | None
    trusted_root: str | None
    policy: str
    force: bool
    keys: Sequence[str]
    accept_digests_only: bool
    access: Access
    rendering: Rendering


def run_init(asked: Asked) -> int:
    """Write a policy and its schema, and tell what comes next. Raises GateError."""
    path = Path(asked.policy)
    admit, schema = path.parent / ADMIT, path.parent / SCHEMA
    for file in (path, admit, schema):
        check_file(file)
    checkout = find_checkout(Path.cwd())
    ci = _ci(asked.ci) or checkout.ci
    root, pinned = _root(asked.trusted_root, path.parent)
    keys = find_keys(asked.keys, path.parent)
    seen = list(_look(asked, root, keys))
    project = _project(checkout, ci, pinned, _pass_key(keys, seen))
    text = propose(project, seen, SCHEMA, proposals())
    demand_unchanged(path, text, force=asked.force)
    if not path.exists():
        demand_absent(admit, force=asked.force)
    write_whole(schema, (json.dumps(policy_schema(), indent=1, sort_keys=True) + "\n").encode())
    write_whole(path, text.encode())
    written = [path, schema]
    policy = find_policy(str(path), None)  # it can be used, or it is our fault
    deploy = propose_admit(project, policy.digest, path.name, SCHEMA)
    if deploy is not None:
        demand_unchanged(admit, deploy, force=asked.force)
        write_whole(admit, deploy.encode())
        find_policy(str(admit), None)
        written.insert(1, admit)
    _tell(seen, written, asked)
    _tell_jobs([ci] if ci else CI_SYSTEMS, _job(asked, project))
    return _tell_weakest(policy, accepted=asked.accept_digests_only)


def _pass_key(keys: Mapping[str, PublicKey], seen: Iterable[SeenImage]) -> str | None:
    """Return the key that `gate keygen` made for passes, unless it signed an image."""
    signed = {
        s.path for i in seen for by in i.evidence.values() for s in by if isinstance(s, SeenKey)
    }
    prints = {fingerprint(keys[path]) for path in signed}
    return next((p for p in PASS_KEYS if p in keys and fingerprint(keys[p]) not in prints), None)


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


def _look(asked: Asked, root: TrustedRoot, keys: Mapping[str, PublicKey]) -> Iterator[SeenImage]:
    references = _references(asked)
    registry, _ = open_registry(asked.access)
    now = datetime.now(UTC)
    with closing(registry):
        for reference in references:
            yield look(reference, registry, root, now, keys)


def _references(asked: Asked) -> list[ImageReference]:
    """Return one reference for each repository: those that were named, then the manifests'."""
    inputs = collect_rendered(asked.paths, sys.stdin.buffer, replace(asked.rendering, twice=False))
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
    checkout: Checkout,
    ci: CiSystem | None,
    trusted_root: tuple[str, str] | None,
    pass_key: str | None,
) -> Project:
    host, path = checkout.remote or ("", "")
    public = ci is not None and host == f"{ci}.com"
    expected = SeenSigner(_ISSUERS[ci], _IDENTITIES[ci] % path) if ci and public else None
    return Project(
        verifier=f"https://{host}/{path}/gate" if host else f"urn:gate:{checkout.root.name}",
        expected=expected,
        owns=path.partition("/")[0] or None,
        keyless=public,
        gate_identity=_GATES[ci] % path.partition("/")[0] if ci and public else None,
        pass_key=None if public else pass_key,
        trusted_root=trusted_root,
    )


def _job(asked: Asked, project: Project) -> Job:
    return Job(
        manifests=tuple(asked.paths) or (_MANIFESTS,),
        registries=asked.access.registries,
        key=private_half(project.pass_key) if project.pass_key else None,
    )


def _tell(seen: Iterable[SeenImage], written: Sequence[Path], asked: Asked) -> None:
    lines = ["what was seen:"]
    for image in seen:
        kinds = ", ".join(image.evidence) or image.note
        lines.append(f"  {image.repository}: {kinds}")
        lines += [f"    → {image.remedy}"] if image.remedy else []
    lines += ["", *(f"wrote {path}" for path in written), "", "next:"]
    paths = asked.paths or (_MANIFESTS,)
    options = Places(
        layouts=asked.access.layouts,
        plain_http=asked.access.plain_http,
        registries=asked.access.registries_option,
    ).options()
    lines.append(
        f"  1. read {written[0]}, then run: "
        f"gate check --dry-run{_named(asked)}{options} {shlex.join(paths)}"
    )
    if any(file.name == ADMIT for file in written):
        lines.append(
            f"  2. deploy with: gate admit --policy {shlex.quote(str(written[1]))}{options} "
            f"{shlex.join(paths)}; after each change of {written[0]}, put the digest that "
            f"`gate policy` prints into {written[1]}"
        )
    else:
        lines.append(
            "  2. make the key that signs passes: gate keygen gate; then run gate init --force "
            "again, which writes the pass and admit.yaml"
        )
    for line in lines:
        sys.stdout.write(terminal(line) + "\n")


def _tell_jobs(systems: Iterable[CiSystem], job: Job) -> None:
    for number, system in enumerate(systems):
        step = "  or " if number else "  3. "
        text = snippet(system, job)
        sys.stdout.write(f"{step}put this into {PLACES[system]}:\n\n{text}\n")


def _tell_weakest(policy: Policy, *, accepted: bool) -> int:
    """Say in the last line which images only a digest holds, and return the exit code."""
    weak = [entry.pattern.text for entry in policy.images if set(entry.checks) == {DIGEST}]
    if not weak:
        return 0
    shown = listed(weak, _SHOWN)
    many = len(weak) != 1
    sys.stdout.write(
        terminal(
            f"this policy asks for no signature of {len(weak)} image{'s' * many}, only for "
            f"{'digests' if many else 'its digest'}: {shown}; "
        )
    )
    if accepted:
        sys.stdout.write("you accepted that with --accept-digests-only\n")
        return 0
    sys.stdout.write(
        "sign them and run gate init --force, or accept it with --accept-digests-only\n"
    )
    return 1


def _named(asked: Asked) -> str:
    return "" if asked.policy in NAMES else f" --policy {shlex.quote(asked.policy)}"
