"""The image was built from the expected source by a builder that the policy trusts.

Why: a signature says who vouches for an image. Provenance says what it was made of, and
where, so that an image built on a laptop or from a fork is told from a release.

Passes when: `at-least` of `by` attest SLSA provenance (0.2 or 1) of the image that says all
that is asked: `builder` (or a builder of `levels` of at least `minimum-level`, which are the
policy's own judgement of each: a builder's own id decides, else the lowest of the patterns that
it is), and where given `source`, `ref`, `entry-point` and `build-type`. In patterns `*` crosses
neither `/` nor `@`, and is never `.` or `..`.

The source is what the build's parameters say. Tekton Chains has it among the resolved
dependencies, as an input that the tasks of the run named: it is taken from there with
`source-from: resolved-dependencies`, and where the policy names a builder of Tekton Chains
(`https://tekton.dev/chains/v2`) in full. A run with two such inputs states no source.

Remedy: build the image in the pipeline that the policy names, and have it attest provenance.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from gate.checks.demand.base import Check, SignedParams, always
from gate.checks.demand.codes import shortfall_pages
from gate.checks.demand.counting import judge
from gate.checks.demand.shortfall import Refused, Shortfalls, Sought, clipped
from gate.model.clock import is_ahead
from gate.model.code_page import CodePage
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.predicates import Provenance
from gate.model.verdict import Outcome, Severity
from gate.policy.build_runs import any_run, run_of
from gate.policy.fields import After, Sized, written
from gate.policy.glob import fits
from gate.predicates import PROVENANCE_TYPES

_WRONG_BUILDER: Final = "provenance-wrong-builder"
_WRONG_SOURCE: Final = "provenance-wrong-source"
_TEKTON: Final = "https://tekton.dev/chains/"
_REMEDY: Final = "build the image in the pipeline that the policy names, with provenance"

_SOUGHT: Final = Sought(
    codes=Shortfalls(
        absent="provenance-absent",
        incomplete="provenance-incomplete",
        not_verified="provenance-not-verified",
        too_few="provenance-too-few",
        unreadable="provenance-unreadable",
        unsigned="provenance-unsigned",
        wrong_predicate="provenance-wrong-predicate",
        wrong_signer="provenance-wrong-signer",
        wrong_subject="provenance-wrong-subject",
    ),
    noun="SLSA provenance",
    kind=Provenance,
    types=PROVENANCE_TYPES,
    remedy=_REMEDY,
    of_artifact="push {name} from the pipeline that the policy names, with provenance",
)


def _plain(text: str) -> str:
    if not text.isprintable() or text != text.strip() or "**" in text or text in {"", "*"}:
        msg = "this is a literal, or one in which * replaces part of a segment"
        raise ValueError(msg)
    return text


def _unbroken(text: str) -> str:
    if " " in _plain(text):
        msg = "a URI or a git ref has no blank in it"
        raise ValueError(msg)
    return text


def _exact(text: str) -> str:
    if "*" in text or "://" not in text:
        msg = "a repository is a whole URL, such as https://github.com/acme/shop"
        raise ValueError(msg)
    return text.removeprefix("git+").removesuffix("/").removesuffix(".git")


Pattern = Annotated[str, After(_unbroken)]
Path = Annotated[str, After(_plain)]
Repository = Annotated[str, After(_exact)]
SlsaLevel = Annotated[int, Sized(ge=1, le=3)]


class SourceFrom(enum.StrEnum):
    """Where provenance says what was built."""

    PARAMETERS = "parameters"
    """Among the parameters of the build, which its trigger sets."""
    RESOLVED_DEPENDENCIES = "resolved-dependencies"
    """Among what Tekton Chains lists as inputs of the run, which the run's tasks name."""


