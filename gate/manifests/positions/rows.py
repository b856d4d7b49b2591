"""The table: positions of images in kinds that people deploy, each with its source.

Forms that any kind may use (`image`, `proxyImage`, `imageName`, a mapping of repository and
tag) are in `gate.manifests.positions.forms` and need no row; a row says what they cannot.
"""

from __future__ import annotations

from typing import Final

from gate.manifests.positions.row import Meaning, Row

_CNPG: Final = "https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/"
_EDB: Final = "https://www.enterprisedb.com/docs/postgres_for_kubernetes/latest/pg4k.v1/"
_PROMETHEUS: Final = "https://prometheus-operator.dev/docs/api-reference/api/"
_CROSSPLANE: Final = "https://docs.crossplane.io/latest/packages/"
_ARGO_CD: Final = (
    "https://github.com/argoproj/argo-cd/blob/master/docs/operator-manual/application.yaml"
)
_ARGO_OPERATOR: Final = "https://argocd-operator.readthedocs.io/en/latest/reference/argocd/"
_FLUX: Final = "https://fluxcd.io/flux/components/"
_OPENSHIFT: Final = "https://docs.redhat.com/en/documentation/openshift_container_platform"
_BUILDS: Final = f"{_OPENSHIFT}/4.18/html/builds_using_buildconfig/managing-build-output"
_MIRRORS: Final[dict[str, str]] = {
    "ImageContentSourcePolicy": f"{_OPENSHIFT}/4.15/html/operator_apis/"
    "imagecontentsourcepolicy-operator-openshift-io-v1alpha1",
    "ImageDigestMirrorSet": f"{_OPENSHIFT}/4.20/html/config_apis/"
    "imagedigestmirrorset-config-openshift-io-v1",
    "ImageTagMirrorSet": f"{_OPENSHIFT}/4.20/html/config_apis/"
    "imagetagmirrorset-config-openshift-io-v1",
}
_CSI: Final = "https://github.com/warm-metal/container-image-csi-driver"
_STRIMZI: Final = "https://strimzi.io/docs/operators/latest/full/configuring.html"
_ISTIO: Final = "https://istio.io/latest/docs/reference/config/"
_SAIL: Final = "https://github.com/istio-ecosystem/sail-operator/blob/main/docs/api-reference/sailoperator.io.md"
_TIGERA: Final = "https://docs.tigera.io/calico/latest/operations/image-options/alternate-registry"
_KNATIVE_OPERATOR: Final = "https://knative.dev/docs/install/operator/configuring-serving-cr/"
_KARMADA: Final = "https://support.huaweicloud.com/intl/en-us/api-ucs/ucs_api_0028.html"
_KARMADA_PATH: Final = "spec.overrideRules[*].overriders.imageOverrider[*].value"
_KPACK: Final = "https://github.com/buildpacks-community/kpack/blob/main/docs/"
_SHIPWRIGHT: Final = "https://shipwright.io/docs/build/build/"
_KNATIVE: Final = "https://github.com/knative/serving/blob/main/pkg/deployment/config.go"


def _image(
    group: str, kind: str, source: str, *paths: str, meaning: Meaning = Meaning.IMAGE
) -> tuple[Row, ...]:
    return tuple(
        Row(group=group, kind=kind, path=path, source=source, meaning=meaning) for path in paths
    )


def _prometheus(kind: str, *at: str) -> tuple[Row, ...]:
    """Return the rows of a kind whose base image takes a digest, a tag or a version."""
    return tuple(
        Row(
            group="monitoring.coreos.com",
            kind=kind,
            path=f"{parent}.baseImage",
            source=_PROMETHEUS,
            tag=(f"{parent}.sha", f"{parent}.tag", f"{parent}.version"),
        )
        for parent in at
    )


def _argo_cd(*at: str) -> tuple[Row, ...]:
    return tuple(
        Row(
            group="argoproj.io",
            kind="ArgoCD",
            path=f"{parent}.image",
            source=_ARGO_OPERATOR,
            tag=(f"{parent}.version",),
        )
        for parent in at
    )


def _sources(kind: str, *at: str) -> tuple[Row, ...]:
    """Return the rows of an Argo CD source: values and patches that are text."""
    return tuple(row for parent in at for row in _source(kind, parent))


def _source(kind: str, at: str) -> tuple[Row, ...]:
    texts = (f"{at}.helm.values", f"{at}.kustomize.patches[*].patch")
    images = Row(
        group="argoproj.io",
        kind=kind,
        path=f"{at}.kustomize.images[*]",
        source="https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/",
        after="=",
    )
    return (*_image("argoproj.io", kind, _ARGO_CD, *texts, meaning=Meaning.VALUES), images)


