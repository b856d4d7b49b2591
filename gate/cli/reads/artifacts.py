"""Artifacts that a call names by `oci://`: charts and bundles of manifests in registries.

What an artifact holds is judged as the folder that it is when it is unpacked. See
docs/decisions/0055-an-artifact-is-one-more-subject.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from gate.errors import RegistryError, UsageError
from gate.model.artifact import NamedArtifact
from gate.model.evidence import Unavailable
from gate.model.image import ImageReference
from gate.model.location import IN_REGISTRY
from gate.model.records import dataclass
from gate.model.wrong_reference import wrong_reference
from gate.pipeline.plan import judge_names, named_images
from gate.policy.document import Policy
from gate.registry.route import RoutedRegistry

if TYPE_CHECKING:
    from gate.registry.packed import Packed


@dataclass(frozen=True, slots=True)
class OpenedArtifact:
    """An artifact, and its content where it was had."""

    artifact: NamedArtifact
    packed: Packed | None = None

    @property
    def name(self) -> str:
        """How reports call it."""
        return f"{IN_REGISTRY}{self.artifact.reference}"


def artifacts_in(paths: Sequence[str]) -> tuple[ImageReference, ...]:
    """Return the artifacts among the paths of a call, each once. Raises UsageError."""
    named = (path.removeprefix(IN_REGISTRY) for path in paths if path.startswith(IN_REGISTRY))
    return tuple(dict.fromkeys(map(_parse, named)))


def _parse(text: str) -> ImageReference:
    try:
        reference = ImageReference.parse(text)
    except ValueError as error:
        problem, remedy = wrong_reference(text)
        if "+" in text:
            remedy = "write _ in place of +, as helm does in the tag of a version"
        raise UsageError("artifact-malformed", f"oci://: {problem}", remedy=remedy) from error
    if reference.tag is None and reference.digest is None:
        raise UsageError(
            "artifact-malformed",
            f"{IN_REGISTRY}{text} has neither a tag nor a digest",
            remedy=f"name one version of it, such as {IN_REGISTRY}{text}:1.4",
        )
    return reference


def open_artifacts(
    references: Sequence[ImageReference],
    policy: Policy,
    registry: RoutedRegistry,
    now: datetime,
    *,
    digests_required: bool,
) -> Iterator[OpenedArtifact]:
    """Yield each artifact with its content. One that its name blocks is not asked for."""
    for reference in references:
        artifact = NamedArtifact(reference=reference)
        named = named_images((), (), (artifact,))
        if any(
            r.blocks for r in judge_names(named, policy, now, digests_required=digests_required)
        ):
            yield OpenedArtifact(artifact)
            continue
        try:
            packed = registry.packed(reference)
        except RegistryError as error:
            found = Unavailable(str(reference), error.code, error.problem, error.remedy)
            yield OpenedArtifact(NamedArtifact(reference=reference, found=found))
        else:
            yield OpenedArtifact(NamedArtifact(reference=reference, found=packed.image), packed)
