"""The baseline of a run: the one that the policy names, or the one that is written anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gate.errors import PolicyError, UsageError

if TYPE_CHECKING:
    from gate.lint.baseline import Baseline
    from gate.lint.settings import LintSettings
    from gate.policy.document import Policy

_REMEDY: Final = "write it anew: remove it and run `gate lint --write-baseline`"


def policy_settings(policy: Policy) -> LintSettings | None:
    """Return what a policy asks of lint, with its baseline; None where it asks nothing.

    Its definitions of custom kinds are in it too. Raises PolicyError for a baseline that gate
    did not write, and for definitions that are none.
    """
    section = policy.manifests
    if section is None:
        return None
    from gate.lint.settings import lint_settings  # only where something is linted

    settings = lint_settings(section, _baseline(policy, section.baseline))
    if section.crds is None:
        return settings
    from gate.cli.reads.custom_kinds import policy_definitions

    return replace(settings, definitions=policy_definitions(policy, section.crds))


def _baseline(policy: Policy, name: str | None) -> Baseline | None:
    if name is None:
        return None
    from gate.lint.baseline import parse_baseline  # only where a policy names one

    try:
        return parse_baseline(policy.files[name])
    except ValueError as error:
        raise PolicyError(
            "baseline-malformed",
            f"the baseline {name} cannot be read: {error}",
            remedy=_REMEDY,
        ) from error


def read_baseline(path: Path) -> Baseline | None:
    """Return the baseline in a file; None where there is no file. Raises UsageError."""
    from gate.lint.baseline import MAX_BYTES, parse_baseline  # only for who keeps one

    try:
        with path.open("rb") as file:
            return parse_baseline(file.read(MAX_BYTES + 1))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(
            "cannot-read",
            f"{str(path)!r} cannot be read: {error.strerror}",
            remedy="check the file and its permissions",
        ) from error
    except ValueError as error:
        raise UsageError(
            "baseline-malformed",
            f"the baseline {path} cannot be read: {error}",
            remedy=_REMEDY,
        ) from error