ROWS: Final[tuple[Row, ...]] = (
    *_image("postgresql.cnpg.io", "Cluster", _CNPG, "spec.imageName"),
    *_image("postgresql.k8s.enterprisedb.io", "Cluster", _EDB, "spec.imageName"),
    *_prometheus("Prometheus", "spec", "spec.thanos"),
    *_prometheus("Alertmanager", "spec"),
    *_argo_cd(
        *("spec", "spec.dex", "spec.sso.dex", "spec.redis", "spec.repo", "spec.applicationSet"),
        *("spec.grafana", "spec.notifications"),
    ),
    *_sources("Application", "spec.source", "spec.sources[*]"),
    *_sources("ApplicationSet", "spec.template.spec.source", "spec.template.spec.sources[*]"),
    Row(
        group="argoproj.io",
        kind="ApplicationSet",
        path="spec.templatePatch",
        source="https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Template/",
        meaning=Meaning.VALUES,
        template=True,
    ),
    *(
        Row(group=group, kind=kind, path=path, source=source, meaning=Meaning.START)
        for group, kind, path, source in (
            ("operator.tigera.io", "Installation", "spec.registry", _TIGERA),
            ("operator.knative.dev", "KnativeServing", "spec.registry.default", _KNATIVE_OPERATOR),
            ("operator.knative.dev", "KnativeEventing", "spec.registry.default", _KNATIVE_OPERATOR),
            ("policy.karmada.io", "OverridePolicy", _KARMADA_PATH, _KARMADA),
            ("policy.karmada.io", "ClusterOverridePolicy", _KARMADA_PATH, _KARMADA),
            (
                "addon.open-cluster-management.io",
                "AddOnDeploymentConfig",
                "spec.registries[*].mirror",
                "https://docs.redhat.com/en/documentation/red_hat_advanced_cluster_management_for_kubernetes/2.15/html/apis/addondeploymentconfig-api",
            ),
        )
    ),
    *(
        Row(
            group="operator.knative.dev",
            kind=kind,
            path="spec.registry.override.*",
            source=_KNATIVE_OPERATOR,
            meaning=Meaning.LIKELY,
        )
        for kind in ("KnativeServing", "KnativeEventing")
    ),
    *(
        row
        for kind, page in (
            ("Image", "image"),
            ("Builder", "builders"),
            ("ClusterBuilder", "builders"),
        )
        for row in _image("kpack.io", kind, f"{_KPACK}{page}.md", "spec.tag", meaning=Meaning.QUIET)
    ),
    *_image("shipwright.io", "Build", _SHIPWRIGHT, "spec.output.image", meaning=Meaning.QUIET),
    *_image("shipwright.io", "BuildRun", _SHIPWRIGHT, "spec.output.image", meaning=Meaning.QUIET),
    Row(
        group="grafana.integreatly.org",
        kind="Grafana",
        path="spec.version",
        source="https://grafana.github.io/grafana-operator/docs/api/",
        meaning=Meaning.LIKELY,
    ),
    *_image(
        "kafka.strimzi.io",
        "KafkaConnect",
        _STRIMZI,
        "spec.build.output.image",
        meaning=Meaning.QUIET,
    ),
    *(
        row
        for kind in ("Provider", "Configuration", "Function")
        for row in _image(
            "pkg.crossplane.io", kind, f"{_CROSSPLANE}{kind.lower()}s/", "spec.package"
        )
    ),
    *(
        row
        for kind in ("Provider", "Configuration", "Function")
        for row in _image(
            "pkg.crossplane.io",
            f"{kind}Revision",
            f"{_CROSSPLANE}{kind.lower()}s/",
            *("spec.image", "spec.package"),
        )
    ),
    Row(
        group="source.toolkit.fluxcd.io",
        kind="OCIRepository",
        path="spec.url",
        source=f"{_FLUX}source/ocirepositories/",
        tag=("spec.ref.tag",),
        digest=("spec", "ref", "digest"),
        open_tag="spec.ref.semver",
        latest=True,
    ),
    *_image(
        "kustomize.toolkit.fluxcd.io",
        "Kustomization",
        f"{_FLUX}kustomize/kustomizations/",
        "spec.patches[*].patch",
        meaning=Meaning.VALUES,
    ),
    *_image(
        "helm.toolkit.fluxcd.io",
        "HelmRelease",
        f"{_FLUX}helm/helmreleases/",
        "spec.postRenderers[*].kustomize.patches[*].patch",
        meaning=Meaning.VALUES,
    ),
    *_image(
        "",
        "ConfigMap",
        f"{_FLUX}helm/helmreleases/#values-references",
        "data.values.yaml",
        meaning=Meaning.VALUES,
    ),
    *(
        row
        for kind in ("ClusterPolicy", "Policy")
        for row in _image(
            "kyverno.io",
            kind,
            "https://kyverno.io/docs/policy-types/cluster-policy/mutate/",
            "spec.rules[*].mutate.patchesJson6902",
            meaning=Meaning.VALUES,
        )
    ),
    *(
        row
        for kind in ("HelmChart", "HelmChartConfig")
        for row in _image(
            "helm.cattle.io",
            kind,
            "https://docs.k3s.io/add-ons/helm",
            "spec.valuesContent",
            meaning=Meaning.VALUES,
        )
    ),
    *_image(
        "extensions.istio.io",
        "WasmPlugin",
        f"{_ISTIO}proxy_extensions/wasm-plugin/",
        "spec.url",
        meaning=Meaning.LIKELY,
    ),
    *(
        row
        for group, kind, source in (
            ("install.istio.io", "IstioOperator", f"{_ISTIO}istio.operator.v1alpha1/"),
            ("sailoperator.io", "Istio", _SAIL),
        )
        for row in _image(
            group,
            kind,
            source,
            *("spec.hub", "spec.values.global.hub"),
            meaning=Meaning.START,
        )
    ),
    *_image(
        "cdi.kubevirt.io",
        "DataVolume",
        "https://github.com/kubevirt/containerized-data-importer/blob/main/doc/datavolumes.md",
        "spec.source.registry.url",
    ),
    *_image(
        "cdi.kubevirt.io",
        "DataImportCron",
        "https://github.com/kubevirt/containerized-data-importer/blob/main/doc/os-image-poll-and-update.md",
        "spec.template.spec.source.registry.url",
    ),
    *_image(
        "kubevirt.io",
        "VirtualMachine",
        "https://kubevirt.io/user-guide/storage/disks_and_volumes/",
        "spec.dataVolumeTemplates[*].spec.source.registry.url",
    ),
    *(
        row
        for group in ("build.openshift.io", "")
        for row in _image(
            group,
            "BuildConfig",
            _BUILDS,
            "spec.output.to.name",
            "spec.output.imageLabels",
            meaning=Meaning.QUIET,
        )
    ),
    *_image(
        "operators.coreos.com",
        "ClusterServiceVersion",
        "https://github.com/operator-framework/community-operators/blob/main/docs/packaging-required-fields.md",
        "metadata.annotations.containerImage",
        meaning=Meaning.QUIET,
    ),
    *(
        row
        for kind, source in _MIRRORS.items()
        for group in ("config.openshift.io", "operator.openshift.io")
        for row in _image(
            group,
            kind,
            source,
            "spec",
            meaning=Meaning.QUIET,
        )
    ),
    *_image(
        "pkg.crossplane.io",
        "ImageConfig",
        f"{_CROSSPLANE}image-configs/",
        "spec.matchImages",
        meaning=Meaning.QUIET,
    ),
    *_image("", "PersistentVolume", _CSI, "spec.csi.volumeAttributes.image"),
    *_image("", "PersistentVolume", _CSI, "spec.csi.volumeHandle", meaning=Meaning.LIKELY),
    *_image(
        "",
        "ConfigMap",
        _KNATIVE,
        "data.queue-sidecar-image",
        "data.queueSidecarImage",
        meaning=Meaning.LIKELY,
    ),
)

