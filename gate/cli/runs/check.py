"""`gate check` and `gate admit` from their options to their report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gate import __version__
from gate.checks import CHECKS
from gate.cli.reads.at_time import parse_time
from gate.cli.reads.baseline import policy_settings
from gate.cli.reads.inputs import Inputs
from gate.cli.runs.prepare import GivenRun, Options, prepare
from gate.cli.writes.files import make_room, make_room_for_passes, write_whole
from gate.cli.writes.progress import telling
from gate.cli.writes.seen_lists import SeenLists
from gate.cli.writes.standard_error import warn
from gate.errors import GateError, UsageError
from gate.manifests.manifests import Manifests
from gate.model.artifact import NamedArtifact
from gate.model.image import ResolvedImage
from gate.model.lines import Lines
from gate.model.link_files import LinkFolder
from gate.model.records import dataclass
from gate.model.report import Deployment, Excluded, Linted, PassReport, PassState, Report
from gate.model.review import Review
from gate.pipeline.deploy import demand_objects, deployment_of
from gate.pipeline.review import review
from gate.pipeline.revocations import revocations_of
from gate.policy.document import Policy
from gate.registry.route import RoutedRegistry
from gate.reports.assemble import assemble
from gate.trust.verify import AttachedVerifier

if TYPE_CHECKING:
    from gate.pipeline.merge import MergedShards
    from gate.registry.elsewhere.github_deployments import GitHubDeployments


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdict, what was judged, and what it was judged with."""

    policy: Policy
    inputs: Inputs
    manifests: Manifests | None
    """Where they are written pinned. Elsewhere they are let go before the report is made."""
    review: Review
    registry: RoutedRegistry
    verifier: AttachedVerifier

    def report(
        self,
        command: str,
        passed: PassReport | None = None,
        *,
        deployment: Deployment | None = None,
    ) -> Report:
        """Return the report of the run."""
        report = assemble(
            self.review,
            command=command,
            tool_version=__version__,
            policy_path=self.policy.path,
            passed=passed,
            linted=self._linted(),
            deployment=deployment,
            excluded=Excluded.of(self.inputs.excluded),
            rendered=self.inputs.rendered,
        )
        return replace(report, lines=Lines(self.inputs.files))

    def _linted(self) -> Linted:
        if self.policy.manifests is None:
            return Linted()
        from gate.lint.settings import lint_settings  # only where something is linted

        rules = lint_settings(self.policy.manifests).actions()
        return Linted(
            files=tuple(name for name, _ in self.inputs.files), rules=tuple(sorted(rules))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A report, and the error of a pass that could not be signed or stored."""

    report: Report
    error: GateError | None = None


def run_check(
    options: Options,
    *,
    as_of: str | None = None,
    dry_run: bool = False,
    folder: str | None = None,
    renew: bool = False,
    statement: str | None = None,
    merge: Callable[[GivenRun], MergedShards] | None = None,
) -> Checked:
    """Judge a release and, if it is cleared, sign its pass. Raises GateError.

    `statement` is the file for what a dry run would sign: unsigned statements, one a line.
    """
    if statement is not None:
        _prepare_statement(Path(statement), options, dry=dry_run or as_of is not None)
    if folder is not None:
        make_room_for_passes(Path(folder))
    at = parse_time(as_of) if as_of is not None else None
    judged = judge(options, at or datetime.now(UTC).replace(microsecond=0), merge=merge)
    with closing(judged.registry):
        passed, error = _pass(judged, dry_run=dry_run or at is not None, folder=folder, renew=renew)
    if statement is not None and passed.statements:
        stated = "".join(f"{text}\n" for text in passed.statements)
        write_whole(Path(statement), stated.encode())
    return Checked(report=judged.report("check", passed), error=error)


def _pass(
    judged: Judged, *, dry_run: bool, folder: str | None, renew: bool
) -> tuple[PassReport, GateError | None]:
    """Return what became of the pass, and the error where it could not be signed or stored."""
    if judged.policy.passes is None:
        note = "the policy has no pass section"
        return PassReport(state=PassState.NOT_ASKED, note=note), None
    # Only where the policy signs passes.
    from gate.cli.reads.pass_signer import CODE, REMEDY, same_signer
    from gate.cli.runs.issue import issue

    if warning := same_signer(judged.policy):  # the pass will open nothing
        warn(warning, CODE, REMEDY)
    issued = issue(
        judged.review,
        judged.policy,
        judged.policy.passes,
        judged.registry,
        roots=judged.verifier.roots,
        dry_run=dry_run,
        folder=folder,
        renew=renew,
    )
    return issued.report, issued.error


def run_admit(
    options: Options, *, pinned: str | None = None, deployments: GitHubDeployments | None = None
) -> Report:
    """Judge a release by the deploy policy, and record what was admitted. Raises GateError."""
    if pinned is not None:
        _prepare(Path(pinned), options)
    now = datetime.now(UTC).replace(microsecond=0)
    judged = judge(
        options, now, digests_required=pinned is None, deploys=True, pins=pinned is not None
    )
    with closing(judged.registry):
        report = judged.report("admit", deployment=deployment_of(judged.review, judged.policy))
        if pinned is not None and judged.manifests is not None and report.cleared:
            from gate.cli.writes.pinned import write_pinned

            write_pinned(judged.review, judged.manifests, pinned)
        if deployments is not None and report.cleared:
            from gate.cli.runs.deployments import record_deployments

            record_deployments(judged.review, judged.policy, judged.registry, deployments)
    return report


def _prepare_statement(path: Path, options: Options, *, dry: bool) -> None:
    """Make room for what a dry run would sign. Raises UsageError."""
    if not dry:
        raise UsageError(
            "statement-without-dry-run",
            "--statement writes what would be signed, and this is no dry run",
            remedy="give --dry-run too, or --pass-file for what was signed",
        )
    make_room(path, options.inputs())


def _prepare(pinned: Path, options: Options) -> None:
    """Make room for the manifests to apply. Raises UsageError."""
    make_room(pinned, options.inputs())
    if not options.paths:
        raise UsageError(
            "nothing-to-pin",
            "--pinned writes manifests with their images pinned, and no manifest was named",
            remedy="name the manifests to apply, or leave --pinned out",
        )


def judge(
    options: Options,
    now: datetime,
    *,
    digests_required: bool = False,
    deploys: bool = False,
    whole: bool = True,
    pins: bool = False,
    merge: Callable[[GivenRun], MergedShards] | None = None,
) -> Judged:
    """Read the policy and the manifests, and judge the release. Raises GateError.

    `deploys` tells that this is the deploy step, whose policy asks for the pass. Without
    `whole` an image or artifact is judged alone: no object need be there that a pass binds, and
    all that was found out about it is kept. The registry stays open: the caller closes it. `merge`
    returns what shards of this run saw, and then no registry is asked what is attached to images.
    """
    given = prepare(
        options, now, deploys=deploys, digests_required=digests_required, contents=whole
    )
    policy, manifests, registry = given.policy, given.manifests, given.registry
    if whole and all(isinstance(one.found, ResolvedImage) for one in given.artifacts):
        # An artifact that was not read blocks by itself.
        demand_objects(policy, (*given.names, *map(_reference, given.artifacts)), manifests)
    links = tuple(_links(options.links))
    looked = None if merge is None else merge(given)
    seen = SeenLists.of(options.access.environ, Path.home())
    with telling() as progress:
        judged = review(
            manifests,
            given.names,
            policy,
            registry=registry if looked is None else looked.registry,
            verifier=given.verifier,
            rules=policy_settings(policy),
            now=now,
            digests_required=digests_required,
            sparing=deploys,
            links=links,
            progress=progress,
            revocations=revocations_of(policy, registry, given.verifier, now, seen),
            beside=() if looked is None else looked.faults,
            keeps=not whole,
            artifacts=given.artifacts,
        )
    _warn(registry)
    if links:
        _warn_unasked(judged, policy)
    return Judged(
        policy=policy,
        inputs=given.inputs,
        manifests=manifests if pins else None,
        review=judged,
        registry=registry,
        verifier=given.verifier,
    )


def _reference(artifact: NamedArtifact) -> str:
    return str(artifact.reference)


def _links(folders: Sequence[str]) -> Iterator[LinkFolder]:
    for folder in folders:
        from gate.cli.reads.links import read_links

        yield read_links(folder)


def _warn_unasked(judged: Review, policy: Policy) -> None:
    """Tell that links prove nothing, where none of the entries that apply asks for them."""
    entries = (policy.entry(image.reference) for image in judged.images if image.reference)
    asked = (one for entry in entries if entry for one in entry.checks.items())
    if any(CHECKS[name].reads_links(params) for name, params in asked):
        return
    warn(
        "--links proves nothing here, because no image entry of the policy that applies to an "
        "image of this run has a layout with a `file`",
        "links-unasked",
        "add `layout: {file: …, keys: […]}` to the entry, or drop --links",
    )


def _warn(registry: RoutedRegistry) -> None:
    """Tell of hosts that will soon refuse us, before they do."""
    for host, left in registry.client.nearly_used():
        warn(
            f"{host} will answer {left} more requests and then refuse",
            "rate-limit-near",
            "log in there for a higher limit, or read from a mirror",
        )
