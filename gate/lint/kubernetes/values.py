"""What the value of one field must be, for each field of which the API server asks something.

`FORMATS` names fields by their definition, as `gate.lint.kubernetes.fields` does. Words of which a
field takes one are in `ENUMS` there; those that Kubernetes checks and its OpenAPI does not name are
here. What several fields say together is in `gate.lint.kubernetes.across`.
Source: `pkg/apis/*/validation` of https://github.com/kubernetes/kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from gate.lint.kubernetes.across_schemas import TYPES
from gate.lint.kubernetes.addresses import (
    address,
    cluster_address,
    header_name,
    network,
    port,
    port_name,
    port_or_name,
    port_or_name_or_zero,
    port_or_zero,
    strict_address,
    strict_network,
)
from gate.lint.kubernetes.cluster_formats import (
    container_resource,
    group_version,
    json_path,
    label_from_letter_of_any_case,
    moment_of_micros,
    path_below,
    qualified_target,
    signer_name,
    webhook_address,
    webhook_name,
    webhook_path,
    words_of_letters,
)
from gate.lint.kubernetes.cron import schedule, zoneless
from gate.lint.kubernetes.fields import ENUMS
from gate.lint.kubernetes.formats import (
    Format,
    Held,
    absolute_path,
    amount_or_percent,
    annotation_key,
    at_least,
    between,
    bytes64,
    data_key,
    domain_path,
    driver,
    environment_name,
    filled,
    forward_path,
    label,
    label_from_letter,
    label_value,
    limited_type,
    one_of,
    path_segment,
    percent_at_most_100,
    plain_environment_name,
    qualified,
    relative_path,
    subdomain,
)
from gate.lint.kubernetes.letters import HELD
from gate.lint.kubernetes.quantities import amount, written_amount
from gate.lint.kubernetes.rows import versions
from gate.lint.kubernetes.zones import zone

_FROM_0: Final = at_least(0)
_FROM_1: Final = at_least(1)
_MODE: Final = between(0, 0o777)
_USER: Final = between(0, 2**31 - 1)
_WEIGHT: Final = between(1, 100)
_OPERATOR: Final = one_of("In", "NotIn", "Exists", "DoesNotExist")

_AMOUNTS: Final = """
    EmptyDirVolumeSource.sizeLimit MetricTarget.averageValue MetricTarget.value
    PersistentVolumeSpec.capacity ResourceQuotaSpec.hard
    ResourceRequirements.limits ResourceRequirements.requests
    VolumeResourceRequirements.limits VolumeResourceRequirements.requests
    LimitRangeItem.default LimitRangeItem.defaultRequest LimitRangeItem.max
    LimitRangeItem.maxLimitRequestRatio LimitRangeItem.min Overhead.podFixed PodSpec.overhead
    CSIStorageCapacity.capacity CSIStorageCapacity.maximumVolumeSize
    ResourceFieldSelector.divisor DeviceCapacity.value Counter.value
"""

_ADDRESSES: Final = """
    EndpointAddress.ip HostAlias.ip PodDNSConfig.nameservers ServiceSpec.externalIPs
