"""Components that their makers gave up, since when, and what to use instead.

A row is added when the maker says so in public, and its date is the day from which no fix comes.
"""

from __future__ import annotations

from typing import Final

from gate.model.image import ImageReference
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True)
class GivenUp:
    """One component that gets no fixes any more."""

    name: str
    """`registry/repository`, or `registry/folder/` for all below."""
    since: str
    """The month, such as `2026-03`."""
    instead: str
    """What to use now, to end a sentence."""


GIVEN_UP: Final = (
    # https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/
    GivenUp("registry.k8s.io/ingress-nginx/", "2026-03", "the Gateway API or another controller"),
    GivenUp("k8s.gcr.io/ingress-nginx/", "2026-03", "the Gateway API or another controller"),
    # https://github.com/bitnami/containers/issues/83267
    GivenUp("docker.io/bitnamilegacy/", "2025-08", "an image that its project publishes"),
    # https://github.com/kubernetes-sigs/kubebuilder/discussions/3907
    GivenUp(
        "gcr.io/kubebuilder/kube-rbac-proxy",
        "2025-03",
        "quay.io/brancz/kube-rbac-proxy, or the authentication of controller-runtime",
    ),
    # https://github.com/GoogleContainerTools/kaniko
    GivenUp("gcr.io/kaniko-project/", "2025-06", "BuildKit or Buildah"),
    # https://grafana.com/blog/2024/04/09/grafana-agent-to-grafana-alloy-opentelemetry-collector-faq/
    GivenUp("docker.io/grafana/agent", "2025-11", "docker.io/grafana/alloy"),
    # https://grafana.com/docs/loki/latest/send-data/promtail/
    GivenUp("docker.io/grafana/promtail", "2026-03", "docker.io/grafana/alloy"),
    # https://github.com/weaveworks/weave
    GivenUp("docker.io/weaveworks/", "2024-06", "a network plugin that is kept up"),
)


def given_up(image: str) -> GivenUp | None:
    """Return the row of an image as a manifest writes it; None where there is none.

    Example: `bitnamilegacy/redis:7.2` is `docker.io/bitnamilegacy/redis`, and has one.
    """
    try:
        name = ImageReference.parse(image.partition("@")[0]).name
    except ValueError:
        return None
    return next((row for row in GIVEN_UP if _is_of(name, row.name)), None)


def _is_of(name: str, row: str) -> bool:
    return name.startswith(row) if row.endswith("/") else name == row