class ProvenanceParams(SignedParams):
    """Who must say how the image was built, and what they must say."""

    builder: Pattern | None = None
    """The builder's id; `*` replaces part of a segment."""
    levels: Annotated[dict[Pattern, SlsaLevel], Sized(min_length=1)] | None = None
    """What SLSA build level the policy grants to each builder."""
    minimum_level: SlsaLevel | None = written(default=None, alias="minimum-level")
    """The least level, by `levels`, that is good enough."""
    source: Repository | None = None
    """The URL of the repository that was built."""
    ref: Pattern | None = None
    """The git ref that was built, such as `refs/tags/v*`."""
    entry_point: Path | None = written(default=None, alias="entry-point")
    """The workflow or build file that was run."""
    build_type: Pattern | None = written(default=None, alias="build-type")
    """The kind of build, a URI that the builder documents."""
    source_from: SourceFrom | None = written(default=None, alias="source-from")
    """Where `source` and `ref` are read; by default where the builder writes them."""

    def check_whole(self, context: Mapping[str, Any]) -> None:
        """Refuse what names no builder, or levels that decide nothing. Raises ValueError."""
        super().check_whole(context)
        if self.builder is None and self.levels is None:
            msg = "name a `builder`, or `levels` of builders with a `minimum-level`"
            raise ValueError(msg)
        if (self.levels is None) != (self.minimum_level is None):
            msg = "`levels` and `minimum-level` are given together or not at all"
            raise ValueError(msg)
        if self.levels and self.minimum_level and max(self.levels.values()) < self.minimum_level:
            msg = "no builder of `levels` reaches the `minimum-level`"
            raise ValueError(msg)


def _run(image: ImageEvidence, asked: ProvenanceParams, now: datetime) -> Outcome:
    return judge(CHECK, _SOUGHT, image, asked, lambda a: _refuse(a, asked, now), now=now)


def _refuse(
    attestation: VerifiedAttestation[Provenance], asked: ProvenanceParams, now: datetime
) -> Iterator[Refused]:
    """Yield what is wrong, the first thing first; the more was right, the higher the rank."""
    said = attestation.predicate
    if any(is_ahead(at, now) for at in (said.finished, attestation.signed_at)):
        yield Refused(
            "provenance-from-the-future",
            "the provenance is dated after this run began",
            "set the clock of the machine that builds",
        )
    if asked.levels is not None and asked.minimum_level is not None:
        level = level_of(said.builder, asked.levels)
        if level < asked.minimum_level:
            yield Refused(
                "provenance-level-too-low",
                clipped(
                    f"the policy gives the builder {said.builder!r} level {level}, and demands "
                    f"{asked.minimum_level}"
                ),
                _REMEDY,
                rank=1,
            )
    for rank, (code, what, wanted, stated) in enumerate(_pairs(asked, said), start=2):
        is_it = is_builder if code == _WRONG_BUILDER else matches
        if wanted is not None and not is_it(wanted, stated):
            yield Refused(
                code,
                clipped(f"the {what} is {stated or 'not stated'!r}; the policy demands {wanted}"),
                _remedy(code, wanted, said),
                rank=rank,
            )


def _remedy(code: str, wanted: str, said: Provenance) -> str:
    """Return the next step; for a form that the policy did not foresee, the line that takes it."""
    runs = any_run(said.builder)
    if (
        code == _WRONG_BUILDER
        and runs != said.builder
        and wanted.startswith(runs.partition("*")[0])
    ):
        return f"its builder is one run of GitHub Actions; `builder: {runs}` takes every run"
    sources = [source for source, _ in said.inputs]
    if code == _WRONG_SOURCE and sources == [wanted]:
        return "`source-from: resolved-dependencies` takes the input of the Tekton run for it"
    if code == _WRONG_SOURCE and len(sources) > 1:
        return clipped(f"let the run name one repository as its input, not {', '.join(sources)}")
    return _REMEDY


def _source(asked: ProvenanceParams, said: Provenance) -> tuple[str, str]:
    """Return the repository and ref that were built, read where the policy wants them read."""
    named = said.builder in {asked.builder, *(asked.levels or ())}
    tekton = named and said.builder.startswith(_TEKTON) and bool(said.inputs)
    if asked.source_from is SourceFrom.RESOLVED_DEPENDENCIES or (
        asked.source_from is None and tekton
    ):
        return said.inputs[0] if len(said.inputs) == 1 else ("", "")
    return said.source, said.ref


