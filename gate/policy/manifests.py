"""The `manifests` section of a policy: what lint asks of the manifests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from gate.model.expressions import expression
from gate.model.kubernetes import ImagePosition
from gate.model.pods import NATIVE_GROUPS
from gate.policy.fields import After, Sized, once, written
from gate.policy.paths import PathPattern
from gate.policy.profile import NEWEST_KUBERNETES, Profile, known_version
from gate.policy.section import Section

_GROUP: Final = expression(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.ASCII)
_KIND: Final = expression(r"[A-Za-z][A-Za-z0-9]*", re.ASCII)
MAX_PATTERNS: Final = 100
"""The most patterns of `exclude`, each compared with every path, and the most names of files and
kinds."""


def _patterns(texts: tuple[str, ...]) -> tuple[str, ...]:
    for text in once(texts):
        PathPattern(text)
    return texts


RuleNames = Annotated[tuple[str, ...], Sized(min_length=1), After(once)]
PathPatterns = Annotated[tuple[str, ...], Sized(min_length=1, max_length=MAX_PATTERNS)]
PathNames = Annotated[
    tuple[Annotated[str, Sized(min_length=1, max_length=1024)], ...],
    Sized(min_length=1, max_length=MAX_PATTERNS),
]
ParameterValue = bool | int | str | tuple[str, ...]


def _patch_kind(text: str) -> str:
    group, _, kind = text.rpartition("/")
    if (group and group in NATIVE_GROUPS) or group == "apps.openshift.io":
        msg = f"the pods of {text} are whole: only a custom kind can be a patch"
        raise ValueError(msg)
    if "." not in group or not _KIND.fullmatch(kind) or not _GROUP.fullmatch(group):
        msg = "a kind is written with its API group: example.org/Broker"
        raise ValueError(msg)
    return text


PatchKinds = Annotated[
    tuple[Annotated[str, Sized(max_length=320), After(_patch_kind)], ...],
    Sized(min_length=1, max_length=MAX_PATTERNS),
    After(once),
]


class ImageField(Section):
    """A field of some kind of object: the image that it names, or that it names none.

    The path is written as reports write a field: `spec.pools[*].image`, where `[*]` is every item
    of a list and `*` every key of a mapping. What runs in containers cannot be ignored in the
    kinds that Kubernetes itself defines.
    """

    kind: Annotated[str, Sized(min_length=1, max_length=320)]
    """The kind, of every API group, or the group and the kind: `ops.example.org/Broker`."""
    path: Annotated[str, Sized(min_length=1, max_length=1024)]
    """The field, from the object's root: `spec.broker.image`."""
    tag: Annotated[str, Sized(min_length=1, max_length=1024)] | None = None
    """The field that holds the image's tag, where it is a field of its own."""
    ignore: Literal[True] | Annotated[str, Sized(min_length=1, max_length=1024)] | None = None
    """Says that nothing runs the images in this field and in the fields below it: a text that
    says why, or `true`. Nothing there is judged."""

    def check_whole(self, context: Mapping[str, Any]) -> None:
        """Refuse a tag of what is ignored. Raises ValueError."""
        del context
        if self.tag is not None and self.ignore is not None:
            msg = "an ignored field has no tag"
            raise ValueError(msg)

    @property
    def position(self) -> ImagePosition:
        """The field as `gate.manifests.images` takes it."""
        return ImagePosition(self.kind, self.path, self.tag or "", self.ignore is not None)


class ManifestsSection(Section):
    """What the policy says about manifests. `gate lint --list` names the rules."""

    profile: Profile = Profile.GATE
    """Which rules run, and which of them block."""
    kubernetes_version: Annotated[str, After(known_version)] = written(
        default=f"1.{NEWEST_KUBERNETES}", alias="kubernetes-version"
    )
    """The cluster's version, quoted: kinds, fields, values and Pod Security differ by it."""
    block: RuleNames | None = None
    """Rules that block, also where the profile does not ask for them."""
    warn: RuleNames | None = None
    """Rules that report and do not block."""
    off: RuleNames | None = None
    """Rules that do not run."""
    suppressible: RuleNames | None = None
    """Rules that a comment or annotation in a manifest may silence. None by default."""
    exclude: Annotated[PathPatterns, After(_patterns)] | None = None
    """Files and folders that are not judged: their paths as reports print them, from the working
    folder. `*` stays inside one path segment, `**` spans them, and what is in a folder goes
    with it. Every report names what was left out."""
    baseline: Annotated[str, Sized(min_length=1, max_length=1024)] | None = None
    """A file that `gate lint --write-baseline` wrote, from the policy's own folder: the findings
    in it are known and do not block. What rules under `block` find is never known."""
    crds: Annotated[PathNames, After(once)] | None = None
    """Folders, or files, with the CustomResourceDefinitions of the cluster, from the policy's own
    folder: custom objects are held to them. Of a folder every .yaml, .yml and .json in it counts,
    and no folder below it."""
    complete: bool = False
    """Whether the manifests are all there is, so that what they refer to must be among them."""
    images: Annotated[tuple[ImageField, ...], Sized(min_length=1)] | None = None
    """Fields of custom objects that name an image, or that look like it and name none."""
    patches: PatchKinds | None = None
    """Custom kinds whose pods patch those that an operator makes, so that what they leave out is
    no finding. What they write is judged all the same, and a container with an image as a whole."""
    parameters: dict[str, dict[str, ParameterValue]] = written(default_factory=dict)
    """Of each rule by its name, each parameter by its name."""

    @property
    def positions(self) -> tuple[ImagePosition, ...]:
        """The fields of `images`."""
        return tuple(field.position for field in self.images or ())