NAMING_GROUPS: Final[dict[str, str]] = {
    "image.toolkit.fluxcd.io": "https://fluxcd.io/flux/components/image/",
    "skaffold": "https://skaffold.dev/docs/references/yaml/",
}
"""API groups whose objects name images that they run nowhere: Flux looks for new tags of them,
and Skaffold is a file of a build tool."""

MACHINE_GROUPS: Final[dict[str, str]] = {
    "infrastructure.cluster.x-k8s.io": "https://cluster-api.sigs.k8s.io/reference/providers",
    "machine.openshift.io": "https://github.com/openshift/machine-api-operator",
    "machine.sapcloud.io": "https://github.com/gardener/machine-controller-manager",
    "core.gardener.cloud": "https://github.com/gardener/gardener/blob/master/docs/api-reference/core.md",
    "kops.k8s.io": "https://kops.sigs.k8s.io/instance_groups/",
    "metal3.io": "https://github.com/metal3-io/baremetal-operator/blob/main/docs/api.md",
    "karpenter.k8s.aws": "https://karpenter.sh/docs/concepts/nodeclasses/",
    "karpenter.azure.com": "https://github.com/Azure/karpenter-provider-azure",
    "cluster.k8s.io": "https://github.com/kubernetes-sigs/cluster-api",
    "hcloud.crossplane.io": "seen in compositions; the provider's own page was not found",
    "compute.cnrm.cloud.google.com": "https://cloud.google.com/config-connector/docs/reference/overview",
    "ec2.services.k8s.aws": "https://aws-controllers-k8s.github.io/community/reference/",
    "compute.azure.com": "https://azure.github.io/azure-service-operator/reference/compute/",
    "openstack.crossplane.io": "https://github.com/crossplane-contrib/provider-openstack",
}
"""API groups whose `image` is a disk of a cloud's machine where it names no registry.

Beside each is its source, or that none was found."""
MACHINE_SUFFIXES: Final = (
    ".compute.gcp.upbound.io",
    ".ec2.aws.upbound.io",
    ".compute.azure.upbound.io",
    ".ec2.aws.crossplane.io",
    ".compute.openstack.crossplane.io",
    ".compute.gcp.crossplane.io",
)
"""Such groups behind a dot, as Crossplane's providers form them, and those below them."""
