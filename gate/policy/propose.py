"""A first policy, from what was seen: the tightest that the next release still passes.

What comes out is text for people to read and change, with a comment at each guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Final, TypeAlias

from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.policy.build_runs import any_run
from gate.policy.match_identity import IdentityPattern
from gate.policy.propose_entries import ProposedEntry, merged
from gate.policy.yaml_scalar import WORDS, scalar

_TAG: Final = expression(r"(.*@refs/tags/)(v?)[^/@*]*")
_OWNER: Final = 4
"""Of the identity of a workflow: scheme, nothing, host, owner."""
_FILE: Final = expression(r"([^/@]+?)(?:\.[a-z]+)?(?:@[^@]*)?")


@dataclass(frozen=True, slots=True)
class SeenSigner:
    """An identity and who vouches for it, as a verified certificate has them."""

    issuer: str
    identity: str
    source_repository: str | None = None

    @property
    def order(self) -> tuple[str, str, bool, str]:
        """What signers are sorted by: one without a source repository comes first."""
        source = self.source_repository
        return (self.issuer, self.identity, source is not None, source or "")

    @property
    def pattern(self) -> str:
        """The identity, open for the next tag where a tag signed, and as it is elsewhere."""
        return _next_tag(self.identity)


@dataclass(frozen=True, slots=True)
class SeenKey:
    """A public key that verified something, by its file's path from the policy's folder."""

    path: str

    @property
    def order(self) -> tuple[str, str, bool, str]:
        """What signers are sorted by: keys come first."""
        return ("", self.path, False, "")


Seen: TypeAlias = SeenSigner | SeenKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenImage:
    """What was found on an image of one repository."""

    repository: str
    """`registry/repository`, canonical."""
    evidence: Mapping[str, tuple[Seen, ...]] = field(default_factory=dict)
    """Who signed it, each once, sorted, by kind: `signature`, `sbom`, `vulnerabilities` and
    `provenance`."""
    builds: tuple[tuple[str, str], ...] = ()
    """Builder and source of the provenance that was seen, each pair once, sorted."""
    note: str = ""
    """Why there is no evidence, where there is none. Fit to print, one line."""
    remedy: str = ""
    """What to do so that there is some, if there is more to do than to sign. Likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What is known of the repository that the policy is for."""

    verifier: str
    expected: SeenSigner | None = None
    """Who will sign its own images, as far as one can tell from where the code lives."""
    owns: str | None = None
    """The path under which its own images lie in any registry, such as `acme`."""
    keyless: bool = False
    """Whether its CI can sign passes with an identity of its own."""
    gate_identity: str | None = None
    """With `keyless`: who will sign passes, as far as one can tell: never who signs images."""
    pass_key: str | None = None
    """A public key's file whose private half signs passes, and that signed no image. Without
    one, and without `keyless`, the policy has no pass."""
    trusted_root: tuple[str, str] | None = None
    """Of a Sigstore instance other than the public one: the file, from the policy's folder,
    and its SHA-256."""


def propose(
    project: Project,
    images: Iterable[SeenImage],
    schema: str,
    demands: Sequence[tuple[str, str]],
) -> str:
    """Return the text of a policy for these images. `schema` is where editors find the schema.

    `demands` are what checks ask of each kind of evidence that was seen, such as
    `("sbom", "sbom: {by: %s}")`.
    """
    images = sorted(images, key=lambda image: image.repository)
    names = _names(project, images)
    entries = merged(
        ProposedEntry(
            image.repository,
            tuple(_entry(image, names, project, demands)),
            widens=bool(image.evidence) or _is_own(image, project),
        )
        for image in images
    )
    lines = [
        f"# yaml-language-server: $schema={schema}",
        "# What a release must show before it is deployed. Read every line, and tighten what",
        "# you can: the first entry that matches an image decides, and without one it is blocked.",
        "version: 1",
        f"verifier: {scalar(project.verifier)}  # whom passes name: never change it",
        *_signers(names, project),
        "registries:",
        "  allow:",
        *(f"    - {scalar(entry.allowed)}" for entry in sorted(entries, key=lambda e: e.allowed)),
        "images:",
        *(line for entry in entries for line in entry.lines()),
        "manifests:",
        "  profile: gate  # kube-linter | baseline | restricted | gate | all",
        *_pass(project),
    ]
    return "\n".join(lines) + "\n"


def _next_tag(workflow: str) -> str:
    tag = _TAG.fullmatch(workflow)
    return f"{tag[1]}{tag[2]}*" if tag else workflow


def _names(project: Project, images: Iterable[SeenImage]) -> dict[Seen, str]:
    """Return a short name for every signer that the policy needs, by what it is."""
    names: dict[Seen, str] = {}
    for image in images:
        seen = {signer for signers in image.evidence.values() for signer in signers}
        if not seen and _is_own(image, project) and project.expected is not None:
            seen = {project.expected}
        for signer in sorted(seen, key=lambda signer: signer.order):
            wanted = _slug(signer)
            taken = {name for other, name in names.items() if not _same(other, signer)}
            number = 1
            while (name := wanted if number == 1 else f"{wanted}-{number}") in taken:
                number += 1
            names.setdefault(signer, name)
    return names


def _same(one: Seen, other: Seen) -> bool:
    """Whether two that signed are one signer of the policy: one workflow at two tags is."""
    if isinstance(one, SeenKey) or isinstance(other, SeenKey):
        return one == other
    return (one.issuer, one.pattern, one.source_repository) == (
        other.issuer,
        other.pattern,
        other.source_repository,
    )


def _slug(signer: Seen) -> str:
    """Return the key's or the workflow's file, or the mailbox, as a name."""
    if isinstance(signer, SeenKey):
        path = signer.path
    else:
        path = signer.identity.split("@")[0] if "://" in signer.identity else signer.identity
    form = _FILE.fullmatch(path.rstrip("/").rpartition("/")[2])
    name = re.sub(r"[^a-z0-9]+", "-", (form[1] if form else "").lower()).strip("-")
    word = name[:1].isalpha() and name not in WORDS
    return name if word else f"signer-{name}".rstrip("-")


def _signers(names: Mapping[Seen, str], project: Project) -> Iterator[str]:
    if not names:
        yield "# No signer was seen. Name yours here: a key, or an identity and its issuer."
        return
    yield "signers:"
    told: set[str] = set()
    for signer, name in names.items():
        if name in told:
            continue
        told.add(name)
        if isinstance(signer, SeenKey):
            yield f"  {name}: {{key: {scalar(signer.path)}}}"
            continue
        yield f"  {name}:"
        if signer == project.expected:
            yield "    # Nothing of it was seen: a guess from where this repository lives."
        elif not _is_of_the_owner(signer, project):
            yield "    # It signed an image, as all who can push there can: keep it if you know it."
        yield f"    issuer: {scalar(signer.issuer)}"
        yield f"    identity: {scalar(signer.pattern)}"
        named = IdentityPattern(signer.pattern).repository
        if signer.source_repository not in {None, named}:
            yield f"    source-repository: {scalar(signer.source_repository or '')}"
        if project.trusted_root is not None:
            yield "    root: own"
    if project.trusted_root is not None:
        file, digest = project.trusted_root
        yield "trusted-roots:"
        yield "  own:"
        yield f"    file: {scalar(file)}"
        yield f"    sha256: {scalar(digest)}"


def _entry(
    image: SeenImage,
    names: Mapping[Seen, str],
    project: Project,
    asked: Sequence[tuple[str, str]],
) -> Iterator[str]:
    demands = [*_demands(image, names, asked), *_provenance(image, names)]
    if demands:
        yield from demands
    elif not image.evidence and _is_own(image, project) and project.expected is not None:
        yield f"    # {image.note}"
        yield f"    signature: {{by: [{names[project.expected]}]}}"
    else:
        yield f"    # {image.note or 'What is signed cannot be demanded'}: only its digest holds it"
        yield "    digest: required"


def _demands(
    image: SeenImage, names: Mapping[Seen, str], asked: Sequence[tuple[str, str]]
) -> Iterator[str]:
    for kind, line in asked:
        by = ", ".join(sorted({names[signer] for signer in image.evidence.get(kind, ())}))
        if by:
            yield f"    {line % f'[{by}]'}"


def _provenance(image: SeenImage, names: Mapping[Seen, str]) -> Iterator[str]:
    by = sorted({names[signer] for signer in image.evidence.get("provenance", ())})
    builds = {(any_run(_next_tag(builder)), source) for builder, source in image.builds}
    if not by or len(builds) != 1:
        return  # by more than one builder: which is meant is for people to say
    builder, source = builds.pop()
    yield "    provenance:"
    yield f"      by: [{', '.join(by)}]"
    yield f"      builder: {scalar(builder)}"
    if source:
        yield f"      source: {scalar(source)}"


def _is_own(image: SeenImage, project: Project) -> bool:
    path = image.repository.partition("/")[2]
    return project.owns is not None and f"{path}/".lower().startswith(f"{project.owns}/".lower())


def _is_of_the_owner(signer: SeenSigner, project: Project) -> bool:
    """Whether a signer is of the owner that this repository is of, at the same host."""
    if project.expected is None:
        return False
    owner = "/".join(project.expected.identity.split("/")[:_OWNER])
    return signer.issuer == project.expected.issuer and signer.identity.startswith(f"{owner}/")


def _pass(project: Project) -> Iterator[str]:
    if project.keyless:
        yield "pass:"
        yield "  environment: production"
        yield "  valid-for: 24h"
        yield "  sign: {keyless: true}"
        return
    if project.pass_key is not None:
        yield "pass:"
        yield "  environment: production"
        yield "  valid-for: 24h"
        yield f"  sign: {{key: {scalar(private_half(project.pass_key))}}}  # never in a build job"
        return
    yield "# A pass is what the deploy step demands. `gate keygen gate` makes the key that signs"
    yield "# it. Then run `gate init --force`, or uncomment:"
    yield "# pass:"
    yield "#   environment: production"
    yield "#   valid-for: 24h"
    yield "#   sign: {key: gate.key}  # a protected key that build jobs cannot read, or a kms URI"


def private_half(public: str) -> str:
    """Return where the private half of a public key's file is, as `gate keygen` writes both."""
    return f"{public.removesuffix('.pub')}.key"
