"""What `gate lint` is asked: by a policy, or by a profile alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from gate.errors import UsageError
from gate.lint.kubernetes.formats import is_label
from gate.lint.settings import LintSettings, lint_settings
from gate.manifests.images import UNJUDGED
from gate.model.expressions import expression
from gate.model.kubernetes import ImagePosition
from gate.model.records import dataclass
from gate.policy.paths import PathPattern
from gate.policy.profile import NEWEST_KUBERNETES, OLDEST_KUBERNETES, Profile, ProfileAlone

if TYPE_CHECKING:
    from gate.policy.document import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class LintAsked:
    """What lint judges by, and what it leaves out."""

    settings: LintSettings
    kubernetes: str
    """The cluster's version, such as `1.34`."""
    positions: tuple[ImagePosition, ...] = ()
    excluded: Sequence[str] = ()
    policy: Policy | None = None


def lint_asked(profile: str, policy: str | None, kubernetes_version: str | None) -> LintAsked:
    """Return what a policy asks, or a profile of a version where `policy` is None.

    Raises GateError: of the policy what `find_policy` raises, else `lint-option`.
    """
    if policy is not None:
        from gate.cli.reads.baseline import policy_settings
        from gate.cli.reads.find_policy import find_policy

        loaded = find_policy(policy, None)
        section = loaded.manifests or ProfileAlone()
        excluded = (loaded.manifests and loaded.manifests.exclude) or ()
        return LintAsked(
            settings=policy_settings(loaded) or lint_settings(section),
            kubernetes=section.kubernetes_version,
            positions=section.positions,
            excluded=excluded,
            policy=loaded,
        )
    if profile not in set(Profile):
        raise UsageError(
            "lint-option",
            f"--profile: there is no profile {profile!r}",
            remedy=f"choose one of {', '.join(Profile)}",
        )
    version = kubernetes_version or f"1.{NEWEST_KUBERNETES}"
    try:
        section = ProfileAlone(
            profile=Profile(profile), kubernetes_version=version, warn=(UNJUDGED,)
        )
    except ValueError as error:
        raise _wrong_version(version, str(error).removesuffix(", quoted")) from error
    return LintAsked(settings=lint_settings(section), kubernetes=section.kubernetes_version)


def _wrong_version(text: str, known: str) -> UsageError:
    found = _PATCHED.fullmatch(text)
    written = found if found and int(found[2]) in _KNOWN else None
    return UsageError(
        "lint-option",
        f"--kubernetes-version: {text!r} has more than a minor version"
        if written
        else f"--kubernetes-version: {known}",
        remedy=f"write {written[1]}"
        if written
        else "write the cluster's minor version, such as 1.34",
    )


def check_patterns(patterns: Sequence[str]) -> None:
    """Refuse a pattern of `--exclude` that is no path. Raises UsageError `lint-option`."""
    for pattern in patterns:
        try:
            PathPattern(pattern)
        except ValueError as error:
            raise UsageError(
                "lint-option",
                f"--exclude: {error}",
                remedy="write a path as reports print it, such as vendor or **/node_modules",
            ) from error


def check_namespace(name: str) -> None:
    """Refuse a name that no namespace can have. Raises UsageError `lint-option`."""
    if not is_label(name):
        raise UsageError(
            "lint-option",
            f"--namespace: {name!r} can be no namespace's name",
            remedy="write at most 63 lowercase letters, digits and '-', such as shop",
        )


_KNOWN: Final = range(OLDEST_KUBERNETES, NEWEST_KUBERNETES + 1)
_PATCHED: Final = expression(r"v?(1\.([0-9]{2}))(?:[.+-][\w.+-]{0,64})?", re.ASCII)
"""A version as kubectl and clouds print it: v1.34.2, 1.34.2-eks-a1b2."""
