"""Tags of an object that is about to be stored, replaced by their digests: the mutating twin.

It changes images and nothing else, and it refuses nothing: what it leaves as it is, and what it
writes, the validating webhook judges after it. https://www.rfc-editor.org/rfc/rfc6902
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from gate.admission.answer import MAX_WARNINGS, warning_of
from gate.admission.decision import Objection
from gate.admission.request import V1, AdmissionRequest, Operation
from gate.admission.tags import Said, TagBook
from gate.errors import DocumentError
from gate.manifests.images import image_uses
from gate.manifests.stored import stored_object
from gate.manifests.written import pinned_field
from gate.model.document import Path
from gate.model.image import Digest, ImageReference
from gate.model.kubernetes import ImageUse
from gate.model.records import dataclass
from gate.model.words import clipped
from gate.pipeline.plan import judge_names, named_images
from gate.policy.document import Policy

_ANNOTATED: Final = 2_000
_LATE: Final = "its registry did not answer before the deadline of the webhook"


@dataclass(frozen=True, slots=True)
class TagUse:
    """A tag that a request brings, and where it is written."""

    use: ImageUse
    reference: ImageReference
    kept: Digest | None = None
    """The digest that the stored object has for the same name and tag in the same field."""


@dataclass(frozen=True, slots=True)
class PinnedObject:
    """What was made of an object's tags."""

    operations: tuple[dict[str, Any], ...] = ()
    """Of a JSON patch."""
    pinned: tuple[str, ...] = ()
    """Each image as it is now written."""
    left: tuple[Objection, ...] = ()
    """Why a tag stays: the validating webhook then refuses it."""


class Pinner:
    """Pins the tags of requests by one policy. Of one event loop."""

    def __init__(self, policy: Policy, tags: TagBook, clock: Callable[[], datetime]) -> None:
        """Take the policy, of whose images alone registries are asked."""
        self._policy = policy
        self._tags = tags
        self._clock = clock

    async def pin(self, asked: AdmissionRequest, seconds: float) -> PinnedObject:
        """Return what to change in the object, after at most `seconds`."""
        uses = tuple(tag_uses(asked, self._policy, self._clock()))
        wanted = {one.reference for one in uses if one.kept is None}
        tasks = {each: asyncio.create_task(self._tags.digest(each)) for each in wanted}
        if tasks:
            await asyncio.wait(tasks.values(), timeout=seconds)
        said: dict[ImageReference, Said] = {}
        for reference, task in tasks.items():
            if task.done():
                said[reference] = task.result()
            else:
                task.cancel()
                said[reference] = Objection(
                    "admission-deadline", f"{reference}: {_LATE}", "try again", str(reference)
                )
        return pinned_object(uses, said)


def tag_uses(asked: AdmissionRequest, policy: Policy, now: datetime) -> Iterator[TagUse]:
    """Yield each tag that a request brings and the policy covers.

    A field that an update leaves as it is stays so: perhaps nobody may change it. One in which an
    update writes the tag whose digest is stored there keeps that digest: who applies the same
    manifest again starts no rollout.
    """
    if asked.operation not in (Operation.CREATE, Operation.UPDATE) or asked.object is None:
        return
    before = _images(asked.old, policy) if asked.operation is Operation.UPDATE else {}
    uses = _images(asked.object, policy)
    images = named_images(uses.values(), ())
    judged = judge_names(images, policy, now, digests_required=False)
    stopped = {r.question.subject for r in judged if r.blocks}
    for image in images:
        if image.reference is None or image.reference.digest or image.name in stopped:
            continue
        for use in image.uses:
            old = before.get(use.path)
            if old is None or old.image != use.image:
                yield TagUse(use, image.reference, _kept(old, image.reference))


def _images(value: dict[str, Any] | None, policy: Policy) -> dict[Path, ImageUse]:
    """Return the images of one object by their fields; none of what is no object."""
    positions = policy.manifests.positions if policy.manifests is not None else ()
    try:
        objects = stored_object(value or {}, positions).objects
    except ValueError:
        return {}
    return {use.path: use for use in image_uses(objects, positions).uses}


def _kept(old: ImageUse | None, reference: ImageReference) -> Digest | None:
    if old is None:
        return None
    try:
        stored = ImageReference.parse(old.image)
    except ValueError:
        return None
    same = (stored.name, stored.tag) == (reference.name, reference.tag)
    return stored.digest if same else None


def pinned_object(uses: tuple[TagUse, ...], said: Mapping[ImageReference, Said]) -> PinnedObject:
    """Return the patch that writes each digest which is known."""
    operations, pinned = [], []
    left: dict[Objection, None] = {}
    for one in uses:
        digest = one.kept or said[one.reference]
        if isinstance(digest, Objection):
            left[digest] = None
            continue
        text = f"{one.use.image}@{digest}"
        try:
            path, new = pinned_field(one.use, text)
        except DocumentError as error:
            left[Objection(error.code, error.problem, error.remedy, one.use.image)] = None
            continue
        # A digest's own field need not be there yet, and `add` replaces one that is.
        operations.append({"op": "add", "path": _pointer(path), "value": new})
        pinned.append(text)
    return PinnedObject(tuple(operations), tuple(sorted(set(pinned))), tuple(left))


def _pointer(path: Path) -> str:
    """Return `/spec/containers/0/image`, RFC 6901."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in path)


def patch_of(uid: str, made: PinnedObject) -> dict[str, Any]:
    """Return the AdmissionReview that answers: always allowed, with a patch where there is one."""
    response: dict[str, Any] = {"uid": uid, "allowed": True}
    if made.operations:
        response["patchType"] = "JSONPatch"
        response["patch"] = base64.b64encode(json.dumps(made.operations).encode()).decode()
        response["auditAnnotations"] = {"pinned": clipped(",".join(made.pinned), _ANNOTATED)}
    if made.left:
        response["warnings"] = [warning_of(one) for one in made.left[:MAX_WARNINGS]]
    return {"apiVersion": V1, "kind": "AdmissionReview", "response": response}
