"""`gate audit` from its options to its report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gate import __version__
from gate.cli.reads.clusters import cluster_access, kubeconfig_access
from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import Access, open_registry
from gate.cli.writes.progress import telling
from gate.cli.writes.seen_lists import SeenLists
from gate.cluster.kubeconfig import ClusterAccess
from gate.cluster.objects import ClusterClient
from gate.cluster.runs import judged
from gate.errors import UsageError
from gate.lint.settings import lint_settings
from gate.manifests.manifests import Manifests
from gate.manifests.stored import stored_object
from gate.model.kubernetes import ImagePosition
from gate.model.records import dataclass
from gate.model.report import Report
from gate.pipeline.audit import audit
from gate.pipeline.deploy import demand_pass
from gate.pipeline.revocations import revocations_of
from gate.policy.manifests import ManifestsSection
from gate.reports.assemble import assemble
from gate.trust.policy import verifier_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """What a person asked for. Nothing here says what is allowed."""

    kubeconfig: str | None
    """None for the cluster that gate runs in, as the account of its Pod."""
    context: str | None = None
    namespaces: Sequence[str] = ()
    policy: str | None = None
    policy_digest: str | None = None
    access: Access = field(default_factory=Access)


def run_audit(options: AuditOptions) -> Report:
    """Judge what runs in a cluster by the policy of its door. Raises GateError."""
    policy = find_policy(options.policy, options.policy_digest)
    demand_pass(policy, found=options.policy is None)
    now = datetime.now(UTC).replace(microsecond=0)
    rules = None if policy.manifests is None else lint_settings(policy.manifests)
    with closing(ClusterClient(_access(options))) as cluster:
        manifests = _manifests(judged(cluster.workloads(options.namespaces)), policy.manifests)
    if not manifests.objects:
        raise UsageError(
            "nothing-to-judge",
            "nothing runs in the cluster, or in the namespaces that were named",
            remedy="name namespaces that run something, or none for all of the cluster",
        )
    registry, _ = open_registry(options.access, (), ())
    verifier = verifier_of(policy, now, registry.client.configuration.ca_file)
    seen = SeenLists.of(options.access.environ, Path.home())
    with closing(registry), telling() as progress:
        review = audit(
            manifests,
            policy,
            registry=registry,
            verifier=verifier,
            rules=rules,
            now=now,
            progress=progress,
            revocations=revocations_of(policy, registry, verifier, now, seen),
        )
    report = assemble(review, command="audit", tool_version=__version__, policy_path=policy.path)
    # Objects of a cluster are in no files.
    return replace(report, counts=replace(report.counts, files=0, documents=0))


def _access(options: AuditOptions) -> ClusterAccess:
    if options.kubeconfig is None:
        return cluster_access(None, options.access.environ)
    return kubeconfig_access(options.kubeconfig, options.context)


def _manifests(objects: Iterable[dict[str, Any]], section: ManifestsSection | None) -> Manifests:
    """Return the objects of a cluster as one set; reports name each by where it is."""
    positions = section.positions if section else ()
    each = list(_each(objects, positions, (section and section.patches) or ()))
    return Manifests(
        tuple(one for m in each for one in m.objects),
        tuple(finding for m in each for finding in m.findings),
        len(each),
        len(each),
        positions,
        stored=True,
    )


def _each(
    objects: Iterable[dict[str, Any]],
    positions: tuple[ImagePosition, ...],
    patches: tuple[str, ...],
) -> Iterator[Manifests]:
    for value in objects:
        metadata = value.get("metadata")
        named = metadata if isinstance(metadata, dict) else {}
        place = f"{named.get('namespace')}/{value['kind']}/{named.get('name')}"
        yield stored_object(value, positions, patches=patches, place=place)
