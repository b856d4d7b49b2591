"""The table for pods: annotations, variables, arguments and volumes that name images."""

from __future__ import annotations

from typing import Final

from gate.model.records import dataclass

_LINKERD: Final = "https://linkerd.io/2/reference/proxy-configuration/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """An annotation that an injector reads from pods, and some also from namespaces."""

    key: str
    source: str
    version: str = ""
    """The annotation that holds the tag; empty where the first holds all of the image."""


ANNOTATIONS: Final = (
    Annotation(
        key="sidecar.istio.io/proxyImage",
        source="https://istio.io/latest/docs/reference/config/annotations/",
    ),
    *(
        Annotation(
            key=f"config.linkerd.io/{image}",
            source=_LINKERD,
            version=f"config.linkerd.io/{tag}",
        )
        for image, tag in (
            ("proxy-image", "proxy-version"),
            ("init-image", "init-image-version"),
            ("debug-image", "debug-image-version"),
        )
    ),
    Annotation(
        key="vault.hashicorp.com/agent-image",
        source="https://developer.hashicorp.com/vault/docs/deploy/kubernetes/injector/annotations",
    ),
    Annotation(
        key="dapr.io/sidecar-image",
        source="https://docs.dapr.io/reference/arguments-annotations-overview/",
    ),
)

VARIABLES: Final = (
    "https://docs.redhat.com/en/documentation/openshift_container_platform/4.15/html/"
    "operators/osdk-generating-csvs"
)
"""Why the value of a variable such as `RELATED_IMAGE_AGENT` or `SIDECAR_IMAGE` is an image."""

SPOKEN_ARGUMENTS: Final = "https://cert-manager.io/docs/cli/controller/"
"""Why the value of an argument such as `--acme-http01-solver-image=REF`, or the argument after
`-entrypoint-image`, is an image."""

ARGUMENTS: Final[dict[str, str]] = {
    "--prometheus-config-reloader": "https://github.com/prometheus-operator/prometheus-operator/blob/main/cmd/operator/main.go",
}
"""Arguments of that kind whose name does not say so, each with its source."""

CSI_ATTRIBUTES: Final = "https://github.com/warm-metal/container-image-csi-driver"
"""Why `csi.volumeAttributes.image` of a pod's volume is an image."""
