"""The fields of Kubernetes 1.25 to 1.37: written by docs/kubernetes_fields.py.

Names and types of the OpenAPI documents of https://github.com/kubernetes/kubernetes
(Apache-2.0), api/openapi-spec/swagger.json;
`gate.lint.kubernetes.schemas` reads the table.
"""

from __future__ import annotations

from typing import Final

KINDS: Final = """\
v1 ConfigMap Endpoints LimitRange Namespace PersistentVolume PersistentVolumeClaim
v1 Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount
apps/v1 DaemonSet Deployment ReplicaSet StatefulSet
autoscaling/v1 HorizontalPodAutoscalerV1
autoscaling/v2 HorizontalPodAutoscaler
batch/v1 CronJob Job
networking.k8s.io/v1 Ingress IngressClass NetworkPolicy
policy/v1 PodDisruptionBudget
rbac.authorization.k8s.io/v1 ClusterRole ClusterRoleBinding Role RoleBinding
scheduling.k8s.io/v1 PriorityClass
storage.k8s.io/v1 StorageClass
"""
"""A line an API version: the kinds that it has in the table."""
FIELDS: Final = """\
AWSElasticBlockStoreVolumeSource fsType:s partition:i readOnly:b volumeID:!s
Affinity nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
AggregationRule clusterRoleSelectors:[LabelSelector
AppArmorProfile localhostProfile:s type:!s
AzureDiskVolumeSource cachingMode:s diskName:!s diskURI:!s fsType:s kind:s readOnly:b
AzureFilePersistentVolumeSource readOnly:b secretName:!s secretNamespace:s shareName:!s
AzureFileVolumeSource readOnly:b secretName:!s shareName:!s
CSIPersistentVolumeSource controllerExpandSecretRef:SecretReference
 controllerPublishSecretRef:SecretReference driver:!s fsType:s nodeExpandSecretRef:SecretReference
 nodePublishSecretRef:SecretReference nodeStageSecretRef:SecretReference readOnly:b
 volumeAttributes:{s volumeHandle:!s
CSIVolumeSource driver:!s fsType:s nodePublishSecretRef:LocalObjectReference readOnly:b
 volumeAttributes:{s
Capabilities add:[s drop:[s
CephFSPersistentVolumeSource monitors:![s path:s readOnly:b secretFile:s secretRef:SecretReference
 user:s
CephFSVolumeSource monitors:![s path:s readOnly:b secretFile:s secretRef:LocalObjectReference user:s
CinderPersistentVolumeSource fsType:s readOnly:b secretRef:SecretReference volumeID:!s
CinderVolumeSource fsType:s readOnly:b secretRef:LocalObjectReference volumeID:!s
ClientIPConfig timeoutSeconds:i
ClusterRole aggregationRule:AggregationRule apiVersion:s kind:s metadata:ObjectMeta
 rules:[PolicyRule
ClusterRoleBinding apiVersion:s kind:s metadata:ObjectMeta roleRef:!RoleRef subjects:[Subject
ClusterTrustBundleProjection labelSelector:LabelSelector name:s optional:b path:!s signerName:s
 user:i
ConfigMap apiVersion:s binaryData:{s data:o immutable:b kind:s metadata:ObjectMeta
ConfigMapEnvSource name:s optional:b
ConfigMapKeySelector key:!s name:s optional:b
ConfigMapProjection items:[KeyToPath name:s optional:b
ConfigMapVolumeSource defaultMode:i defaultUser:i items:[KeyToPath name:s optional:b
Container args:[q command:[q env:[EnvVar envFrom:[EnvFromSource image:s imagePullPolicy:s
 lifecycle:Lifecycle livenessProbe:Probe name:!s ports:[ContainerPort readinessProbe:Probe
 resizePolicy:[ContainerResizePolicy resources:ResourceRequirements restartPolicy:s
 restartPolicyRules:[ContainerRestartRule securityContext:SecurityContext startupProbe:Probe stdin:b
 stdinOnce:b terminationMessagePath:s terminationMessagePolicy:s tty:b volumeDevices:[VolumeDevice
 volumeMounts:[VolumeMount workingDir:s
ContainerPort containerPort:!i hostIP:s hostPort:i name:s protocol:s
ContainerResizePolicy resourceName:!s restartPolicy:!s
ContainerResourceMetricSource container:!s name:!s target:!MetricTarget
ContainerRestartRule action:!s exitCodes:ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes operator:!s values:[i
CronJob apiVersion:s kind:s metadata:ObjectMeta spec:!CronJobSpec status:o
CronJobSpec concurrencyPolicy:s failedJobsHistoryLimit:i jobTemplate:!JobTemplateSpec schedule:!s
 startingDeadlineSeconds:i successfulJobsHistoryLimit:i suspend:b timeZone:s
CrossVersionObjectReference apiVersion:s kind:!s name:!s
CrossVersionObjectReferenceV1 apiVersion:s kind:!s name:!s
DaemonSet apiVersion:s kind:s metadata:ObjectMeta spec:!DaemonSetSpec status:o
DaemonSetSpec minReadySeconds:i revisionHistoryLimit:i selector:!LabelSelector
 template:!PodTemplateSpec updateStrategy:DaemonSetUpdateStrategy
DaemonSetUpdateStrategy rollingUpdate:RollingUpdateDaemonSet type:s
Deployment apiVersion:s kind:s metadata:ObjectMeta spec:!DeploymentSpec status:o
DeploymentSpec minReadySeconds:i paused:b progressDeadlineSeconds:i replicas:i
 revisionHistoryLimit:i selector:!LabelSelector strategy:DeploymentStrategy
 template:!PodTemplateSpec
DeploymentStrategy rollingUpdate:RollingUpdateDeployment type:s
DownwardAPIProjection items:[DownwardAPIVolumeFile
DownwardAPIVolumeFile fieldRef:ObjectFieldSelector mode:i path:!s
 resourceFieldRef:ResourceFieldSelector user:i
DownwardAPIVolumeSource defaultMode:i defaultUser:i items:[DownwardAPIVolumeFile
EmptyDirVolumeSource medium:s mode:i sizeLimit:q
EndpointAddress hostname:s ip:!s nodeName:s targetRef:ObjectReference
EndpointPort appProtocol:s name:s port:!i protocol:s
EndpointSubset addresses:[EndpointAddress notReadyAddresses:[EndpointAddress ports:[EndpointPort
Endpoints apiVersion:s kind:s metadata:ObjectMeta subsets:[EndpointSubset
EnvFromSource configMapRef:ConfigMapEnvSource prefix:s secretRef:SecretEnvSource
EnvVar name:!s value:q valueFrom:EnvVarSource
EnvVarSource configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector
 fileKeyRef:FileKeySelector resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector
EphemeralContainer args:[q command:[q env:[EnvVar envFrom:[EnvFromSource image:s imagePullPolicy:s
 lifecycle:Lifecycle livenessProbe:Probe name:!s ports:[ContainerPort readinessProbe:Probe
 resizePolicy:[ContainerResizePolicy resources:ResourceRequirements restartPolicy:s
 restartPolicyRules:[ContainerRestartRule securityContext:SecurityContext startupProbe:Probe stdin:b
 stdinOnce:b targetContainerName:s terminationMessagePath:s terminationMessagePolicy:s tty:b
 volumeDevices:[VolumeDevice volumeMounts:[VolumeMount workingDir:s
EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate
EvictionResponder name:!s priority:!i
ExecAction command:[s
ExternalMetricSource metric:!MetricIdentifier target:!MetricTarget
FCVolumeSource fsType:s lun:i readOnly:b targetWWNs:[s wwids:[s
FileKeySelector key:!s optional:b path:!s volumeName:!s
FlexPersistentVolumeSource driver:!s fsType:s options:{s readOnly:b secretRef:SecretReference
FlexVolumeSource driver:!s fsType:s options:{s readOnly:b secretRef:LocalObjectReference
FlockerVolumeSource datasetName:s datasetUUID:s
GCEPersistentDiskVolumeSource fsType:s partition:i pdName:!s readOnly:b
GRPCAction mode:s port:!i service:s
GitRepoVolumeSource directory:s repository:!s revision:s
GlusterfsPersistentVolumeSource endpoints:!s endpointsNamespace:s path:!s readOnly:b
GlusterfsVolumeSource endpoints:!s path:!s readOnly:b
HPAScalingPolicy periodSeconds:!i type:!s value:!i
HPAScalingRules policies:[HPAScalingPolicy selectPolicy:s stabilizationWindowSeconds:i tolerance:q
HTTPGetAction host:s httpHeaders:[HTTPHeader path:s port:!q protocol:s scheme:s
HTTPHeader name:!s value:!s
HTTPIngressPath backend:!IngressBackend path:s pathType:!s
HTTPIngressRuleValue paths:![HTTPIngressPath
HorizontalPodAutoscaler apiVersion:s kind:s metadata:ObjectMeta spec:!HorizontalPodAutoscalerSpec
 status:o
HorizontalPodAutoscalerBehavior scaleDown:HPAScalingRules scaleUp:HPAScalingRules
HorizontalPodAutoscalerSpec behavior:HorizontalPodAutoscalerBehavior maxReplicas:!i
 metrics:[MetricSpec minReplicas:i scaleTargetRef:!CrossVersionObjectReference
HorizontalPodAutoscalerSpecV1 maxReplicas:!i minReplicas:i
 scaleTargetRef:!CrossVersionObjectReferenceV1 targetCPUUtilizationPercentage:i
HorizontalPodAutoscalerV1 apiVersion:s kind:s metadata:ObjectMeta
 spec:!HorizontalPodAutoscalerSpecV1 status:o
HostAlias hostnames:[s ip:!s
HostPathVolumeSource path:!s type:s
IPBlock cidr:!s except:[s
ISCSIPersistentVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:!s
 iscsiInterface:s lun:!i portals:[s readOnly:b secretRef:SecretReference targetPortal:!s
ISCSIVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:!s
 iscsiInterface:s lun:!i portals:[s readOnly:b secretRef:LocalObjectReference targetPortal:!s
ImageVolumeSource pullPolicy:s reference:s
Ingress apiVersion:s kind:s metadata:ObjectMeta spec:IngressSpec status:o
IngressBackend resource:TypedLocalObjectReference service:IngressServiceBackend
IngressClass apiVersion:s kind:s metadata:ObjectMeta spec:IngressClassSpec
IngressClassParametersReference apiGroup:s kind:!s name:!s namespace:s scope:s
IngressClassSpec controller:s parameters:IngressClassParametersReference
IngressRule host:s http:HTTPIngressRuleValue
IngressServiceBackend name:!s port:ServiceBackendPort
IngressSpec defaultBackend:IngressBackend ingressClassName:s rules:[IngressRule tls:[IngressTLS
IngressTLS hosts:[s secretName:s
Job apiVersion:s kind:s metadata:ObjectMeta spec:!JobSpec status:o
JobSchedulingConfiguration disruptionMode:WorkloadPodGroupDisruptionMode
 resourceClaims:[WorkloadPodGroupResourceClaim
 schedulingConstraints:WorkloadPodGroupSchedulingConstraints
 schedulingPolicy:WorkloadPodGroupSchedulingPolicy
JobSpec activeDeadlineSeconds:i backoffLimit:i backoffLimitPerIndex:i completionMode:s completions:i
 managedBy:s manualSelector:b maxFailedIndexes:i parallelism:i podFailurePolicy:PodFailurePolicy
 podReplacementPolicy:s scheduling:JobSchedulingConfiguration selector:LabelSelector
 successPolicy:SuccessPolicy suspend:b template:!PodTemplateSpec ttlSecondsAfterFinished:i
JobTemplateSpec metadata:ObjectMeta spec:!JobSpec
KeyToPath key:!s mode:i path:!s user:i
LabelSelector matchExpressions:[LabelSelectorRequirement matchLabels:{s
LabelSelectorRequirement key:!s operator:!s values:[s
Lifecycle postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:s
LifecycleHandler exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction tcpSocket:TCPSocketAction
LimitRange apiVersion:s kind:s metadata:ObjectMeta spec:!LimitRangeSpec
LimitRangeItem default:{q defaultRequest:{q max:{q maxLimitRequestRatio:{q min:{q type:!s
LimitRangeSpec limits:![LimitRangeItem
LocalObjectReference name:s
LocalVolumeSource fsType:s path:!s
MetricIdentifier name:!s selector:LabelSelector
MetricSpec containerResource:ContainerResourceMetricSource external:ExternalMetricSource
 object:ObjectMetricSource pods:PodsMetricSource resource:ResourceMetricSource type:!s
MetricTarget averageUtilization:i averageValue:q type:!s value:q
NFSVolumeSource path:!s readOnly:b server:!s
Namespace apiVersion:s kind:s metadata:ObjectMeta spec:NamespaceSpec status:o
NamespaceSpec finalizers:[s
NetworkPolicy apiVersion:s kind:s metadata:ObjectMeta spec:NetworkPolicySpec status:o
NetworkPolicyEgressRule ports:[NetworkPolicyPort to:[NetworkPolicyPeer
NetworkPolicyIngressRule from:[NetworkPolicyPeer ports:[NetworkPolicyPort
NetworkPolicyPeer ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector
NetworkPolicyPort endPort:i port:q protocol:s
NetworkPolicySpec egress:[NetworkPolicyEgressRule ingress:[NetworkPolicyIngressRule
 podSelector:LabelSelector policyTypes:[s
NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm
 requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
NodeSelector nodeSelectorTerms:![NodeSelectorTerm
NodeSelectorRequirement key:!s operator:!s values:[s
NodeSelectorTerm matchExpressions:[NodeSelectorRequirement matchFields:[NodeSelectorRequirement
ObjectFieldSelector apiVersion:s fieldPath:!s
ObjectMeta annotations:o creationTimestamp:s deletionGracePeriodSeconds:i deletionTimestamp:s
 finalizers:[s generateName:s generation:i labels:o managedFields:o name:q namespace:q
 ownerReferences:[OwnerReference resourceVersion:s selfLink:s uid:s
ObjectMetricSource describedObject:!CrossVersionObjectReference metric:!MetricIdentifier
 target:!MetricTarget
ObjectReference apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s
OwnerReference apiVersion:!s blockOwnerDeletion:b controller:b kind:!s name:!s uid:!s
PersistentVolume apiVersion:s kind:s metadata:ObjectMeta spec:PersistentVolumeSpec status:o
PersistentVolumeClaim apiVersion:s kind:s metadata:ObjectMeta spec:PersistentVolumeClaimSpec
 status:o
PersistentVolumeClaimSpec accessModes:[s dataSource:TypedLocalObjectReference
 dataSourceRef:TypedObjectReference resources:VolumeResourceRequirements selector:LabelSelector
 storageClassName:s volumeAttributesClassName:s volumeMode:s volumeName:s
PersistentVolumeClaimTemplate metadata:ObjectMeta spec:!PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource claimName:!s readOnly:b
PersistentVolumeSpec accessModes:[s awsElasticBlockStore:AWSElasticBlockStoreVolumeSource
 azureDisk:AzureDiskVolumeSource azureFile:AzureFilePersistentVolumeSource capacity:{q
 cephfs:CephFSPersistentVolumeSource cinder:CinderPersistentVolumeSource claimRef:ObjectReference
 csi:CSIPersistentVolumeSource fc:FCVolumeSource flexVolume:FlexPersistentVolumeSource
 flocker:FlockerVolumeSource gcePersistentDisk:GCEPersistentDiskVolumeSource
 glusterfs:GlusterfsPersistentVolumeSource hostPath:HostPathVolumeSource
 iscsi:ISCSIPersistentVolumeSource local:LocalVolumeSource mountOptions:[s nfs:NFSVolumeSource
 nodeAffinity:VolumeNodeAffinity persistentVolumeReclaimPolicy:s
 photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource
 quobyte:QuobyteVolumeSource rbd:RBDPersistentVolumeSource scaleIO:ScaleIOPersistentVolumeSource
 storageClassName:s storageos:StorageOSPersistentVolumeSource volumeAttributesClassName:s
 volumeMode:s vsphereVolume:VsphereVirtualDiskVolumeSource
PhotonPersistentDiskVolumeSource fsType:s pdID:!s
Pod apiVersion:s kind:s metadata:ObjectMeta spec:!PodSpec status:o
PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
 requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm
PodAffinityTerm labelSelector:LabelSelector matchLabelKeys:[s mismatchLabelKeys:[s
 namespaceSelector:LabelSelector namespaces:[s topologyKey:!s
PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
 requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm
PodCertificateProjection certificateChainPath:s credentialBundlePath:s keyPath:s keyType:!s
 maxExpirationSeconds:i signerName:!s user:i userAnnotations:{s
PodDNSConfig nameservers:[s options:[PodDNSConfigOption searches:[s
PodDNSConfigOption name:s value:s
PodDisruptionBudget apiVersion:s kind:s metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:o
PodDisruptionBudgetSpec maxUnavailable:q minAvailable:q selector:LabelSelector
 unhealthyPodEvictionPolicy:s
PodFailurePolicy rules:![PodFailurePolicyRule
PodFailurePolicyOnExitCodesRequirement containerName:s operator:!s values:![i
PodFailurePolicyOnPodConditionsPattern status:o type:!s
PodFailurePolicyRule action:!s onExitCodes:PodFailurePolicyOnExitCodesRequirement
 onPodConditions:[PodFailurePolicyOnPodConditionsPattern
PodOS name:!s
PodReadinessGate conditionType:!s
PodResourceClaim name:!s resourceClaimName:s resourceClaimTemplateName:s source:o
PodSchedulingGate name:!s
PodSchedulingGroup podGroupName:s
PodSecurityContext appArmorProfile:AppArmorProfile fsGroup:i fsGroupChangePolicy:s runAsGroup:i
 runAsNonRoot:b runAsUser:i seLinuxChangePolicy:s seLinuxOptions:SELinuxOptions
 seccompProfile:SeccompProfile supplementalGroups:[i supplementalGroupsPolicy:s sysctls:[Sysctl
 windowsOptions:WindowsSecurityContextOptions
PodSpec activeDeadlineSeconds:i affinity:Affinity automountServiceAccountToken:b
 containers:![Container dnsConfig:PodDNSConfig dnsPolicy:s enableServiceLinks:b
 ephemeralContainers:[EphemeralContainer evictionResponders:[EvictionResponder
 hostAliases:[HostAlias hostIPC:b hostNetwork:b hostPID:b hostUsers:b hostname:s hostnameOverride:s
 imagePullSecrets:[LocalObjectReference initContainers:[Container nodeName:s nodeSelector:{s
 os:PodOS overhead:{q preemptionPolicy:s priority:i priorityClassName:s
 readinessGates:[PodReadinessGate resourceClaims:[PodResourceClaim resources:ResourceRequirements
 restartPolicy:s runtimeClassName:s schedulerName:s schedulingGates:[PodSchedulingGate
 schedulingGroup:PodSchedulingGroup securityContext:PodSecurityContext serviceAccount:s
 serviceAccountName:s setHostnameAsFQDN:b shareProcessNamespace:b subdomain:s
 terminationGracePeriodSeconds:i tolerations:[Toleration
 topologySpreadConstraints:[TopologySpreadConstraint volumes:[Volume workloadRef:o
PodTemplate apiVersion:s kind:s metadata:ObjectMeta template:PodTemplateSpec
PodTemplateSpec metadata:ObjectMeta spec:!PodSpec
PodsMetricSource metric:!MetricIdentifier target:!MetricTarget
PolicyRule apiGroups:[s nonResourceURLs:[s resourceNames:[s resources:[s verbs:![s
PortworxVolumeSource fsType:s readOnly:b volumeID:!s
PreferredSchedulingTerm preference:!NodeSelectorTerm weight:!i
PriorityClass apiVersion:s description:s globalDefault:b kind:s metadata:ObjectMeta
 preemptionPolicy:s value:i
Probe exec:ExecAction failureThreshold:i grpc:GRPCAction httpGet:HTTPGetAction initialDelaySeconds:i
 periodSeconds:i successThreshold:i tcpSocket:TCPSocketAction terminationGracePeriodSeconds:i
 timeoutSeconds:i
ProjectedVolumeSource defaultMode:i defaultUser:i sources:[VolumeProjection
QuobyteVolumeSource group:s readOnly:b registry:!s tenant:s user:s volume:!s
RBDPersistentVolumeSource fsType:s image:!s keyring:s monitors:![s pool:s readOnly:b
 secretRef:SecretReference user:s
RBDVolumeSource fsType:s image:!s keyring:s monitors:![s pool:s readOnly:b
 secretRef:LocalObjectReference user:s
ReplicaSet apiVersion:s kind:s metadata:ObjectMeta spec:!ReplicaSetSpec status:o
ReplicaSetSpec minReadySeconds:i replicas:i selector:!LabelSelector template:PodTemplateSpec
ReplicationController apiVersion:s kind:s metadata:ObjectMeta spec:ReplicationControllerSpec
 status:o
ReplicationControllerSpec minReadySeconds:i replicas:i selector:{s template:PodTemplateSpec
ResourceClaim name:!s request:s
ResourceFieldSelector containerName:s divisor:q resource:!s
ResourceMetricSource name:!s target:!MetricTarget
ResourceQuota apiVersion:s kind:s metadata:ObjectMeta spec:ResourceQuotaSpec status:o
ResourceQuotaSpec hard:{q scopeSelector:ScopeSelector scopes:[s
ResourceRequirements claims:[ResourceClaim limits:{q requests:{q
Role apiVersion:s kind:s metadata:ObjectMeta rules:[PolicyRule
RoleBinding apiVersion:s kind:s metadata:ObjectMeta roleRef:!RoleRef subjects:[Subject
RoleRef apiGroup:s kind:!s name:!s
RollingUpdateDaemonSet maxSurge:q maxUnavailable:q
RollingUpdateDeployment maxSurge:q maxUnavailable:q
RollingUpdateStatefulSetStrategy maxUnavailable:q partition:i
SELinuxOptions level:s role:s type:s user:s
ScaleIOPersistentVolumeSource fsType:s gateway:!s protectionDomain:s readOnly:b
 secretRef:!SecretReference sslEnabled:b storageMode:s storagePool:s system:!s volumeName:s
ScaleIOVolumeSource fsType:s gateway:!s protectionDomain:s readOnly:b
 secretRef:!LocalObjectReference sslEnabled:b storageMode:s storagePool:s system:!s volumeName:s
ScopeSelector matchExpressions:[ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement operator:!s scopeName:!s values:[s
SeccompProfile localhostProfile:s type:!s
Secret apiVersion:s data:o immutable:b kind:s metadata:ObjectMeta stringData:o type:s
SecretEnvSource name:s optional:b
SecretKeySelector key:!s name:s optional:b
SecretProjection items:[KeyToPath name:s optional:b
SecretReference name:s namespace:s
SecretVolumeSource defaultMode:i defaultUser:i items:[KeyToPath optional:b secretName:s
SecurityContext allowPrivilegeEscalation:b appArmorProfile:AppArmorProfile capabilities:Capabilities
 privileged:b procMount:s readOnlyRootFilesystem:b runAsGroup:i runAsNonRoot:b runAsUser:i
 seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile
 windowsOptions:WindowsSecurityContextOptions
Service apiVersion:s kind:s metadata:ObjectMeta spec:ServiceSpec status:o
ServiceAccount apiVersion:s automountServiceAccountToken:b imagePullSecrets:[LocalObjectReference
 kind:s metadata:ObjectMeta secrets:[ObjectReference
ServiceAccountTokenProjection audience:s expirationSeconds:i path:!s user:i
ServiceBackendPort name:s number:i
ServicePort appProtocol:s name:s nodePort:i port:!i protocol:s targetPort:q
ServiceSpec allocateLoadBalancerNodePorts:b clusterIP:s clusterIPs:[s externalIPs:[s externalName:s
 externalTrafficPolicy:s healthCheckNodePort:i internalTrafficPolicy:s ipFamilies:[s
 ipFamilyPolicy:s loadBalancerClass:s loadBalancerIP:s loadBalancerSourceRanges:[s
 ports:[ServicePort publishNotReadyAddresses:b selector:{s sessionAffinity:s
 sessionAffinityConfig:SessionAffinityConfig trafficDistribution:s type:s
SessionAffinityConfig clientIP:ClientIPConfig
SleepAction seconds:!i
StatefulSet apiVersion:s kind:s metadata:ObjectMeta spec:!StatefulSetSpec status:o
StatefulSetOrdinals start:i
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s whenScaled:s
StatefulSetSpec minReadySeconds:i ordinals:StatefulSetOrdinals
 persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy
 podManagementPolicy:s replicas:i revisionHistoryLimit:i selector:!LabelSelector serviceName:s
 template:!PodTemplateSpec updateStrategy:StatefulSetUpdateStrategy
 volumeClaimTemplates:[PersistentVolumeClaim
StatefulSetUpdateStrategy rollingUpdate:RollingUpdateStatefulSetStrategy type:s
StorageClass allowVolumeExpansion:b allowedTopologies:[TopologySelectorTerm apiVersion:s kind:s
 metadata:ObjectMeta mountOptions:[s parameters:{s provisioner:!s reclaimPolicy:s
 volumeBindingMode:s
StorageOSPersistentVolumeSource fsType:s readOnly:b secretRef:ObjectReference volumeName:s
 volumeNamespace:s
StorageOSVolumeSource fsType:s readOnly:b secretRef:LocalObjectReference volumeName:s
 volumeNamespace:s
Subject apiGroup:s kind:!s name:!s namespace:s
SuccessPolicy rules:![SuccessPolicyRule
SuccessPolicyRule succeededCount:i succeededIndexes:s
Sysctl name:!s value:!s
TCPSocketAction host:s port:!q
Toleration effect:s key:s operator:s tolerationSeconds:i value:s
TopologyConstraint key:!s
TopologySelectorLabelRequirement key:!s values:![s
TopologySelectorTerm matchLabelExpressions:[TopologySelectorLabelRequirement
TopologySpreadConstraint labelSelector:LabelSelector matchLabelKeys:[s maxSkew:!i minDomains:i
 nodeAffinityPolicy:s nodeTaintsPolicy:s topologyKey:!s whenUnsatisfiable:!s
TypedLocalObjectReference apiGroup:s kind:!s name:!s
TypedObjectReference apiGroup:s kind:!s name:!s namespace:s
Volume awsElasticBlockStore:AWSElasticBlockStoreVolumeSource azureDisk:AzureDiskVolumeSource
 azureFile:AzureFileVolumeSource cephfs:CephFSVolumeSource cinder:CinderVolumeSource
 configMap:ConfigMapVolumeSource csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource
 emptyDir:EmptyDirVolumeSource ephemeral:EphemeralVolumeSource fc:FCVolumeSource
 flexVolume:FlexVolumeSource flocker:FlockerVolumeSource
 gcePersistentDisk:GCEPersistentDiskVolumeSource gitRepo:GitRepoVolumeSource
 glusterfs:GlusterfsVolumeSource hostPath:HostPathVolumeSource image:ImageVolumeSource
 iscsi:ISCSIVolumeSource name:!s nfs:NFSVolumeSource
 persistentVolumeClaim:PersistentVolumeClaimVolumeSource
 photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource
 projected:ProjectedVolumeSource quobyte:QuobyteVolumeSource rbd:RBDVolumeSource
 scaleIO:ScaleIOVolumeSource secret:SecretVolumeSource storageos:StorageOSVolumeSource
 vsphereVolume:VsphereVirtualDiskVolumeSource
VolumeDevice devicePath:!s name:!s
VolumeMount bindMountOptions:[s mountPath:!s mountPropagation:s name:!s readOnly:b
 recursiveReadOnly:s subPath:s subPathExpr:s
VolumeNodeAffinity required:NodeSelector
VolumeProjection clusterTrustBundle:ClusterTrustBundleProjection configMap:ConfigMapProjection
 downwardAPI:DownwardAPIProjection podCertificate:PodCertificateProjection secret:SecretProjection
 serviceAccountToken:ServiceAccountTokenProjection
VolumeResourceRequirements limits:{q requests:{q
VsphereVirtualDiskVolumeSource fsType:s storagePolicyID:s storagePolicyName:s volumePath:!s
WeightedPodAffinityTerm podAffinityTerm:!PodAffinityTerm weight:!i
WindowsSecurityContextOptions gmsaCredentialSpec:s gmsaCredentialSpecName:s hostProcess:b
 runAsUserName:s
WorkloadPodGroupDisruptionMode all:o single:o
WorkloadPodGroupGangSchedulingPolicy minCount:i
WorkloadPodGroupResourceClaim name:!s resourceClaimName:s resourceClaimTemplateName:s
WorkloadPodGroupSchedulingConstraints topology:[TopologyConstraint
WorkloadPodGroupSchedulingPolicy basic:o gang:WorkloadPodGroupGangSchedulingPolicy
"""
"""A line a definition: its fields with their types; an indented line goes on.

`s` text, `i` whole number, `n` number, `b` truth value, `q` number or text,
`o` anything, `[` a list of, `{` by any name, `!` required; else a definition.
"""
ENUMS: Final = """\
AppArmorProfile.type Localhost| RuntimeDefault| Unconfined
AzureDiskVolumeSource.cachingMode None| ReadOnly| ReadWrite
AzureDiskVolumeSource.kind Dedicated| Managed| Shared
Container.imagePullPolicy Always| IfNotPresent| Never
Container.terminationMessagePolicy FallbackToLogsOnError| File
ContainerPort.protocol SCTP| TCP| UDP
CronJobSpec.concurrencyPolicy Allow| Forbid| Replace
DaemonSetUpdateStrategy.type OnDelete| RollingUpdate
DeploymentStrategy.type Recreate| RollingUpdate
EndpointPort.protocol SCTP| TCP| UDP
EndpointPort.protocol SCTP| TCP| UDP
EphemeralContainer.imagePullPolicy Always| IfNotPresent| Never
EphemeralContainer.terminationMessagePolicy FallbackToLogsOnError| File
GRPCAction.mode Plaintext| TLS
HTTPGetAction.protocol HTTP1| HTTP2
HTTPGetAction.scheme HTTP| HTTPS
HTTPIngressPath.pathType Exact| ImplementationSpecific| Prefix
HostPathVolumeSource.type BlockDevice| CharDevice| Directory| DirectoryOrCreate| File| FileOrCreate|
 Socket
ImageVolumeSource.pullPolicy Always| IfNotPresent| Never
JobSpec.completionMode Indexed| NonIndexed
JobSpec.podReplacementPolicy Failed| TerminatingOrFailed
Lifecycle.stopSignal SIGABRT| SIGALRM| SIGBUS| SIGCHLD| SIGCLD| SIGCONT| SIGFPE| SIGHUP| SIGILL|
 SIGINT| SIGIO| SIGIOT| SIGKILL| SIGPIPE| SIGPOLL| SIGPROF| SIGPWR| SIGQUIT| SIGRTMAX| SIGRTMAX-1|
 SIGRTMAX-10| SIGRTMAX-11| SIGRTMAX-12| SIGRTMAX-13| SIGRTMAX-14| SIGRTMAX-2| SIGRTMAX-3|
 SIGRTMAX-4| SIGRTMAX-5| SIGRTMAX-6| SIGRTMAX-7| SIGRTMAX-8| SIGRTMAX-9| SIGRTMIN| SIGRTMIN+1|
 SIGRTMIN+10| SIGRTMIN+11| SIGRTMIN+12| SIGRTMIN+13| SIGRTMIN+14| SIGRTMIN+15| SIGRTMIN+2|
 SIGRTMIN+3| SIGRTMIN+4| SIGRTMIN+5| SIGRTMIN+6| SIGRTMIN+7| SIGRTMIN+8| SIGRTMIN+9| SIGSEGV|
 SIGSTKFLT| SIGSTOP| SIGSYS| SIGTERM| SIGTRAP| SIGTSTP| SIGTTIN| SIGTTOU| SIGURG| SIGUSR1| SIGUSR2|
 SIGVTALRM| SIGWINCH| SIGXCPU| SIGXFSZ
NetworkPolicyPort.protocol SCTP| TCP| UDP
NetworkPolicySpec.policyTypes Egress| Ingress
NodeSelectorRequirement.operator DoesNotExist| Exists| Gt| In| Lt| NotIn
PersistentVolumeClaimSpec.accessModes ReadOnlyMany| ReadWriteMany| ReadWriteOnce| ReadWriteOncePod
PersistentVolumeClaimSpec.volumeMode Block| Filesystem
PersistentVolumeSpec.accessModes ReadOnlyMany| ReadWriteMany| ReadWriteOnce| ReadWriteOncePod
PersistentVolumeSpec.persistentVolumeReclaimPolicy Delete| Recycle| Retain
PersistentVolumeSpec.volumeMode Block| Filesystem
PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy AlwaysAllow| IfHealthyBudget
PodFailurePolicyOnExitCodesRequirement.operator In| NotIn
PodFailurePolicyRule.action Count| FailIndex| FailJob| Ignore
PodSecurityContext.fsGroupChangePolicy Always| OnRootMismatch
PodSecurityContext.supplementalGroupsPolicy Merge| Strict
PodSpec.dnsPolicy ClusterFirst| ClusterFirstWithHostNet| Default| None
PodSpec.preemptionPolicy Never| PreemptLowerPriority
PodSpec.restartPolicy Always| Never| OnFailure
PriorityClass.preemptionPolicy Never| PreemptLowerPriority
ResourceQuotaSpec.scopes BestEffort| CrossNamespacePodAffinity| NotBestEffort| NotTerminating|
 PriorityClass| Terminating| VolumeAttributesClass
ScopedResourceSelectorRequirement.operator DoesNotExist| Exists| In| NotIn
ScopedResourceSelectorRequirement.scopeName BestEffort| CrossNamespacePodAffinity| NotBestEffort|
 NotTerminating| PriorityClass| Terminating| VolumeAttributesClass
SeccompProfile.type Localhost| RuntimeDefault| Unconfined
SecurityContext.procMount Default| Unmasked
ServicePort.protocol SCTP| TCP| UDP
ServiceSpec.externalTrafficPolicy Cluster| Local
ServiceSpec.internalTrafficPolicy Cluster| Local
ServiceSpec.ipFamilies IPv4| IPv6
ServiceSpec.ipFamilyPolicy PreferDualStack| RequireDualStack| SingleStack
ServiceSpec.sessionAffinity ClientIP| None
ServiceSpec.type ClusterIP| ExternalName| LoadBalancer| NodePort
StatefulSetSpec.podManagementPolicy OrderedReady| Parallel
StatefulSetUpdateStrategy.type OnDelete| Recreate| RollingUpdate
StorageClass.reclaimPolicy Delete| Recycle| Retain
StorageClass.volumeBindingMode Immediate| WaitForFirstConsumer
Toleration.effect NoExecute| NoSchedule| PreferNoSchedule
Toleration.operator Equal| Exists| Gt| Lt
TopologySpreadConstraint.nodeAffinityPolicy Honor| Ignore
TopologySpreadConstraint.nodeTaintsPolicy Honor| Ignore
TopologySpreadConstraint.whenUnsatisfiable DoNotSchedule| ScheduleAnyway
VolumeMount.mountPropagation Bidirectional| HostToContainer| None
"""
"""A line a field: the words of which it takes one, with `|` between them."""
