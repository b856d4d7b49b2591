"""`gate admit --deployment-record`: GitHub is told what was admitted."""

from __future__ import annotations

from typing import Final

from gate.cli.reads.places import Access, github_api
from gate.cli.writes.standard_error import tell
from gate.errors import RegistryError, UsageError
from gate.model.expressions import expression
from gate.model.review import Review
from gate.pipeline.deployed import deployment_records
from gate.policy.document import Policy
from gate.registry.elsewhere.github_deployments import GitHubDeployments
from gate.registry.route import RoutedRegistry
from gate.reports.neutral import terminal

_PLACE: Final = expression(r"([A-Za-z0-9][A-Za-z0-9-]{0,38})(?:/([A-Za-z0-9_.-]{1,100}))?")
_CLUSTER: Final = expression(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}")


def deployments_of(place: str, cluster: str | None, access: Access) -> GitHubDeployments:
    """Return where the call wants deployments recorded. Raises UsageError; nothing is asked."""
    form = _PLACE.fullmatch(place)
    if form is None or (cluster is not None and not _CLUSTER.fullmatch(cluster)):
        wrong = f"--deployment-record {place!r}" if form is None else f"--cluster {cluster!r}"
        raise UsageError(
            "deployment-record-option",
            f"{wrong} names no {'organization of GitHub' if form is None else 'cluster'}",
            remedy="write ORGANIZATION or ORGANIZATION/REPOSITORY, such as acme/shop, and a name "
            "of the cluster such as --cluster production-eu",
        )
    api, token = github_api(access)
    if not token:
        raise UsageError(
            "deployment-record-option",
            f"--deployment-record writes to {api}, and the environment has no token for it",
            remedy="give the step GITHUB_TOKEN, with `permissions: {artifact-metadata: write}`; "
            "for an own server that GITHUB_API_URL does not name, GH_ENTERPRISE_TOKEN",
        )
    return GitHubDeployments(
        api=api,
        token=token,
        organization=form[1],
        repository=form[2] or "",
        cluster=cluster or "",
    )


def record_deployments(
    review: Review, policy: Policy, registry: RoutedRegistry, place: GitHubDeployments
) -> None:
    """Record every place of a release that was admitted, and say on standard error how it went.

    A record that cannot be written is a warning: what was admitted stays admitted, and nothing
    else is. After some failures in a row nothing more is tried.
    """
    records = deployment_records(review, policy)
    written, failed, row = 0, [], 0
    for record in records:
        try:
            registry.client.record_deployment(place, record)
        except RegistryError as error:
            failed.append(error)
            row += 1
            if row == registry.client.configuration.bounds.failures:
                break
        else:
            written, row = written + 1, 0
    said = f"{written} of {len(records)} deployments are recorded for {place.organization}"
    if not records:
        said = "no deployment is recorded: the release has no image that a pass admits"
    if failed:
        said += f": {failed[0].problem} [deployment-not-recorded]\n  → {failed[0].remedy}"
    tell("".join(f"{terminal(line)}\n" for line in f"gate: {said}".split("\n")))