"""
_NETWORKS: Final = "IPBlock.cidr IPBlock.except"
_SCOPES: Final = (
    *("BestEffort", "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating"),
    *("PriorityClass", "Terminating"),
)


def _dated(fields: str, versions_: str) -> str:
    return " ".join(f"{field}{versions_}" for field in fields.split())


FORMATS: Final[Mapping[Format, str]] = {
    _FROM_0: """
        Probe.failureThreshold Probe.initialDelaySeconds
        Probe.periodSeconds Probe.successThreshold Probe.timeoutSeconds
        DeploymentSpec.minReadySeconds DeploymentSpec.progressDeadlineSeconds
        DeploymentSpec.replicas DeploymentSpec.revisionHistoryLimit
        DaemonSetSpec.minReadySeconds DaemonSetSpec.revisionHistoryLimit
        ReplicaSetSpec.minReadySeconds ReplicaSetSpec.replicas
        ReplicationControllerSpec.minReadySeconds ReplicationControllerSpec.replicas
        StatefulSetSpec.minReadySeconds StatefulSetSpec.replicas
        StatefulSetOrdinals.start SleepAction.seconds
        RollingUpdateStatefulSetStrategy.partition CronJobSpec.failedJobsHistoryLimit
        CronJobSpec.startingDeadlineSeconds CronJobSpec.successfulJobsHistoryLimit
        JobSpec.activeDeadlineSeconds JobSpec.backoffLimit JobSpec.backoffLimitPerIndex
        JobSpec.completions JobSpec.maxFailedIndexes JobSpec.parallelism
        JobSpec.ttlSecondsAfterFinished
        HorizontalPodAutoscalerSpec.minReplicas HorizontalPodAutoscalerSpecV1.minReplicas
        SuccessPolicyRule.succeededCount LeaseSpec.leaseTransitions
        QueuingConfiguration.queueLengthLimit
    """,
    _FROM_1: """
        Probe.terminationGracePeriodSeconds TopologySpreadConstraint.maxSkew
        TopologySpreadConstraint.minDomains HorizontalPodAutoscalerSpec.maxReplicas
        HorizontalPodAutoscalerSpecV1.maxReplicas
        HorizontalPodAutoscalerSpecV1.targetCPUUtilizationPercentage
        MetricTarget.averageUtilization HPAScalingPolicy.value
        ServiceAccountTokenProjection.audience LeaseSpec.leaseDurationSeconds
        HorizontalPodAutoscalerSpec.minReplicas<37
        HorizontalPodAutoscalerSpecV1.minReplicas<37 SleepAction.seconds<33
    """,
    between(1, 2**31 - 1): "PodSpec.activeDeadlineSeconds",
    between(600, 2**32): """
        ServiceAccountTokenProjection.expirationSeconds TokenRequest.expirationSeconds
    """,
    between(0, 100): "LimitedPriorityLevelConfiguration.lendablePercent",
    between(0, 10_000): "FlowSchemaSpec.matchingPrecedence",
    between(1, 20_000): "APIServiceSpec.groupPriorityMinimum",
    between(1, 1000): "APIServiceSpec.versionPriority",
    between(1, 1800): "HPAScalingPolicy.periodSeconds",
    between(0, 3600): "HPAScalingRules.stabilizationWindowSeconds",
    between(1, 30): "MutatingWebhook.timeoutSeconds ValidatingWebhook.timeoutSeconds",
    absolute_path: "NFSVolumeSource.path",
    between(1, 86400): "ClientIPConfig.timeoutSeconds",
    _MODE: """
        ConfigMapVolumeSource.defaultMode DownwardAPIVolumeFile.mode
        DownwardAPIVolumeSource.defaultMode KeyToPath.mode ProjectedVolumeSource.defaultMode
        SecretVolumeSource.defaultMode
    """,
    _USER: """
        PodSecurityContext.fsGroup PodSecurityContext.runAsGroup PodSecurityContext.runAsUser
        PodSecurityContext.supplementalGroups SecurityContext.runAsGroup SecurityContext.runAsUser
    """,
    between(0, 255): """
        FCVolumeSource.lun ISCSIVolumeSource.lun ISCSIPersistentVolumeSource.lun
        AWSElasticBlockStoreVolumeSource.partition GCEPersistentDiskVolumeSource.partition
    """,
    between(3600, 7_862_400): "PodCertificateRequestSpec.maxExpirationSeconds",
    label_from_letter: """
        CustomResourceDefinitionNames.plural CustomResourceDefinitionNames.singular
        CustomResourceDefinitionNames.shortNames CustomResourceDefinitionNames.categories
        CustomResourceDefinitionVersion.name GroupResource.resource
        WebhookConversion.conversionReviewVersions IngressServiceBackend.name<36
    """,
    label_from_letter_of_any_case: """
        CustomResourceDefinitionNames.kind CustomResourceDefinitionNames.listKind
        ParamKind.kind
    """,
    json_path: "CustomResourceColumnDefinition.jsonPath",
    path_below(".spec."): "CustomResourceSubresourceScale.specReplicasPath",
    path_below(".status."): "CustomResourceSubresourceScale.statusReplicasPath",
    path_below(".spec.", ".status."): "CustomResourceSubresourceScale.labelSelectorPath",
    group_version: "ParamKind.apiVersion",
    container_resource: "ContainerResourceMetricSource.name",
    one_of("None", "Webhook"): "CustomResourceConversion.strategy",
    one_of(*TYPES): "JSONSchemaProps.type JSONSchemaPropsOrBool.type",
    one_of("atomic", "map", "set"): """
        JSONSchemaProps.x-kubernetes-list-type JSONSchemaPropsOrBool.x-kubernetes-list-type
    """,
    one_of("atomic", "granular"): """
        JSONSchemaProps.x-kubernetes-map-type JSONSchemaPropsOrBool.x-kubernetes-map-type
    """,
    qualified_target: "ISCSIVolumeSource.iqn ISCSIPersistentVolumeSource.iqn",
    webhook_address: "WebhookClientConfig.url",
    webhook_name: "MutatingWebhook.name ValidatingWebhook.name",
    webhook_path: "ServiceReference.path",
    words_of_letters: "Validation.message",
    signer_name: """
        CertificateSigningRequestSpec.signerName PodCertificateRequestSpec.signerName
    """,
    one_of("v1"): "ObjectFieldSelector.apiVersion",
    one_of(*("byte", "date", "date-time", "double", "float", "int32", "int64", "password")): """
        CustomResourceColumnDefinition.format
    """,
    _WEIGHT: "PreferredSchedulingTerm.weight WeightedPodAffinityTerm.weight",
    written_amount: _AMOUNTS,
    amount: _AMOUNTS,
    amount_or_percent: """
        RollingUpdateDeployment.maxSurge RollingUpdateDaemonSet.maxSurge
    """,
    percent_at_most_100: """
        RollingUpdateDeployment.maxUnavailable RollingUpdateDaemonSet.maxUnavailable
        RollingUpdateStatefulSetStrategy.maxUnavailable@35 PodDisruptionBudgetSpec.maxUnavailable
        PodDisruptionBudgetSpec.minAvailable
    """,
    port: """
        ContainerPort.containerPort NetworkPolicyPort.endPort EndpointPort.port GRPCAction.port
        ServicePort.port ServiceReference.port ApiregistrationServiceReference.port
    """,
    port_or_zero: """
        ContainerPort.hostPort ServicePort.nodePort ServiceBackendPort.number
        ServiceSpec.healthCheckNodePort
    """,
    port_name: "ContainerPort.name ServiceBackendPort.name",
    port_or_name: """
        HTTPGetAction.port NetworkPolicyPort.port TCPSocketAction.port
    """,
    port_or_name_or_zero: "ServicePort.targetPort",
    label: """
        Container.name EphemeralContainer.name EndpointPort.name EndpointAddress.hostname
        ObjectMeta.namespace PodSpec.hostname PodSpec.subdomain
        ServicePort.name Volume.name IngressServiceBackend.name PodResourceClaim.name
        StatefulSetSpec.serviceName@33 ContainerResourceMetricSource.container Endpoint.hostname
        IngressClassParametersReference.namespace RuntimeClass.handler
        DiscoveryEndpointPort.name ResourceClaim.name
        ResourceClaim.request DeviceRequest.name DeviceSubRequest.name Device.name
        StorageOSVolumeSource.volumeName ServiceAccountSubject.namespace
    """,
    subdomain: """
        HostAlias.hostnames PodSpec.nodeName
        PodSpec.priorityClassName PodSpec.runtimeClassName PodSpec.serviceAccountName
        IngressSpec.ingressClassName IngressTLS.secretName
        PersistentVolumeClaimSpec.storageClassName
        PersistentVolumeSpec.storageClassName ConfigMapEnvSource.name ConfigMapKeySelector.name
        SecretEnvSource.name SecretKeySelector.name MutatingWebhook.name ValidatingWebhook.name
        IngressClassParametersReference.apiGroup
        PersistentVolumeClaimSpec.volumeAttributesClassName CSIStorageCapacity.storageClassName
        VolumeAttachmentSpec.nodeName Endpoint.nodeName ExactDeviceRequest.deviceClassName
        ValidatingAdmissionPolicyBindingSpec.policyName PriorityLevelConfigurationReference.name
        MutatingAdmissionPolicyBindingSpec.policyName
        EndpointAddress.nodeName
        ClusterTrustBundleProjection.name PodResourceClaim.resourceClaimName
        PodResourceClaim.resourceClaimTemplateName
        WindowsSecurityContextOptions.gmsaCredentialSpecName ServiceAccountSubject.name
        VolumeAttachmentSource.persistentVolumeName PodCertificateRequestSpec.podName
        PodCertificateRequestSpec.serviceAccountName PodCertificateRequestSpec.nodeName
        ResourceSliceSpec.nodeName GroupResource.group
    """,
    path_segment: """
        RoleRef.name CrossVersionObjectReference.name CrossVersionObjectReference.kind
        MetricIdentifier.name ParamRef.name IngressClassParametersReference.kind
        IngressClassParametersReference.name NamedRuleWithOperations.resourceNames
        CrossVersionObjectReferenceV1.name CrossVersionObjectReferenceV1.kind ParentReference.name
        ParentReference.namespace ParentReference.resource
    """,
    qualified: """
        LabelSelectorRequirement.key NodeSelectorRequirement.key
        ObjectMeta.finalizers PodAffinityTerm.topologyKey PodReadinessGate.conditionType
        PodSchedulingGate.name ServicePort.appProtocol Toleration.key
        DiscoveryEndpointPort.appProtocol ServiceSpec.loadBalancerClass
        TopologySelectorLabelRequirement.key MatchCondition.name AuditAnnotation.key
        PodFailurePolicyOnPodConditionsPattern.type
        EndpointPort.appProtocol
        DeviceTaint.key CSINodeDriver.topologyKeys
    """,
    annotation_key: "StorageClass.provisioner VolumeAttributesClass.driverName",
    driver: """
        CSIPersistentVolumeSource.driver CSIVolumeSource.driver CSINodeDriver.name
        VolumeAttachmentSpec.attacher OpaqueDeviceConfiguration.driver DeviceTaintSelector.driver
        ResourceSliceSpec.driver
    """,
    domain_path: "IngressClassSpec.controller JobSpec.managedBy",
    limited_type: "LimitRangeItem.type",
    label_value: """
        LabelSelectorRequirement.values@26 Toleration.value DeviceTaint.value ForZone.name
    """,
    data_key: "ConfigMapKeySelector.key SecretKeySelector.key",
    environment_name: "EnvVar.name EnvFromSource.prefix",
    plain_environment_name: "EnvVar.name<32 EnvFromSource.prefix<32",
    address: _ADDRESSES,
    strict_address: _dated(_ADDRESSES, "@36"),
    cluster_address: "ServiceSpec.clusterIP ServiceSpec.clusterIPs",
    network: f"{_NETWORKS} ServiceCIDRSpec.cidrs",
    strict_network: _dated(_NETWORKS, "@36"),
    header_name: "HTTPHeader.name",
    relative_path: """
        KeyToPath.path VolumeMount.subPath VolumeMount.subPathExpr
        DownwardAPIVolumeFile.path ServiceAccountTokenProjection.path@37
        ClusterTrustBundleProjection.path@37
    """,
    forward_path: """
        HostPathVolumeSource.path LocalVolumeSource.path GitRepoVolumeSource.directory
    """,
    filled: """
        VolumeMount.mountPath VolumeMount.name VolumeDevice.devicePath VolumeDevice.name Volume.name
        VolumeMount.mountPropagation PodSecurityContext.fsGroupChangePolicy
        PersistentVolumeClaimSpec.accessModes PersistentVolumeClaimSpec.volumeMode
        PersistentVolumeSpec.accessModes JobSpec.completionMode JobSpec.podReplacementPolicy
        ServiceSpec.internalTrafficPolicy ServiceSpec.ipFamilies ServiceSpec.ipFamilyPolicy
        NetworkPolicySpec.policyTypes NetworkPolicyPort.protocol MetricSpec.type MetricTarget.type
        SeccompProfile.type AppArmorProfile.type LabelSelectorRequirement.key
        NodeSelectorRequirement.key HostAlias.hostnames KeyToPath.key KeyToPath.path
        DownwardAPIVolumeFile.path ServiceAccountTokenProjection.path Sysctl.name
        IngressSpec.ingressClassName ServicePort.appProtocol MetricIdentifier.name
        ResourceMetricSource.name ContainerResourceMetricSource.name ConfigMapKeySelector.name
        SecretKeySelector.name ConfigMapEnvSource.name SecretEnvSource.name
        ConfigMapVolumeSource.name HPAScalingRules.selectPolicy HPAScalingPolicy.type RoleRef.kind
        Subject.kind PersistentVolumeSpec.volumeMode StorageClass.volumeBindingMode
        StorageClass.provisioner PriorityClass.preemptionPolicy ResourceQuotaSpec.scopes
        LimitRangeItem.type ValidatingWebhook.name MutatingWebhook.name HostPathVolumeSource.path
        ValidatingWebhook.sideEffects MutatingWebhook.sideEffects ValidatingWebhook.failurePolicy
        MutatingWebhook.failurePolicy ValidatingWebhook.matchPolicy MutatingWebhook.matchPolicy
        ValidatingWebhook.admissionReviewVersions MutatingWebhook.admissionReviewVersions
        PersistentVolumeClaimVolumeSource.claimName ServiceReference.name ServiceReference.namespace
        ContainerResizePolicy.resourceName ContainerResizePolicy.restartPolicy
        ConfigMapKeySelector.key SecretKeySelector.key EnvVar.name RoleRef.name Container.name
        Subject.name NFSVolumeSource.path NFSVolumeSource.server ImageVolumeSource.reference@37
        CustomResourceColumnDefinition.jsonPath CustomResourceColumnDefinition.name
        CustomResourceColumnDefinition.type CustomResourceDefinitionNames.kind
        CustomResourceDefinitionNames.plural CustomResourceDefinitionNames.shortNames
        CustomResourceDefinitionNames.categories CustomResourceDefinitionSpec.group
        CustomResourceDefinitionSpec.scope CustomResourceDefinitionVersion.name
        CustomResourceSubresourceScale.specReplicasPath
        CustomResourceSubresourceScale.statusReplicasPath
        IngressClassSpec.controller IngressClassParametersReference.apiGroup
        IngressClassParametersReference.kind IngressClassParametersReference.name
        IngressClassParametersReference.scope IngressClassParametersReference.namespace
        TypedLocalObjectReference.name ServiceSpec.loadBalancerClass ServiceSpec.trafficDistribution
        PodFailurePolicyRule.action PodFailurePolicyOnExitCodesRequirement.containerName
        PodFailurePolicyOnExitCodesRequirement.operator JobSpec.managedBy
        PodFailurePolicyOnPodConditionsPattern.type ContainerResourceMetricSource.container
        CSIPersistentVolumeSource.driver CSIPersistentVolumeSource.volumeHandle
        LocalVolumeSource.path TopologySelectorLabelRequirement.key CSIDriverSpec.fsGroupPolicy
        CSIDriverSpec.volumeLifecycleModes VolumeAttachmentSpec.attacher
        VolumeAttachmentSpec.nodeName
        CSIStorageCapacity.storageClassName VolumeAttributesClass.driverName RuntimeClass.handler
        EndpointSlice.addressType DiscoveryEndpointPort.appProtocol Endpoint.hostname
        Endpoint.nodeName MutatingWebhook.reinvocationPolicy MatchCondition.name
        MatchCondition.expression RuleWithOperations.apiVersions RuleWithOperations.operations
        RuleWithOperations.resources NamedRuleWithOperations.apiVersions
        NamedRuleWithOperations.operations NamedRuleWithOperations.resources
        NamedRuleWithOperations.scope MatchResources.matchPolicy ParamKind.apiVersion ParamKind.kind
        ValidatingAdmissionPolicySpec.failurePolicy Variable.name Variable.expression
        Validation.expression Validation.reason AuditAnnotation.key AuditAnnotation.valueExpression
        ValidatingAdmissionPolicyBindingSpec.policyName ParamRef.parameterNotFoundAction
        ValidatingAdmissionPolicyBindingSpec.validationActions
        ScopedResourceSelectorRequirement.operator ScopedResourceSelectorRequirement.scopeName
        ApiregistrationServiceReference.name ApiregistrationServiceReference.namespace
        PodOS.name PodSchedulingGate.name ResourceClaim.name
        RuleWithOperations.scope MutatingAdmissionPolicySpec.reinvocationPolicy
        MutatingAdmissionPolicyBindingSpec.policyName Mutation.patchType
        ApplyConfiguration.expression JSONPatch.expression DeviceTaint.effect
        PodDNSConfigOption.name CSIVolumeSource.driver OwnerReference.uid OwnerReference.name
        OwnerReference.kind OwnerReference.apiVersion NetworkPolicyPort.port
    """,
    moment_of_micros: """
        LeaseSpec.acquireTime LeaseSpec.renewTime Event.eventTime EventsEvent.eventTime
        EventSeries.lastObservedTime EventsEventSeries.lastObservedTime
    """,
    schedule: "CronJobSpec.schedule",
    zoneless: "CronJobSpec.schedule@29",
    zone: "CronJobSpec.timeZone",
    bytes64: """
        ConfigMap.binaryData Secret.data WebhookClientConfig.caBundle APIServiceSpec.caBundle
        CertificateSigningRequestSpec.request PodCertificateRequestSpec.stubPKCS10Request
    """,
    _OPERATOR: "LabelSelectorRequirement.operator",
    one_of("Role", "ClusterRole"): "RoleRef.kind",
    one_of("ServiceAccount", "User", "Group"): "Subject.kind",
    one_of("rbac.authorization.k8s.io"): "RoleRef.apiGroup",
    one_of("Delete", "Retain"): """
        StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted
        StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled StorageClass.reclaimPolicy
    """,
    one_of("Always", "Never", "OnFailure"): "Container.restartPolicy",
    one_of("Cluster", "Namespace"): "IngressClassParametersReference.scope",
    one_of("Cluster", "Namespaced"): "CustomResourceDefinitionSpec.scope",
    one_of(*("boolean", "date", "integer", "number", "string")): """
        CustomResourceColumnDefinition.type
    """,
    one_of("File", "None", "ReadWriteOnceWithFSType"): "CSIDriverSpec.fsGroupPolicy",
    one_of("Ephemeral", "Persistent"): "CSIDriverSpec.volumeLifecycleModes",
    one_of("Allow", "Deny"): "ParamRef.parameterNotFoundAction",
    one_of(*("Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized")): "Validation.reason",
    one_of("ByNamespace", "ByUser"): "FlowDistinguisherMethod.type",
    one_of("Group", "ServiceAccount", "User"): "FlowcontrolSubject.kind",
    one_of("Exempt", "Limited"): "PriorityLevelConfigurationSpec.type",
    one_of("Queue", "Reject"): "LimitResponse.type",
    one_of("False", "True", "Unknown"): "PodFailurePolicyOnPodConditionsPattern.status",
    one_of("NotRequired", "RestartContainer"): "ContainerResizePolicy.restartPolicy",
    one_of("cpu", "memory"): "ContainerResizePolicy.resourceName",
    one_of("Max", "Min", "Disabled"): "HPAScalingRules.selectPolicy",
    one_of("Pods", "Percent"): "HPAScalingPolicy.type",
    one_of("Utilization", "Value", "AverageValue"): "MetricTarget.type",
    one_of("Object", "Pods", "Resource", "External", "ContainerResource"): "MetricSpec.type",
    one_of("linux", "windows"): "PodOS.name",
    one_of("Disabled", "Enabled", "IfPossible"): "VolumeMount.recursiveReadOnly",
    one_of("Recursive", "MountOption"): "PodSecurityContext.seLinuxChangePolicy",
    one_of("PreferClose", "PreferSameZone", "PreferSameNode"): "ServiceSpec.trafficDistribution",
    one_of("PreferClose"): "ServiceSpec.trafficDistribution<34",
    one_of("OnDelete", "RollingUpdate"): "StatefulSetUpdateStrategy.type<37",
    one_of("Equal", "Exists"): "Toleration.operator<35",
    one_of(*_SCOPES): "ResourceQuotaSpec.scopes<33 ScopedResourceSelectorRequirement.scopeName<33",
}
"""A format, and the fields that it holds; of a list or a mapping, each of its values.

`@33` is asked since 1.33, `<32` is not asked any more since 1.32; else every version asks it.
"""

_SINCE: Final[Mapping[str, str]] = {"SecurityContext.procMount": "33"}
"""Fields with one of some words that releases before a version drop unread."""
UNREADABLE: Final[frozenset[Format]] = frozenset(
    (bytes64, written_amount, *(format_ for held in HELD.values() for format_, _ in held))
)
"""Formats of fields into which the API server can read no other value."""


@cache
def formats() -> Mapping[str, tuple[Held, ...]]:
    """Return the formats of each field, by `Definition.field`."""
    found: dict[str, tuple[Held, ...]] = {}
    for name, held in _pairs():
        found[name] = (*found.get(name, ()), held)
    return found


def _pairs() -> Iterator[tuple[str, Held]]:
    for row in ENUMS.replace("\n ", " ").splitlines():
        name, _, words = row.partition(" ")
        yield name, (one_of(*words.split("| ")), versions(_SINCE.get(name, ""), ""))
    for format_, names in FORMATS.items():
        for noted in names.split():
            field, _, before = noted.partition("<")
            field, _, since = field.partition("@")
            yield field, (format_, versions(since, before))
