"""What a run of `gate check` or `gate admit` is about, before anything is asked of an image."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from gate import __version__
from gate.cli.reads.artifacts import OpenedArtifact, artifacts_in, open_artifacts
from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.inputs import Inputs
from gate.cli.reads.places import Access, open_registry
from gate.cli.reads.render_command import AS_IT_LIES, Rendering
from gate.cli.reads.rendered import collect_rendered
from gate.manifests.manifests import Manifests
from gate.model.artifact import NamedArtifact
from gate.model.image import Digest
from gate.model.location import IN_REGISTRY
from gate.model.records import dataclass
from gate.model.review import ReviewedImage
from gate.pipeline.deploy import demand_pass
from gate.pipeline.plan import named_images
from gate.policy.document import Policy
from gate.registry.route import RoutedRegistry
from gate.trust.policy import verifier_of
from gate.trust.verify import AttachedVerifier

if TYPE_CHECKING:
    from gate.policy.manifests import ManifestsSection


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a person or a pipeline asked for. Nothing here says what is allowed."""

    paths: Sequence[str] = ()
    images: Sequence[str] = ()
    policy: str | None = None
    policy_digest: str | None = None
    access: Access = field(default_factory=Access)
    bundles: Sequence[str] = ()
    links: Sequence[str] = ()
    rendering: Rendering = AS_IT_LIES

    def inputs(self) -> tuple[str, ...]:
        """Return every file that the call names to be read."""
        return (
            *self.paths,
            *self.bundles,
            *self.rendering.values,
            *((self.policy,) if self.policy else ()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRun:
    """What a run is about, before anything is asked of an image."""

    options: Options
    policy: Policy
    inputs: Inputs
    manifests: Manifests
    names: tuple[str, ...]
    """Images that the call names."""
    registry: RoutedRegistry
    verifier: AttachedVerifier
    now: datetime
    artifacts: tuple[NamedArtifact, ...] = ()
    """Artifacts that the call names; what is in them is among the inputs."""

    def images(self) -> tuple[ReviewedImage, ...]:
        """Return each image and artifact of the run once, sorted by its name."""
        uses, _ = self.manifests.images()
        return tuple(named_images(uses, self.names, self.artifacts))

    def plan(self, of: int) -> Digest:
        """Return what every shard of this run, in so many, has in common."""
        from gate.pipeline.shard import plan_digest

        return plan_digest(
            policy=self.policy.digest,
            roots=self.verifier.roots,
            tool=__version__,
            of=of,
            images=(image.name for image in self.images()),
            files=dict(self.inputs.files),
            bundles=self.registry.files,
        )


def prepare(
    options: Options,
    now: datetime,
    *,
    deploys: bool = False,
    digests_required: bool = False,
    contents: bool = True,
) -> GivenRun:
    """Read the policy and the manifests, and those in artifacts if `contents`. Raises GateError.

    Of images nothing is asked yet. The registry is open: the caller closes it.
    """
    policy = find_policy(options.policy, options.policy_digest)
    if deploys:
        demand_pass(policy, found=options.policy is None)
    version = policy.manifests.kubernetes_version if policy.manifests else None
    rendering = replace(options.rendering, kubernetes=version)
    references = artifacts_in(options.paths)
    with ExitStack() as opened:
        registry, names = open_registry(options.access, options.images, options.bundles)
        opened.callback(registry.close)
        artifacts, unpacked = [], []
        for one in open_artifacts(
            references, policy, registry, now, digests_required=digests_required
        ):
            artifacts.append(one.artifact)
            if contents:
                unpacked.append(_unpacked(one, policy, options, rendering))
        inputs = collect_rendered(
            [path for path in options.paths if not path.startswith(IN_REGISTRY)],
            sys.stdin.buffer,
            rendering,
            exclude=_excluded(policy),
            beside=unpacked,
        )
        given = GivenRun(
            options=options,
            policy=policy,
            inputs=inputs,
            manifests=_manifests(inputs, policy.manifests),
            names=names,
            registry=registry,
            verifier=verifier_of(policy, now, registry.client.configuration.ca_file),
            now=now,
            artifacts=tuple(artifacts),
        )
        opened.pop_all()
    return given


def _manifests(inputs: Inputs, section: ManifestsSection | None) -> Manifests:
    positions = section.positions if section else ()
    if not inputs.files and not inputs.findings:
        return Manifests((), (), files=0, documents=0, positions=positions)
    from gate.manifests.load import load_manifests  # a run may have no manifest

    return load_manifests(
        inputs.files,
        positions,
        patches=(section and section.patches) or (),
        found=inputs.findings,
        named=inputs.named,
    )


def _excluded(policy: Policy) -> Sequence[str]:
    return (policy.manifests and policy.manifests.exclude) or ()


def _unpacked(
    one: OpenedArtifact, policy: Policy, options: Options, rendering: Rendering
) -> Inputs | None:
    """Return the manifests in an artifact; None where it was not had."""
    if one.packed is None:
        return None
    from gate.cli.reads.unpacked import collect_unpacked  # only where a call names an artifact

    bounds = options.access.bounds
    return collect_unpacked(one.name, one.packed, bounds, rendering, exclude=_excluded(policy))
