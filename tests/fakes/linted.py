"""Lint as a run does it: with the images that the manifests name."""

from __future__ import annotations

from collections.abc import Sequence

from gate.lint.engine import lint
from gate.lint.report import LintReport
from gate.lint.settings import LintSettings
from gate.manifests.images import image_uses
from gate.model.kubernetes import KubernetesObject


def linted(objects: Sequence[KubernetesObject], settings: LintSettings) -> LintReport:
    """Put the rules to the objects and to every image that they name."""
    return lint(objects, image_uses(objects).uses, settings)
