"""Components that their makers gave up, since when, and what to use instead.

A row is added when the maker says so in public, and its month is that of the day from which no fix
comes: the day that the maker names, or the day on which the repository became read-only. Each was
looked up in November 2026 at the place that its row names.
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
    source: str
    """Where its makers say so."""


_INGRESS_NGINX: Final = "https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/"
_GRAFANA_AGENT: Final = "https://grafana.com/docs/agent/latest/"
GIVEN_UP: Final = (
    GivenUp(
        "registry.k8s.io/ingress-nginx/",
        "2026-03",
        "the Gateway API or another controller",
        _INGRESS_NGINX,
    ),
    GivenUp(
        "quay.io/kubernetes-ingress-controller/",
        "2026-03",
        "the Gateway API or another controller",
        _INGRESS_NGINX,
    ),
    GivenUp(
        "k8s.gcr.io/ingress-nginx/",
        "2026-03",
        "the Gateway API or another controller",
        _INGRESS_NGINX,
    ),
    # On 28 August 2025 the versioned images moved there, and none has been built since.
    GivenUp(
        "docker.io/bitnamilegacy/",
        "2025-08",
        "an image that its project publishes",
        "https://github.com/bitnami/containers/issues/83267",
    ),
    # From 18 March 2025 Google's registry does not have to answer for it any more.
    GivenUp(
        "gcr.io/kubebuilder/kube-rbac-proxy",
        "2025-03",
        "quay.io/brancz/kube-rbac-proxy, or the authentication of controller-runtime",
        "https://github.com/kubernetes-sigs/kubebuilder/discussions/3907",
    ),
    # Archived on 3 June 2025.
    GivenUp(
        "gcr.io/kaniko-project/",
        "2025-06",
        "BuildKit or Buildah",
        "https://github.com/GoogleContainerTools/kaniko",
    ),
    # End of life on 1 November 2025, in each of its modes.
    GivenUp("docker.io/grafana/agent", "2025-11", "docker.io/grafana/alloy", _GRAFANA_AGENT),
    GivenUp(
        "docker.io/grafana/agent-operator", "2025-11", "docker.io/grafana/alloy", _GRAFANA_AGENT
    ),
    # End of life on 2 March 2026.
    GivenUp(
        "docker.io/grafana/promtail",
        "2026-03",
        "docker.io/grafana/alloy",
        "https://grafana.com/docs/loki/latest/send-data/promtail/",
    ),
    # Weave Net, the last that was kept up, was archived on 20 June 2024.
    GivenUp(
        "docker.io/weaveworks/",
        "2024-06",
        "a network plugin that is kept up",
        "https://github.com/weaveworks/weave",
    ),
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
