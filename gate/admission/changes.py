"""What a request changes: nothing that is judged, or which images, and who runs them again.

Age counts where a workload is created or its images change (docs/decisions/0032). So it must be
known which images were there before. Two things say so, and neither can be forged by who
asks: the stored object that an update replaces, and the user of the request, whom the API server
authenticated. `ownerReferences` say nothing here: who creates a pod writes them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from gate.admission.request import AdmissionRequest, Operation
from gate.documents.same_json import is_same_json
from gate.manifests.images import image_uses
from gate.manifests.stored import stored_object
from gate.model.image import ImageReference
from gate.model.kubernetes import ImagePosition

_ACCOUNTS: Final = "system:serviceaccount:kube-system:"
CONTROLLERS: Final = frozenset(
    (
        # https://kubernetes.io/docs/reference/access-authn-authz/rbac/#controller-roles
        f"{_ACCOUNTS}cronjob-controller",
        f"{_ACCOUNTS}daemon-set-controller",
        f"{_ACCOUNTS}deployment-controller",
        f"{_ACCOUNTS}job-controller",
        f"{_ACCOUNTS}replicaset-controller",
        f"{_ACCOUNTS}replication-controller",
        f"{_ACCOUNTS}statefulset-controller",
        # All of them, where the controller manager uses one account.
        "system:kube-controller-manager",
    )
)
"""Users that create only what a template says that was admitted before."""
_UNJUDGED: Final = frozenset(
    (
        *("managedFields", "resourceVersion", "generation", "uid", "selfLink"),
        *("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"),
        *("finalizers", "ownerReferences"),
    )
)
"""Metadata that nothing judges: no image, no rule and no setting of a pod is there."""


def is_no_change(asked: AdmissionRequest) -> bool:
    """Whether an update leaves everything that is judged as it is stored.

    To remove a finalizer, to write a status, or to adopt a pod is no change. So nothing that
    was stored before gate came, or whose pass has ended, is kept from being deleted. A label, an
    annotation or any field of `spec` is a change.
    """
    return (
        asked.operation is Operation.UPDATE
        and asked.object is not None
        and asked.old is not None
        and is_same_json(_judged_part(asked.object), _judged_part(asked.old))
    )


def _judged_part(value: dict[str, Any]) -> dict[str, Any]:
    kept = {key: part for key, part in value.items() if key != "status"}
    metadata = kept.get("metadata")
    if isinstance(metadata, dict):
        kept["metadata"] = {k: v for k, v in metadata.items() if k not in _UNJUDGED}
    return kept


def runs_again(asked: AdmissionRequest, controllers: Collection[str]) -> bool:
    """Whether a controller creates this from a template that was admitted."""
    return asked.operation is Operation.CREATE and asked.user in controllers


def images_before(asked: AdmissionRequest, positions: tuple[ImagePosition, ...]) -> frozenset[str]:
    """Return the pinned names of the images that the stored object of an update has."""
    if asked.operation is not Operation.UPDATE or asked.old is None:
        return frozenset()
    try:
        old = stored_object(asked.old, positions)
    except ValueError:
        return frozenset()  # nothing is known to have been there before
    uses = image_uses(old.objects, positions).uses
    return frozenset(filter(None, map(pinned, {use.image for use in uses})))


def pinned(image: str) -> str | None:
    """Return `registry/repository@sha256:…`; None for what is no such name."""
    try:
        reference = ImageReference.parse(image)
    except ValueError:
        return None
    return f"{reference.name}@{reference.digest}" if reference.digest is not None else None