def _pairs(
    asked: ProvenanceParams, said: Provenance
) -> tuple[tuple[str, str, str | None, str], ...]:
    source, ref = _source(asked, said)
    return (
        (_WRONG_BUILDER, "builder", asked.builder, said.builder),
        (_WRONG_SOURCE, "source repository", asked.source, source),
        ("provenance-wrong-ref", "source ref", asked.ref, ref),
        ("provenance-wrong-build-type", "build type", asked.build_type, said.build_type),
        ("provenance-wrong-entry-point", "entry point", asked.entry_point, said.entry_point),
    )


def matches(pattern: str, text: str) -> bool:
    """Whether the text is the pattern, in which `*` matches anything but `/` and `@`.

    Where it is a whole segment it matches something, and never `.` or `..`; nor is it
    ever what cannot be printed.
    """
    if "*" not in pattern:
        return bool(text) and text == pattern
    if not text.isprintable() or not {".", ".."}.isdisjoint(text.split("/")):
        return False
    asked, given = pattern.split("/"), text.split("/")
    return len(asked) == len(given) and all(map(_fits, asked, given))


def _fits(pattern: str, segment: str) -> bool:
    if pattern == "*":
        return bool(segment) and "@" not in segment
    asked, given = pattern.split("@"), segment.split("@")
    return len(asked) == len(given) and all(map(fits, asked, given))


def level_of(builder: str, levels: Mapping[str, int]) -> int:
    """Return the level that the policy grants to a builder; 0 where it names none that it is.

    Its own id decides; else, of the patterns that it is, the lowest.
    """
    if builder in levels:
        return levels[builder]
    return min((n for p, n in levels.items() if is_builder(p, builder)), default=0)


def is_builder(pattern: str, builder: str) -> bool:
    """Whether a builder is the pattern. Each attempt of a run of GitHub Actions is that run.

    Example: `https://github.com/acme/shop/actions/runs/*` is also
    `https://github.com/acme/shop/actions/runs/17/attempts/2`.
    """
    return matches(pattern, builder) or matches(pattern, run_of(builder))


_CODES: Final[dict[str, CodePage]] = {
    **shortfall_pages(_SOUGHT),
    "provenance-from-the-future": CodePage(
        "The provenance is dated after this run began.",
        "One of two clocks is wrong. What is dated in the future never counts.",
        "Set the clock of the machine that builds.",
    ),
    "provenance-level-too-low": CodePage(
        "The policy grants this builder a lower SLSA level than it demands.",
        "`levels` says which build level each builder has, and `minimum-level` which is enough. "
        "A builder that no pattern names has level 0.",
        "Build with a builder of that level, or grant the level in the policy if the builder "
        "has it.",
    ),
    "provenance-wrong-builder": CodePage(
        "Another builder made the image.",
        "`builder` is the builder's id as the provenance states it; `*` stays inside one path "
        "segment. A builder that is one run of GitHub Actions is matched with all its attempts.",
        "Build the image with the builder that the policy names.",
    ),
    "provenance-wrong-source": CodePage(
        "The image was built from another repository.",
        "`source` is compared as a whole URL, without `git+` in front and `.git` behind.",
        "Build the image from the repository that the policy names.",
        "source: https://github.com/acme/shop",
    ),
    "provenance-wrong-ref": CodePage(
        "The image was built from another branch or tag.",
        "`ref` is a whole git ref, such as refs/heads/main or refs/tags/v*.",
        "Build the image from the ref that the policy names.",
    ),
    "provenance-wrong-build-type": CodePage(
        "The image was built in another way.",
        "`build-type` is a URI that the builder documents. It says what the other fields mean.",
        "Build the image with the build type that the policy names.",
    ),
    "provenance-wrong-entry-point": CodePage(
        "Another workflow or build file made the image.",
        "`entry-point` is the file that the builder was told to run.",
        "Build the image with the workflow that the policy names.",
    ),
}

CHECK: Final = Check(
    name="provenance",
    severity=Severity.HIGH,
    params=ProvenanceParams,
    run=_run,
    codes=_CODES,
    wants=frozenset(PROVENANCE_TYPES),
    monotone=always,
    makes=(
        "gate attest --type provenance{key} provenance.json {image}",
        "cosign attest --type slsaprovenance1 --predicate provenance.json{key} {image}",
    ),
)
