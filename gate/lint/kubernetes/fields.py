"""The kinds and fields of Kubernetes 1.25 to 1.37: written by docs/kubernetes_fields.py.

Names, types and words of the OpenAPI documents, and dates of the lifecycle files, of
https://github.com/kubernetes/kubernetes (Apache-2.0); `schemas` and `versions` beside
this module read the tables.
"""

from __future__ import annotations

from typing import Final

KINDS: Final = """\
admissionregistration.k8s.io/v1 MutatingAdmissionPolicy MutatingAdmissionPolicyBinding
 MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
 ValidatingWebhookConfiguration
apiregistration.k8s.io/v1 APIService
apps/v1 ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet
authentication.k8s.io/v1 SelfSubjectReview TokenReview
authorization.k8s.io/v1 LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview
 SubjectAccessReview
autoscaling/v1 HorizontalPodAutoscaler=HorizontalPodAutoscalerV1
autoscaling/v2 HorizontalPodAutoscaler
batch/v1 CronJob Job
certificates.k8s.io/v1 CertificateSigningRequest ClusterTrustBundle PodCertificateRequest
coordination.k8s.io/v1 Lease
coordination.k8s.io/v1beta1 LeaseCandidate
discovery.k8s.io/v1 EndpointSlice
events.k8s.io/v1 Event=EventsEvent
flowcontrol.apiserver.k8s.io/v1 FlowSchema PriorityLevelConfiguration
internal.apiserver.k8s.io/v1alpha1 StorageVersion
lifecycle.k8s.io/v1alpha1 EvictionRequest
networking.k8s.io/v1 IPAddress Ingress IngressClass NetworkPolicy ServiceCIDR
node.k8s.io/v1 RuntimeClass
policy/v1 PodDisruptionBudget
rbac.authorization.k8s.io/v1 ClusterRole ClusterRoleBinding Role RoleBinding
resource.k8s.io/v1 DeviceClass DeviceTaintRule ResourceClaim=ResourceResourceClaim
 ResourceClaimTemplate ResourceSlice
resource.k8s.io/v1alpha3 ResourcePoolStatusRequest
scheduling.k8s.io/v1 PriorityClass
scheduling.k8s.io/v1alpha3 CompositePodGroup
scheduling.k8s.io/v1beta1 PodGroup Workload
storage.k8s.io/v1 CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment
 VolumeAttributesClass
storagemigration.k8s.io/v1 StorageVersionMigration
v1 ComponentStatus ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume
 PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service
 ServiceAccount
"""
"""A line an API version: its kinds that are in the table, `=` the definition of another
name."""
FIELDS: Final = """\
APIService apiVersion:s kind:s metadata:ObjectMeta spec:!APIServiceSpec status:o
APIServiceSpec caBundle:s group:s groupPriorityMinimum:!i insecureSkipTLSVerify:b
 service:ApiregistrationServiceReference version:s versionPriority:!i
AWSElasticBlockStoreVolumeSource fsType:s partition:i readOnly:b volumeID:!s
Affinity nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
AggregationRule clusterRoleSelectors:[LabelSelector
ApiregistrationServiceReference name:s namespace:s port:i
AppArmorProfile localhostProfile:s type:!s
ApplyConfiguration expression:s
AuditAnnotation key:!s valueExpression:!s
AzureDiskVolumeSource cachingMode:s diskName:!s diskURI:!s fsType:s kind:s readOnly:b
AzureFilePersistentVolumeSource readOnly:b secretName:!s secretNamespace:s shareName:!s
AzureFileVolumeSource readOnly:b secretName:!s shareName:!s
CELDeviceSelector expression:!s
CSIDriver apiVersion:s kind:s metadata:ObjectMeta spec:CSIDriverSpec
CSIDriverSpec attachRequired:b fsGroupPolicy:s nodeAllocatableUpdatePeriodSeconds:l@33
 podInfoOnMount:b preventPodSchedulingIfMissing:b@36 requiresRepublish:b seLinuxMount:b
 serviceAccountTokenInSecrets:b@35 storageCapacity:b tokenRequests:[TokenRequest
 volumeLifecycleModes:[s
CSINode apiVersion:s kind:s metadata:ObjectMeta spec:CSINodeSpec status:o
CSINodeDriver allocatable:VolumeNodeResources name:!s nodeID:!s topologyKeys:[s
CSINodeSpec drivers:[CSINodeDriver
CSIPersistentVolumeSource controllerExpandSecretRef:SecretReference
 controllerPublishSecretRef:SecretReference driver:!s fsType:s nodeExpandSecretRef:SecretReference
 nodePublishSecretRef:SecretReference nodeStageSecretRef:SecretReference readOnly:b
 volumeAttributes:{s volumeHandle:!s
CSIStorageCapacity apiVersion:s capacity:q kind:s maximumVolumeSize:q metadata:ObjectMeta
 nodeTopology:LabelSelector storageClassName:!s
CSIVolumeSource driver:!s fsType:s nodePublishSecretRef:LocalObjectReference readOnly:b
 volumeAttributes:{s
Capabilities add:[s drop:[s
CapacityRequestPolicy default:q validRange:CapacityRequestPolicyRange validValues:[q
CapacityRequestPolicyRange max:q min:!q step:q
CapacityRequirements requests:{q
CephFSPersistentVolumeSource monitors:![s path:s readOnly:b secretFile:s secretRef:SecretReference
 user:s
CephFSVolumeSource monitors:![s path:s readOnly:b secretFile:s secretRef:LocalObjectReference user:s
CertificateSigningRequest apiVersion:s kind:s metadata:ObjectMeta
 spec:!CertificateSigningRequestSpec status:o
CertificateSigningRequestSpec expirationSeconds:i extra:{[s groups:[s request:!s signerName:!s uid:s
 usages:[s username:s
CinderPersistentVolumeSource fsType:s readOnly:b secretRef:SecretReference volumeID:!s
CinderVolumeSource fsType:s readOnly:b secretRef:LocalObjectReference volumeID:!s
ClientIPConfig timeoutSeconds:i
ClusterRole aggregationRule:AggregationRule apiVersion:s kind:s metadata:ObjectMeta
 rules:[PolicyRule
ClusterRoleBinding apiVersion:s kind:s metadata:ObjectMeta roleRef:!RoleRef subjects:[Subject
ClusterTrustBundle apiVersion:s kind:s metadata:ObjectMeta spec:!ClusterTrustBundleSpec
ClusterTrustBundleProjection labelSelector:LabelSelector name:s optional:b path:!s signerName:s
 user:l@37
ClusterTrustBundleSpec signerName:s trustBundle:!s
ComponentCondition error:s message:s status:!o type:!s
ComponentStatus apiVersion:s conditions:[ComponentCondition kind:s metadata:ObjectMeta
CompositeDisruptionMode all:o single:o
CompositeGangSchedulingPolicy minGroupCount:!i
CompositePodGroup apiVersion:s kind:s metadata:ObjectMeta spec:!CompositePodGroupSpec status:o
CompositePodGroupSchedulingConstraints topology:[TopologyConstraint
CompositePodGroupSchedulingPolicy basic:o gang:CompositeGangSchedulingPolicy
CompositePodGroupSpec disruptionMode:CompositeDisruptionMode parentCompositePodGroupName:s
 preemptionPolicy:s priority:i priorityClassName:s
 schedulingConstraints:CompositePodGroupSchedulingConstraints
 schedulingPolicy:!CompositePodGroupSchedulingPolicy workloadRef:!WorkloadReference
CompositePodGroupTemplate compositePodGroupTemplates:[CompositePodGroupTemplate
 disruptionMode:SchedulingCompositeDisruptionMode name:!s podGroupTemplates:[PodGroupTemplate
 preemptionPolicy:s priority:i priorityClassName:s
 schedulingConstraints:SchedulingCompositePodGroupSchedulingConstraints
 schedulingPolicy:!SchedulingCompositePodGroupSchedulingPolicy
ConfigMap apiVersion:s binaryData:{s data:{s immutable:b kind:s metadata:ObjectMeta
ConfigMapEnvSource name:s optional:b
ConfigMapKeySelector key:!s name:s optional:b
ConfigMapNodeConfigSource kubeletConfigKey:!s name:!s namespace:!s resourceVersion:s uid:s
ConfigMapProjection items:[KeyToPath name:s optional:b
ConfigMapVolumeSource defaultMode:i defaultUser:l@37 items:[KeyToPath name:s optional:b
Container args:[s command:[s env:[EnvVar envFrom:[EnvFromSource image:s imagePullPolicy:s
 lifecycle:Lifecycle livenessProbe:Probe name:!s ports:[ContainerPort readinessProbe:Probe
 resizePolicy:[ContainerResizePolicy@27 resources:ResourceRequirements restartPolicy:s@28
 restartPolicyRules:[ContainerRestartRule@34 securityContext:SecurityContext startupProbe:Probe
 stdin:b stdinOnce:b terminationMessagePath:s terminationMessagePolicy:s tty:b
 volumeDevices:[VolumeDevice volumeMounts:[VolumeMount workingDir:s
ContainerPort containerPort:!i hostIP:s hostPort:i name:s protocol:s
ContainerResizePolicy resourceName:!s restartPolicy:!s
ContainerResourceMetricSource container:!s name:!s target:!MetricTarget
ContainerRestartRule action:!s exitCodes:ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes operator:!s values:[i
ControllerRevision apiVersion:s data:!o kind:s metadata:ObjectMeta revision:l
Counter value:q
CounterSet counters:!{Counter name:!s
CronJob apiVersion:s kind:s metadata:ObjectMeta spec:!CronJobSpec status:o
CronJobSpec concurrencyPolicy:s failedJobsHistoryLimit:i jobTemplate:!JobTemplateSpec schedule:!s
 startingDeadlineSeconds:l successfulJobsHistoryLimit:i suspend:b timeZone:s
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
Device allNodes:b allowMultipleAllocations:b attributes:{DeviceAttribute bindingConditions:[s
 bindingFailureConditions:[s bindsToNode:b capacity:{DeviceCapacity
 consumesCounters:[DeviceCounterConsumption name:!s nodeAllocatableResourceMappings:{o@36<37
 nodeAllocatableResources:{NodeAllocatableResource@37 nodeName:s nodeSelector:NodeSelector
 taints:[DeviceTaint
DeviceAttribute bool:b bools:[b@36 int:l ints:[l@36 string:s strings:[s@36 version:s versions:[s@36
DeviceCapacity requestPolicy:CapacityRequestPolicy value:q
DeviceClaim config:[DeviceClaimConfiguration constraints:[DeviceConstraint requests:[DeviceRequest
DeviceClaimConfiguration opaque:OpaqueDeviceConfiguration requests:[s
DeviceClass apiVersion:s kind:s metadata:ObjectMeta spec:DeviceClassSpec
DeviceClassConfiguration opaque:OpaqueDeviceConfiguration
DeviceClassSpec config:[DeviceClassConfiguration extendedResourceName:s selectors:[DeviceSelector
DeviceConstraint distinctAttribute:s matchAttribute:s requests:[s
DeviceCounterConsumption compatibilityGroups:[s@37 counterSet:!s counters:!{Counter
DeviceDerivedAttribute expression:!s name:!s
DeviceRequest exactly:ExactDeviceRequest firstAvailable:[DeviceSubRequest name:!s
DeviceSelector cel:CELDeviceSelector
DeviceSubRequest allocationMode:s capacity:CapacityRequirements count:l
 derivedAttributes:[DeviceDerivedAttribute@37 deviceClassName:!s name:!s selectors:[DeviceSelector
 tolerations:[DeviceToleration
DeviceTaint effect:!s key:!s timeAdded:t value:s
DeviceTaintRule apiVersion:s kind:s metadata:ObjectMeta spec:!DeviceTaintRuleSpec status:o
DeviceTaintRuleSpec deviceSelector:DeviceTaintSelector taint:!DeviceTaint
DeviceTaintSelector device:s driver:s pool:s
DeviceToleration effect:s key:s operator:s tolerationSeconds:l value:s
DiscoveryEndpointPort appProtocol:s name:s port:i protocol:s
DisruptionMode all:o single:o
DownwardAPIProjection items:[DownwardAPIVolumeFile
DownwardAPIVolumeFile fieldRef:ObjectFieldSelector mode:i path:!s
 resourceFieldRef:ResourceFieldSelector user:l@37
DownwardAPIVolumeSource defaultMode:i defaultUser:l@37 items:[DownwardAPIVolumeFile
EmptyDirVolumeSource medium:s mode:i@37 sizeLimit:q
Endpoint addresses:![s conditions:EndpointConditions deprecatedTopology:{s hints:EndpointHints
 hostname:s nodeName:s targetRef:ObjectReference zone:s
EndpointAddress hostname:s ip:!s nodeName:s targetRef:ObjectReference
EndpointConditions ready:b serving:b terminating:b
EndpointHints forNodes:[ForNode@33 forZones:[ForZone
EndpointPort appProtocol:s name:s port:!i protocol:s
EndpointSlice addressType:!s apiVersion:s endpoints:[Endpoint kind:s metadata:ObjectMeta
 ports:[DiscoveryEndpointPort
EndpointSubset addresses:[EndpointAddress notReadyAddresses:[EndpointAddress ports:[EndpointPort
Endpoints apiVersion:s kind:s metadata:ObjectMeta subsets:[EndpointSubset
EnvFromSource configMapRef:ConfigMapEnvSource prefix:s secretRef:SecretEnvSource
EnvVar name:!s value:s valueFrom:EnvVarSource
EnvVarSource configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector
 fileKeyRef:FileKeySelector@34 resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector
EphemeralContainer args:[s command:[s env:[EnvVar envFrom:[EnvFromSource image:s imagePullPolicy:s
 lifecycle:Lifecycle livenessProbe:Probe name:!s ports:[ContainerPort readinessProbe:Probe
 resizePolicy:[ContainerResizePolicy@27 resources:ResourceRequirements restartPolicy:s@28
 restartPolicyRules:[ContainerRestartRule@34 securityContext:SecurityContext startupProbe:Probe
 stdin:b stdinOnce:b targetContainerName:s terminationMessagePath:s terminationMessagePolicy:s tty:b
 volumeDevices:[VolumeDevice volumeMounts:[VolumeMount workingDir:s
EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate
Event action:s apiVersion:s count:i eventTime:s firstTimestamp:t involvedObject:!ObjectReference
 kind:s lastTimestamp:t message:s metadata:!ObjectMeta reason:s related:ObjectReference
 reportingComponent:s reportingInstance:s series:EventSeries source:EventSource type:s
EventSeries count:i lastObservedTime:s
EventSource component:s host:s
EventsEvent action:s apiVersion:s deprecatedCount:i deprecatedFirstTimestamp:t
 deprecatedLastTimestamp:t deprecatedSource:EventSource eventTime:!s kind:s metadata:ObjectMeta
 note:s reason:s regarding:ObjectReference related:ObjectReference reportingController:s
 reportingInstance:s series:EventsEventSeries type:s
EventsEventSeries count:!i lastObservedTime:!s
EvictionRequest apiVersion:s kind:s metadata:ObjectMeta spec:!EvictionRequestSpec status:o
EvictionRequestPodReference name:!s uid:!s
EvictionRequestSpec intent:!s requester:!s target:!EvictionRequestTarget
EvictionRequestTarget pod:EvictionRequestPodReference
EvictionResponder name:!s priority:!i
ExactDeviceRequest adminAccess:b allocationMode:s capacity:CapacityRequirements count:l
 derivedAttributes:[DeviceDerivedAttribute@37 deviceClassName:!s selectors:[DeviceSelector
 tolerations:[DeviceToleration
ExecAction command:[s
ExemptPriorityLevelConfiguration lendablePercent:i nominalConcurrencyShares:i
ExternalMetricSource metric:!MetricIdentifier target:!MetricTarget
FCVolumeSource fsType:s lun:i readOnly:b targetWWNs:[s wwids:[s
FieldSelectorAttributes rawSelector:s requirements:[FieldSelectorRequirement
FieldSelectorRequirement key:!s operator:!s values:[s
FileKeySelector key:!s optional:b path:!s volumeName:!s
FlexPersistentVolumeSource driver:!s fsType:s options:{s readOnly:b secretRef:SecretReference
FlexVolumeSource driver:!s fsType:s options:{s readOnly:b secretRef:LocalObjectReference
FlockerVolumeSource datasetName:s datasetUUID:s
FlowDistinguisherMethod type:!s
FlowSchema apiVersion:s kind:s metadata:ObjectMeta spec:!FlowSchemaSpec status:o
FlowSchemaSpec distinguisherMethod:FlowDistinguisherMethod matchingPrecedence:i
 priorityLevelConfiguration:!PriorityLevelConfigurationReference rules:[PolicyRulesWithSubjects
FlowcontrolSubject group:GroupSubject kind:!s serviceAccount:ServiceAccountSubject user:UserSubject
ForNode name:!s
ForZone name:s
GCEPersistentDiskVolumeSource fsType:s partition:i pdName:!s readOnly:b
GRPCAction mode:s@37 port:!i service:s
GangSchedulingPolicy minCount:!i
GitRepoVolumeSource directory:s repository:!s revision:s
GlusterfsPersistentVolumeSource endpoints:!s endpointsNamespace:s path:!s readOnly:b
GlusterfsVolumeSource endpoints:!s path:!s readOnly:b
GroupResource group:s resource:!s
GroupSubject name:!s
HPAScalingPolicy periodSeconds:!i type:!s value:!i
HPAScalingRules policies:[HPAScalingPolicy selectPolicy:s stabilizationWindowSeconds:i
 tolerance:q@33
HTTPGetAction host:s httpHeaders:[HTTPHeader path:s port:!q protocol:s@37 scheme:s
HTTPHeader name:!s value:s
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
IPAddress apiVersion:s kind:s metadata:ObjectMeta spec:!IPAddressSpec
IPAddressSpec parentRef:!ParentReference
IPBlock cidr:!s except:[s
ISCSIPersistentVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:!s
 iscsiInterface:s lun:i portals:[s readOnly:b secretRef:SecretReference targetPortal:!s
ISCSIVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:!s
 iscsiInterface:s lun:i portals:[s readOnly:b secretRef:LocalObjectReference targetPortal:!s
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
JSONPatch expression:s
Job apiVersion:s kind:s metadata:ObjectMeta spec:!JobSpec status:o
JobSchedulingConfiguration disruptionMode:WorkloadPodGroupDisruptionMode
 resourceClaims:[WorkloadPodGroupResourceClaim
 schedulingConstraints:WorkloadPodGroupSchedulingConstraints
 schedulingPolicy:WorkloadPodGroupSchedulingPolicy
JobSpec activeDeadlineSeconds:l backoffLimit:i backoffLimitPerIndex:i@28 completionMode:s
 completions:i managedBy:s@30 manualSelector:b maxFailedIndexes:i@28 parallelism:i
 podFailurePolicy:PodFailurePolicy podReplacementPolicy:s@28
 scheduling:JobSchedulingConfiguration@37 selector:LabelSelector successPolicy:SuccessPolicy@30
 suspend:b template:!PodTemplateSpec ttlSecondsAfterFinished:i
JobTemplateSpec metadata:ObjectMeta spec:!JobSpec
KeyToPath key:!s mode:i path:!s user:l@37
LabelSelector matchExpressions:[LabelSelectorRequirement matchLabels:{s
LabelSelectorAttributes rawSelector:s requirements:[LabelSelectorRequirement
LabelSelectorRequirement key:!s operator:!s values:[s
Lease apiVersion:s kind:s metadata:ObjectMeta spec:LeaseSpec
LeaseCandidate apiVersion:s kind:s metadata:ObjectMeta spec:!LeaseCandidateSpec
LeaseCandidateSpec binaryVersion:!s emulationVersion:s leaseName:!s pingTime:s renewTime:s
 strategy:!s
LeaseSpec acquireTime:s holderIdentity:s leaseDurationSeconds:i leaseTransitions:i
 preferredHolder:s@31 renewTime:s strategy:s@31
Lifecycle postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:s@33
LifecycleHandler exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction@29
 tcpSocket:TCPSocketAction
LimitRange apiVersion:s kind:s metadata:ObjectMeta spec:LimitRangeSpec
LimitRangeItem default:{q defaultRequest:{q max:{q maxLimitRequestRatio:{q min:{q type:!s
LimitRangeSpec limits:[LimitRangeItem
LimitResponse queuing:QueuingConfiguration type:!s
LimitedPriorityLevelConfiguration borrowingLimitPercent:i lendablePercent:i
 limitResponse:!LimitResponse nominalConcurrencyShares:i
LocalObjectReference name:s
LocalSubjectAccessReview apiVersion:s kind:s metadata:ObjectMeta spec:!SubjectAccessReviewSpec
 status:o
LocalVolumeSource fsType:s path:!s
MatchCondition expression:!s name:!s
MatchResources excludeResourceRules:[NamedRuleWithOperations matchPolicy:s
 namespaceSelector:LabelSelector objectSelector:LabelSelector resourceRules:[NamedRuleWithOperations
MetricIdentifier name:!s selector:MetricSelector
MetricSpec containerResource:ContainerResourceMetricSource external:ExternalMetricSource
 object:ObjectMetricSource pods:PodsMetricSource resource:ResourceMetricSource type:!s
MetricTarget averageUtilization:i averageValue:q type:!s value:q
MutatingAdmissionPolicy apiVersion:s kind:s metadata:ObjectMeta spec:MutatingAdmissionPolicySpec
MutatingAdmissionPolicyBinding apiVersion:s kind:s metadata:ObjectMeta
 spec:MutatingAdmissionPolicyBindingSpec
MutatingAdmissionPolicyBindingSpec matchResources:MatchResources paramRef:ParamRef policyName:s
MutatingAdmissionPolicySpec failurePolicy:s matchConditions:[MatchCondition
 matchConstraints:MatchResources mutations:[Mutation paramKind:ParamKind reinvocationPolicy:s
 variables:[Variable
MutatingWebhook admissionReviewVersions:![s clientConfig:!WebhookClientConfig failurePolicy:s
 matchConditions:[MatchCondition@27 matchPolicy:s name:!s namespaceSelector:LabelSelector
 objectSelector:LabelSelector reinvocationPolicy:s rules:[RuleWithOperations sideEffects:!s
 timeoutSeconds:i
MutatingWebhookConfiguration apiVersion:s kind:s metadata:ObjectMeta webhooks:[MutatingWebhook
Mutation applyConfiguration:ApplyConfiguration jsonPatch:JSONPatch patchType:!s
NFSVolumeSource path:!s readOnly:b server:!s
NamedRuleWithOperations apiGroups:[s apiVersions:[s operations:[s resourceNames:[s resources:[s
 scope:s
Namespace apiVersion:s kind:s metadata:ObjectMeta spec:NamespaceSpec status:o
NamespaceSpec finalizers:[s
NetworkPolicy apiVersion:s kind:s metadata:ObjectMeta spec:NetworkPolicySpec status:o
NetworkPolicyEgressRule ports:[NetworkPolicyPort to:[NetworkPolicyPeer
NetworkPolicyIngressRule from:[NetworkPolicyPeer ports:[NetworkPolicyPort
NetworkPolicyPeer ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector
NetworkPolicyPort endPort:i port:q protocol:s
NetworkPolicySpec egress:[NetworkPolicyEgressRule ingress:[NetworkPolicyIngressRule
 podSelector:LabelSelector policyTypes:[s
Node apiVersion:s kind:s metadata:ObjectMeta spec:NodeSpec status:o
NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm
 requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
NodeAllocatableMapping capacityKey:s capacityMultiplier:q deviceMultiplier:q
NodeAllocatableOverhead perContainer:q perPod:q
NodeAllocatableResource mapping:NodeAllocatableMapping overhead:NodeAllocatableOverhead
NodeConfigSource configMap:ConfigMapNodeConfigSource
NodePodPreemptionPolicy disableResizePreemption:[s
NodeSelector nodeSelectorTerms:![NodeSelectorTerm
NodeSelectorRequirement key:!s operator:!s values:[s
NodeSelectorTerm matchExpressions:[NodeSelectorRequirement matchFields:[NodeSelectorRequirement
NodeSpec configSource:NodeConfigSource externalID:s podCIDR:s podCIDRs:[s
 podPreemptionPolicy:NodePodPreemptionPolicy@37 providerID:s taints:[Taint unschedulable:b
NonResourceAttributes path:s verb:s
NonResourcePolicyRule nonResourceURLs:![s verbs:![s
ObjectFieldSelector apiVersion:s fieldPath:!s
ObjectMeta annotations:{s creationTimestamp:t deletionGracePeriodSeconds:l deletionTimestamp:t
 finalizers:[s generateName:s generation:l labels:{s managedFields:o name:s namespace:s
 ownerReferences:[OwnerReference resourceVersion:s selfLink:s uid:s
ObjectMetricSource describedObject:!CrossVersionObjectReference metric:!MetricIdentifier
 target:!MetricTarget
ObjectReference apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s
OpaqueDeviceConfiguration driver:!s parameters:!o
Overhead podFixed:{q
OwnerReference apiVersion:!s blockOwnerDeletion:b controller:b kind:!s name:!s uid:!s
ParamKind apiVersion:s kind:s
ParamRef name:s namespace:s parameterNotFoundAction:s selector:LabelSelector
ParentReference group:s name:!s namespace:s resource:!s
PersistentVolume apiVersion:s kind:s metadata:ObjectMeta spec:PersistentVolumeSpec status:o
PersistentVolumeClaim apiVersion:s kind:s metadata:ObjectMeta spec:PersistentVolumeClaimSpec
 status:o
PersistentVolumeClaimSpec accessModes:[s dataSource:TypedLocalObjectReference
 dataSourceRef:TypedObjectReference resources:VolumeResourceRequirements selector:LabelSelector
 storageClassName:s volumeAttributesClassName:s@29 volumeMode:s volumeName:s
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
 storageClassName:s storageos:StorageOSPersistentVolumeSource volumeAttributesClassName:s@29
 volumeMode:s vsphereVolume:VsphereVirtualDiskVolumeSource
PhotonPersistentDiskVolumeSource fsType:s pdID:!s
Pod apiVersion:s kind:s metadata:ObjectMeta spec:!PodSpec status:o
PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
 requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm
PodAffinityTerm labelSelector:LabelSelector matchLabelKeys:[s@29 mismatchLabelKeys:[s@29
 namespaceSelector:LabelSelector namespaces:[s topologyKey:!s
PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
 requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm
PodCertificateProjection certificateChainPath:s credentialBundlePath:s keyPath:s keyType:!s
 maxExpirationSeconds:i signerName:!s user:l@37 userAnnotations:{s@35
PodCertificateRequest apiVersion:s kind:s metadata:ObjectMeta spec:!PodCertificateRequestSpec
 status:o
PodCertificateRequestSpec maxExpirationSeconds:i nodeName:!s nodeUID:!s podName:!s podUID:!s
 serviceAccountName:!s serviceAccountUID:!s signerName:!s stubPKCS10Request:!s
 unverifiedUserAnnotations:{s
PodDNSConfig nameservers:[s options:[PodDNSConfigOption searches:[s
PodDNSConfigOption name:s value:s
PodDisruptionBudget apiVersion:s kind:s metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:o
PodDisruptionBudgetSpec maxUnavailable:q minAvailable:q selector:LabelSelector
 unhealthyPodEvictionPolicy:s@26
PodFailurePolicy rules:[PodFailurePolicyRule
PodFailurePolicyOnExitCodesRequirement containerName:s operator:!s values:![i
PodFailurePolicyOnPodConditionsPattern status:o type:!s
PodFailurePolicyRule action:!s onExitCodes:PodFailurePolicyOnExitCodesRequirement
 onPodConditions:[PodFailurePolicyOnPodConditionsPattern
PodGroup apiVersion:s kind:s metadata:ObjectMeta spec:!PodGroupSpec status:o
PodGroupResourceClaim name:!s resourceClaimName:s resourceClaimTemplateName:s
PodGroupSchedulingConstraints topology:[SchedulingTopologyConstraint
PodGroupSchedulingPolicy basic:o gang:GangSchedulingPolicy
PodGroupSpec disruptionMode:DisruptionMode parentCompositePodGroupName:s preemptionPolicy:s
 priority:i priorityClassName:s resourceClaims:[PodGroupResourceClaim
 schedulingConstraints:PodGroupSchedulingConstraints schedulingPolicy:!PodGroupSchedulingPolicy
 workloadRef:SchedulingWorkloadReference
PodGroupTemplate disruptionMode:DisruptionMode name:!s preemptionPolicy:s priority:i
 priorityClassName:s resourceClaims:[PodGroupResourceClaim
 schedulingConstraints:PodGroupSchedulingConstraints schedulingPolicy:!PodGroupSchedulingPolicy
PodOS name:!s
PodReadinessGate conditionType:!s
PodResourceClaim name:!s resourceClaimName:s@31 resourceClaimTemplateName:s@31 source:o<31
PodSchedulingGate name:!s
PodSchedulingGroup podGroupName:s
PodSecurityContext appArmorProfile:AppArmorProfile@30 fsGroup:l fsGroupChangePolicy:s runAsGroup:l
 runAsNonRoot:b runAsUser:l seLinuxChangePolicy:s@32 seLinuxOptions:SELinuxOptions
 seccompProfile:SeccompProfile supplementalGroups:[l supplementalGroupsPolicy:s@31 sysctls:[Sysctl
 windowsOptions:WindowsSecurityContextOptions
PodSpec activeDeadlineSeconds:l affinity:Affinity automountServiceAccountToken:b
 containers:![Container dnsConfig:PodDNSConfig dnsPolicy:s enableServiceLinks:b
 ephemeralContainers:[EphemeralContainer evictionResponders:[EvictionResponder@37
 hostAliases:[HostAlias hostIPC:b hostNetwork:b hostPID:b hostUsers:b hostname:s
 hostnameOverride:s@34 imagePullSecrets:[LocalObjectReference initContainers:[Container nodeName:s
 nodeSelector:{s os:PodOS overhead:{q preemptionPolicy:s priority:i priorityClassName:s
 readinessGates:[PodReadinessGate resourceClaims:[PodResourceClaim@26
 resources:ResourceRequirements@32 restartPolicy:s runtimeClassName:s schedulerName:s
 schedulingGates:[PodSchedulingGate@26 schedulingGroup:PodSchedulingGroup@36
 securityContext:PodSecurityContext serviceAccount:s serviceAccountName:s setHostnameAsFQDN:b
 shareProcessNamespace:b subdomain:s terminationGracePeriodSeconds:l tolerations:[Toleration
 topologySpreadConstraints:[TopologySpreadConstraint volumes:[Volume workloadRef:o@35<36
PodTemplate apiVersion:s kind:s metadata:ObjectMeta template:PodTemplateSpec
PodTemplateSpec metadata:ObjectMeta spec:!PodSpec
PodsMetricSource metric:!MetricIdentifier target:!MetricTarget
PolicyRule apiGroups:[s nonResourceURLs:[s resourceNames:[s resources:[s verbs:![s
PolicyRulesWithSubjects nonResourceRules:[NonResourcePolicyRule resourceRules:[ResourcePolicyRule
 subjects:![FlowcontrolSubject
PortworxVolumeSource fsType:s readOnly:b volumeID:!s
PreferredSchedulingTerm preference:NodeSelectorTerm weight:!i
PriorityClass apiVersion:s description:s globalDefault:b kind:s metadata:ObjectMeta
 preemptionPolicy:s value:i
PriorityLevelConfiguration apiVersion:s kind:s metadata:ObjectMeta
 spec:!PriorityLevelConfigurationSpec status:o
PriorityLevelConfigurationReference name:!s
PriorityLevelConfigurationSpec exempt:ExemptPriorityLevelConfiguration
 limited:LimitedPriorityLevelConfiguration type:!s
Probe exec:ExecAction failureThreshold:i grpc:GRPCAction httpGet:HTTPGetAction initialDelaySeconds:i
 periodSeconds:i successThreshold:i tcpSocket:TCPSocketAction terminationGracePeriodSeconds:l
 timeoutSeconds:i
ProjectedVolumeSource defaultMode:i defaultUser:l@37 sources:[VolumeProjection
QueuingConfiguration handSize:i queueLengthLimit:i queues:i
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
ResourceAttributes fieldSelector:FieldSelectorAttributes@31 group:s
 labelSelector:LabelSelectorAttributes@31 name:s namespace:s resource:s subresource:s verb:s
 version:s
ResourceClaim name:!s request:s@31
ResourceClaimSpec devices:DeviceClaim
ResourceClaimTemplate apiVersion:s kind:s metadata:ObjectMeta spec:ResourceClaimTemplateSpec
ResourceClaimTemplateSpec metadata:ObjectMeta spec:ResourceClaimSpec
ResourceFieldSelector containerName:s divisor:q resource:!s
ResourceMetricSource name:!s target:!MetricTarget
ResourcePolicyRule apiGroups:![s clusterScope:b namespaces:[s resources:![s verbs:![s
ResourcePool generation:l name:!s resourceSliceCount:!l
ResourcePoolStatusRequest apiVersion:s kind:s metadata:!ObjectMeta
 spec:!ResourcePoolStatusRequestSpec status:o
ResourcePoolStatusRequestSpec defaultPartitionTypeAttribute:s@37 driver:!s limit:i poolName:s
ResourceQuota apiVersion:s kind:s metadata:ObjectMeta spec:ResourceQuotaSpec status:o
ResourceQuotaSpec hard:{q scopeSelector:ScopeSelector scopes:[s
ResourceRequirements claims:[ResourceClaim@26 limits:{q requests:{q
ResourceResourceClaim apiVersion:s kind:s metadata:ObjectMeta spec:ResourceClaimSpec status:o
ResourceSlice apiVersion:s kind:s metadata:ObjectMeta spec:!ResourceSliceSpec
ResourceSliceSpec allNodes:b devices:[Device driver:!s nodeName:s nodeSelector:NodeSelector
 partitionTypeAttribute:s@37 perDeviceNodeSelection:b pool:!ResourcePool sharedCounters:[CounterSet
 skipNodeOperations:[s@37
Role apiVersion:s kind:s metadata:ObjectMeta rules:[PolicyRule
RoleBinding apiVersion:s kind:s metadata:ObjectMeta roleRef:!RoleRef subjects:[Subject
RoleRef apiGroup:s kind:!s name:!s
RollingUpdateDaemonSet maxSurge:q maxUnavailable:q
RollingUpdateDeployment maxSurge:q maxUnavailable:q
RollingUpdateStatefulSetStrategy maxUnavailable:q partition:i
RuleWithOperations apiGroups:[s apiVersions:[s operations:[s resources:[s scope:s
RuntimeClass apiVersion:s handler:!s kind:s metadata:ObjectMeta overhead:Overhead
 scheduling:Scheduling
SELinuxOptions level:s role:s type:s user:s
ScaleIOPersistentVolumeSource fsType:s gateway:!s protectionDomain:s readOnly:b
 secretRef:!SecretReference sslEnabled:b storageMode:s storagePool:s system:!s volumeName:s
ScaleIOVolumeSource fsType:s gateway:!s protectionDomain:s readOnly:b
 secretRef:!LocalObjectReference sslEnabled:b storageMode:s storagePool:s system:!s volumeName:s
Scheduling nodeSelector:{s tolerations:[Toleration
SchedulingCompositeDisruptionMode all:o single:o
SchedulingCompositeGangSchedulingPolicy minGroupCount:!i
SchedulingCompositePodGroupSchedulingConstraints topology:[SchedulingTopologyConstraint
SchedulingCompositePodGroupSchedulingPolicy basic:o gang:SchedulingCompositeGangSchedulingPolicy
SchedulingTopologyConstraint key:!s
SchedulingTypedLocalObjectReference apiGroup:s kind:!s name:!s
SchedulingWorkloadReference templateName:!s workloadName:!s
ScopeSelector matchExpressions:[ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement operator:!s scopeName:!s values:[s
SeccompProfile localhostProfile:s type:!s
Secret apiVersion:s data:{s immutable:b kind:s metadata:ObjectMeta stringData:{s type:s
SecretEnvSource name:s optional:b
SecretKeySelector key:!s name:s optional:b
SecretProjection items:[KeyToPath name:s optional:b
SecretReference name:s namespace:s
SecretVolumeSource defaultMode:i defaultUser:l@37 items:[KeyToPath optional:b secretName:s
SecurityContext allowPrivilegeEscalation:b appArmorProfile:AppArmorProfile@30
 capabilities:Capabilities privileged:b procMount:s readOnlyRootFilesystem:b runAsGroup:l
 runAsNonRoot:b runAsUser:l seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile
 windowsOptions:WindowsSecurityContextOptions
SelfSubjectAccessReview apiVersion:s kind:s metadata:ObjectMeta spec:!SelfSubjectAccessReviewSpec
 status:o
SelfSubjectAccessReviewSpec nonResourceAttributes:NonResourceAttributes
 resourceAttributes:ResourceAttributes
SelfSubjectReview apiVersion:s kind:s metadata:ObjectMeta status:o
SelfSubjectRulesReview apiVersion:s kind:s metadata:ObjectMeta spec:!SelfSubjectRulesReviewSpec
 status:o
SelfSubjectRulesReviewSpec namespace:s
Service apiVersion:s kind:s metadata:ObjectMeta spec:ServiceSpec status:o
ServiceAccount apiVersion:s automountServiceAccountToken:b imagePullSecrets:[LocalObjectReference
 kind:s metadata:ObjectMeta secrets:[ObjectReference
ServiceAccountSubject name:!s namespace:!s
ServiceAccountTokenProjection audience:s expirationSeconds:l path:!s user:l@37
ServiceBackendPort name:s number:i
ServiceCIDR apiVersion:s kind:s metadata:ObjectMeta spec:ServiceCIDRSpec status:o
ServiceCIDRSpec cidrs:[s
ServicePort appProtocol:s name:s nodePort:i port:!i protocol:s targetPort:q
ServiceReference name:!s namespace:!s path:s port:i
ServiceSpec allocateLoadBalancerNodePorts:b clusterIP:s clusterIPs:[s externalIPs:[s externalName:s
 externalTrafficPolicy:s healthCheckNodePort:i internalTrafficPolicy:s ipFamilies:[s
 ipFamilyPolicy:s loadBalancerClass:s loadBalancerIP:s loadBalancerSourceRanges:[s
 ports:[ServicePort publishNotReadyAddresses:b selector:{s sessionAffinity:s
 sessionAffinityConfig:SessionAffinityConfig trafficDistribution:s@30 type:s
SessionAffinityConfig clientIP:ClientIPConfig
SleepAction seconds:l
StatefulSet apiVersion:s kind:s metadata:ObjectMeta spec:!StatefulSetSpec status:o
StatefulSetOrdinals start:i
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s whenScaled:s
StatefulSetSpec minReadySeconds:i ordinals:StatefulSetOrdinals@26
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
StorageVersion apiVersion:s kind:s metadata:!ObjectMeta spec:o status:o
StorageVersionMigration apiVersion:s kind:s metadata:ObjectMeta spec:!StorageVersionMigrationSpec
 status:o
StorageVersionMigrationSpec resource:!GroupResource
Subject apiGroup:s kind:!s name:!s namespace:s
SubjectAccessReview apiVersion:s kind:s metadata:ObjectMeta spec:!SubjectAccessReviewSpec status:o
SubjectAccessReviewSpec extra:{[s groups:[s nonResourceAttributes:NonResourceAttributes
 resourceAttributes:ResourceAttributes uid:s user:s
SuccessPolicy rules:![SuccessPolicyRule
SuccessPolicyRule succeededCount:i succeededIndexes:s
Sysctl name:!s value:s
TCPSocketAction host:s port:!q
Taint effect:!s key:!s timeAdded:t value:s
TokenRequest audience:s expirationSeconds:l
TokenReview apiVersion:s kind:s metadata:ObjectMeta spec:!TokenReviewSpec status:o
TokenReviewSpec audiences:[s token:!s
Toleration effect:s key:s operator:s tolerationSeconds:l value:s
TopologyConstraint key:!s
TopologySelectorLabelRequirement key:!s values:![s
TopologySelectorTerm matchLabelExpressions:[TopologySelectorLabelRequirement
TopologySpreadConstraint labelSelector:LabelSelector matchLabelKeys:[s maxSkew:!i minDomains:i
 nodeAffinityPolicy:s nodeTaintsPolicy:s topologyKey:!s whenUnsatisfiable:!s
TypedLocalObjectReference apiGroup:s kind:s name:!s
TypedObjectReference apiGroup:s kind:!s name:!s namespace:s
UserSubject name:!s
ValidatingAdmissionPolicy apiVersion:s kind:s metadata:ObjectMeta spec:ValidatingAdmissionPolicySpec
 status:o
ValidatingAdmissionPolicyBinding apiVersion:s kind:s metadata:ObjectMeta
 spec:!ValidatingAdmissionPolicyBindingSpec
ValidatingAdmissionPolicyBindingSpec matchResources:MatchResources paramRef:ParamRef policyName:!s
 validationActions:![s
ValidatingAdmissionPolicySpec auditAnnotations:[AuditAnnotation failurePolicy:s
 matchConditions:[MatchCondition matchConstraints:MatchResources paramKind:ParamKind
 validations:[Validation variables:[Variable
ValidatingWebhook admissionReviewVersions:![s clientConfig:!WebhookClientConfig failurePolicy:s
 matchConditions:[MatchCondition@27 matchPolicy:s name:!s namespaceSelector:LabelSelector
 objectSelector:LabelSelector rules:[RuleWithOperations sideEffects:!s timeoutSeconds:i
ValidatingWebhookConfiguration apiVersion:s kind:s metadata:ObjectMeta webhooks:[ValidatingWebhook
Validation expression:!s message:s messageExpression:s reason:s
Variable expression:!s name:!s
Volume awsElasticBlockStore:AWSElasticBlockStoreVolumeSource azureDisk:AzureDiskVolumeSource
 azureFile:AzureFileVolumeSource cephfs:CephFSVolumeSource cinder:CinderVolumeSource
 configMap:ConfigMapVolumeSource csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource
 emptyDir:EmptyDirVolumeSource ephemeral:EphemeralVolumeSource fc:FCVolumeSource
 flexVolume:FlexVolumeSource flocker:FlockerVolumeSource
 gcePersistentDisk:GCEPersistentDiskVolumeSource gitRepo:GitRepoVolumeSource
 glusterfs:GlusterfsVolumeSource hostPath:HostPathVolumeSource image:ImageVolumeSource@31
 iscsi:ISCSIVolumeSource name:!s nfs:NFSVolumeSource
 persistentVolumeClaim:PersistentVolumeClaimVolumeSource
 photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource
 projected:ProjectedVolumeSource quobyte:QuobyteVolumeSource rbd:RBDVolumeSource
 scaleIO:ScaleIOVolumeSource secret:SecretVolumeSource storageos:StorageOSVolumeSource
 vsphereVolume:VsphereVirtualDiskVolumeSource
VolumeAttachment apiVersion:s kind:s metadata:ObjectMeta spec:!VolumeAttachmentSpec status:o
VolumeAttachmentSource inlineVolumeSpec:PersistentVolumeSpec persistentVolumeName:s
VolumeAttachmentSpec attacher:!s nodeName:!s source:!VolumeAttachmentSource
VolumeAttributesClass apiVersion:s driverName:!s kind:s metadata:ObjectMeta parameters:{s
VolumeDevice devicePath:!s name:!s
VolumeMount bindMountOptions:[s@37 mountPath:!s mountPropagation:s name:!s readOnly:b
 recursiveReadOnly:s@30 subPath:s subPathExpr:s
VolumeNodeAffinity required:NodeSelector
VolumeNodeResources count:i
VolumeProjection clusterTrustBundle:ClusterTrustBundleProjection@29 configMap:ConfigMapProjection
 downwardAPI:DownwardAPIProjection podCertificate:PodCertificateProjection@34
 secret:SecretProjection serviceAccountToken:ServiceAccountTokenProjection
VolumeResourceRequirements limits:{q requests:{q
VsphereVirtualDiskVolumeSource fsType:s storagePolicyID:s storagePolicyName:s volumePath:!s
WebhookClientConfig caBundle:s service:ServiceReference url:s
WeightedPodAffinityTerm podAffinityTerm:!PodAffinityTerm weight:!i
WindowsSecurityContextOptions gmsaCredentialSpec:s gmsaCredentialSpecName:s hostProcess:b
 runAsUserName:s
Workload apiVersion:s kind:s metadata:ObjectMeta spec:!WorkloadSpec
WorkloadPodGroupDisruptionMode all:o single:o
WorkloadPodGroupGangSchedulingPolicy minCount:i
WorkloadPodGroupResourceClaim name:!s resourceClaimName:s resourceClaimTemplateName:s
WorkloadPodGroupSchedulingConstraints topology:[TopologyConstraint
WorkloadPodGroupSchedulingPolicy basic:o gang:WorkloadPodGroupGangSchedulingPolicy
WorkloadReference templateName:!s workloadName:!s
WorkloadSpec compositePodGroupTemplates:[CompositePodGroupTemplate
 controllerRef:SchedulingTypedLocalObjectReference podGroupTemplates:[PodGroupTemplate
"""
"""A line a definition: its fields with their types; an indented line goes on.

`s` text, `t` time, `i` whole number of 32 bits, `l` of 64, `n` number, `b` truth value,
`q` number or text, `o` anything, `[` a list of, `{` by any name, `!` required; else a definition.
`@31` came with 1.31, `<33` went with 1.33.
"""
ENUMS: Final = """\
AppArmorProfile.type Localhost| RuntimeDefault| Unconfined
AzureDiskVolumeSource.cachingMode None| ReadOnly| ReadWrite
AzureDiskVolumeSource.kind Dedicated| Managed| Shared
CertificateSigningRequestSpec.usages any| cert sign| client auth| code signing| content commitment|
 crl sign| data encipherment| decipher only| digital signature| email protection| encipher only|
 ipsec end system| ipsec tunnel| ipsec user| key agreement| key encipherment| microsoft sgc|
 netscape sgc| ocsp signing| s/mime| server auth| signing| timestamping
Container.imagePullPolicy Always| IfNotPresent| Never
Container.terminationMessagePolicy FallbackToLogsOnError| File
ContainerPort.protocol SCTP| TCP| UDP
CronJobSpec.concurrencyPolicy Allow| Forbid| Replace
DaemonSetUpdateStrategy.type OnDelete| RollingUpdate
DeploymentStrategy.type Recreate| RollingUpdate
DeviceSubRequest.allocationMode All| ExactCount
DeviceTaint.effect NoExecute| NoSchedule| None
DeviceToleration.effect NoExecute| NoSchedule| None
DeviceToleration.operator Equal| Exists
DiscoveryEndpointPort.protocol SCTP| TCP| UDP
EndpointPort.protocol SCTP| TCP| UDP
EndpointSlice.addressType FQDN| IPv4| IPv6
EphemeralContainer.imagePullPolicy Always| IfNotPresent| Never
EphemeralContainer.terminationMessagePolicy FallbackToLogsOnError| File
ExactDeviceRequest.allocationMode All| ExactCount
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
MatchResources.matchPolicy Equivalent| Exact
MutatingAdmissionPolicySpec.failurePolicy Fail| Ignore
MutatingAdmissionPolicySpec.reinvocationPolicy IfNeeded| Never
MutatingWebhook.failurePolicy Fail| Ignore
MutatingWebhook.matchPolicy Equivalent| Exact
MutatingWebhook.reinvocationPolicy IfNeeded| Never
MutatingWebhook.sideEffects None| NoneOnDryRun| Some| Unknown
Mutation.patchType ApplyConfiguration| JSONPatch
NamedRuleWithOperations.operations *| CONNECT| CREATE| DELETE| UPDATE
NamedRuleWithOperations.scope *| Cluster| Namespaced
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
ResourceSliceSpec.skipNodeOperations *| NodePrepareResources| NodeUnprepareResources
RuleWithOperations.operations *| CONNECT| CREATE| DELETE| UPDATE
RuleWithOperations.scope *| Cluster| Namespaced
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
Taint.effect NoExecute| NoSchedule| PreferNoSchedule
Toleration.effect NoExecute| NoSchedule| PreferNoSchedule
Toleration.operator Equal| Exists| Gt| Lt
TopologySpreadConstraint.nodeAffinityPolicy Honor| Ignore
TopologySpreadConstraint.nodeTaintsPolicy Honor| Ignore
TopologySpreadConstraint.whenUnsatisfiable DoNotSchedule| ScheduleAnyway
ValidatingAdmissionPolicyBindingSpec.validationActions Audit| Deny| Warn
ValidatingAdmissionPolicySpec.failurePolicy Fail| Ignore
ValidatingWebhook.failurePolicy Fail| Ignore
ValidatingWebhook.matchPolicy Equivalent| Exact
ValidatingWebhook.sideEffects None| NoneOnDryRun| Some| Unknown
VolumeMount.mountPropagation Bidirectional| HostToContainer| None
"""
"""A line a field: the words of which it takes one, with `|` between them."""
VERSIONS: Final = """\
admission.k8s.io/v1 AdmissionReview
admission.k8s.io/v1beta1 AdmissionReview~19<22=admission.k8s.io/v1
admissionregistration.k8s.io/v1 MutatingAdmissionPolicy@36 MutatingAdmissionPolicyBinding@36
 MutatingWebhookConfiguration ValidatingAdmissionPolicy@30 ValidatingAdmissionPolicyBinding@30
 ValidatingWebhookConfiguration
admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicy@32~35<38
 MutatingAdmissionPolicyBinding@32~35<38 ValidatingAdmissionPolicy@26~29<32
 ValidatingAdmissionPolicyBinding@26~29<32
admissionregistration.k8s.io/v1beta1
 MutatingAdmissionPolicy@34~37<40=admissionregistration.k8s.io/v1
 MutatingAdmissionPolicyBinding@34~37<40=admissionregistration.k8s.io/v1
 MutatingWebhookConfiguration~16<22=admissionregistration.k8s.io/v1
 ValidatingAdmissionPolicy@28~31<34 ValidatingAdmissionPolicyBinding@28~31<34
 ValidatingWebhookConfiguration~16<22=admissionregistration.k8s.io/v1
apidiscovery.k8s.io/v2 APIGroupDiscovery
apidiscovery.k8s.io/v2beta1 APIGroupDiscovery~32<35
apiextensions.k8s.io/v1 ConversionReview CustomResourceDefinition
apiextensions.k8s.io/v1beta1 ConversionReview~19<22=apiextensions.k8s.io/v1
 CustomResourceDefinition~16<22=apiextensions.k8s.io/v1
apiregistration.k8s.io/v1 APIService
apiregistration.k8s.io/v1beta1 APIService~19<22=apiregistration.k8s.io/v1
apps/v1 ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet
apps/v1beta1 ControllerRevision~8<16=apps/v1 Deployment~8<16=apps/v1 DeploymentRollback~8<16=apps/v1
 Scale~8<16=autoscaling/v1 StatefulSet~8<16=apps/v1
apps/v1beta2 ControllerRevision~9<16=apps/v1 DaemonSet~9<16=apps/v1 Deployment~9<16=apps/v1
 ReplicaSet~9<16=apps/v1 Scale~9<16=autoscaling/v1 StatefulSet~9<16=apps/v1
authentication.k8s.io/v1 SelfSubjectReview@28 TokenRequest TokenReview
authentication.k8s.io/v1alpha1 SelfSubjectReview@26~29<32
authentication.k8s.io/v1beta1 SelfSubjectReview@27~30<33 TokenReview~19<22=authentication.k8s.io/v1
authorization.k8s.io/v1 LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview
 SubjectAccessReview
authorization.k8s.io/v1beta1 LocalSubjectAccessReview~19<22=authorization.k8s.io/v1
 SelfSubjectAccessReview~19<22=authorization.k8s.io/v1
 SelfSubjectRulesReview~19<22=authorization.k8s.io/v1
 SubjectAccessReview~19<22=authorization.k8s.io/v1
autoscaling/v1 HorizontalPodAutoscaler Scale
autoscaling/v2 HorizontalPodAutoscaler
autoscaling/v2beta2 HorizontalPodAutoscaler<26
batch/v1 CronJob Job
batch/v1beta1 CronJob~21<25=batch/v1
certificates.k8s.io/v1 CertificateSigningRequest ClusterTrustBundle@37 PodCertificateRequest@37
certificates.k8s.io/v1alpha1 ClusterTrustBundle@27~34<37 PodCertificateRequest@34<35
certificates.k8s.io/v1beta1 CertificateSigningRequest~19<22=certificates.k8s.io/v1
 ClusterTrustBundle@33~37<40=certificates.k8s.io/v1
 PodCertificateRequest@35~37<40=certificates.k8s.io/v1
coordination.k8s.io/v1 Lease
coordination.k8s.io/v1alpha1 LeaseCandidate@31<32
coordination.k8s.io/v1alpha2 LeaseCandidate@32~35<38
coordination.k8s.io/v1beta1 Lease~19<22=coordination.k8s.io/v1 LeaseCandidate@33~36<39
discovery.k8s.io/v1 EndpointSlice
discovery.k8s.io/v1beta1 EndpointSlice~21<25=discovery.k8s.io/v1
events.k8s.io/v1 Event
events.k8s.io/v1beta1 Event~22<25
extensions/v1beta1 DaemonSet~8<16=apps/v1 Deployment~8<16=apps/v1 DeploymentRollback~8<16
 Ingress~14<22=networking.k8s.io/v1 NetworkPolicy~9<16=networking.k8s.io/v1 ReplicaSet~8<16=apps/v1
 Scale~2<16
flowcontrol.apiserver.k8s.io/v1 FlowSchema@29 PriorityLevelConfiguration@29
flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema~23<26=flowcontrol.apiserver.k8s.io/v1beta3
 PriorityLevelConfiguration~23<26=flowcontrol.apiserver.k8s.io/v1beta3
flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema~26<29=flowcontrol.apiserver.k8s.io/v1beta3
 PriorityLevelConfiguration~26<29=flowcontrol.apiserver.k8s.io/v1beta3
flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema@26~29<32=flowcontrol.apiserver.k8s.io/v1
 PriorityLevelConfiguration@26~29<32=flowcontrol.apiserver.k8s.io/v1
internal.apiserver.k8s.io/v1alpha1 StorageVersion
lifecycle.k8s.io/v1alpha1 Eviction@37~40<43 EvictionRequest@37~40<43
networking.k8s.io/v1 IPAddress@33 Ingress IngressClass NetworkPolicy ServiceCIDR@33
networking.k8s.io/v1alpha1 ClusterCIDR<29 IPAddress@27<31 ServiceCIDR@29<31
networking.k8s.io/v1beta1 IPAddress@31~34<37 Ingress~19<22=networking.k8s.io/v1
 IngressClass~19<22=networking.k8s.io/v1/IngressClassList ServiceCIDR@31~34<37
node.k8s.io/v1 RuntimeClass
node.k8s.io/v1beta1 RuntimeClass~22<25
policy/v1 Eviction PodDisruptionBudget
policy/v1beta1 Eviction~22<25 PodDisruptionBudget~21<25=policy/v1
rbac.authorization.k8s.io/v1 ClusterRole ClusterRoleBinding Role RoleBinding
rbac.authorization.k8s.io/v1beta1 ClusterRole~17<22=rbac.authorization.k8s.io/v1
 ClusterRoleBinding~17<22=rbac.authorization.k8s.io/v1 Role~17<22=rbac.authorization.k8s.io/v1
 RoleBinding~17<22=rbac.authorization.k8s.io/v1
resource.k8s.io/v1 DeviceClass@34 DeviceTaintRule@37 ResourceClaim@34 ResourceClaimTemplate@34
 ResourceSlice@34
resource.k8s.io/v1alpha1 PodScheduling@26<27 ResourceClaim@26<27 ResourceClaimTemplate@26<27
 ResourceClass@26<27 Status@26<27
resource.k8s.io/v1alpha2 PodSchedulingContext@27<31 ResourceClaim@27<31
 ResourceClaimParameters@30<31 ResourceClaimTemplate@27<31 ResourceClass@27<31
 ResourceClassParameters@30<31 ResourceSlice@30<31 Status@27<31
resource.k8s.io/v1alpha3 DeviceClass@31<34 DeviceTaintRule@33~36<39 PodSchedulingContext@31<32
 ResourceClaim@31<34 ResourceClaimTemplate@31<34 ResourcePoolStatusRequest@36~39<42
 ResourceSlice@31<34
resource.k8s.io/v1beta1 DeviceClass@32~35<38 ResourceClaim@32~35<38 ResourceClaimTemplate@32~35<38
 ResourceSlice@32~35<38
resource.k8s.io/v1beta2 DeviceClass@33~36<39 DeviceTaintRule@36~39<42 ResourceClaim@33~36<39
 ResourceClaimTemplate@33~36<39 ResourceSlice@33~36<39
scheduling.k8s.io/v1 PriorityClass
scheduling.k8s.io/v1alpha1 Workload@35<36
scheduling.k8s.io/v1alpha2 PodGroup@36<37 Workload@36<37
scheduling.k8s.io/v1alpha3 CompositePodGroup@37 PodGroup@37 Workload@37
scheduling.k8s.io/v1beta1 PodGroup@37~40<43 PriorityClass~14<22=scheduling.k8s.io/v1
 Workload@37~40<43
storage.k8s.io/v1 CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment
 VolumeAttributesClass@34
storage.k8s.io/v1alpha1 CSIStorageCapacity~21<24=storage.k8s.io/v1beta1
 VolumeAttachment~21<24=storage.k8s.io/v1 VolumeAttributesClass@29~32<35=storage.k8s.io/v1
storage.k8s.io/v1beta1 CSIDriver~19<22=storage.k8s.io/v1 CSINode~17<22=storage.k8s.io/v1
 CSIStorageCapacity~24<27=storage.k8s.io/v1 StorageClass~19<22=storage.k8s.io/v1
 VolumeAttachment~19<22=storage.k8s.io/v1 VolumeAttributesClass@31~34<37=storage.k8s.io/v1
storagemigration.k8s.io/v1 StorageVersionMigration@37
storagemigration.k8s.io/v1alpha1 StorageVersionMigration@30<35
storagemigration.k8s.io/v1beta1 StorageVersionMigration@35~37<40=storagemigration.k8s.io/v1
v1 APIGroup APIVersions Binding ComponentStatus ConfigMap Endpoints Event LimitRange Namespace Node
 NodeProxyOptions PersistentVolume PersistentVolumeClaim Pod PodAttachOptions PodExecOptions
 PodLogOptions PodPortForwardOptions PodProxyOptions PodTemplate RangeAllocation
 ReplicationController ResourceQuota Secret SerializedReference Service ServiceAccount
 ServiceProxyOptions Status
"""
"""A line an API version: its kinds.

`@31` came with 1.31, `~34` is deprecated since 1.34, `<37` is gone since 1.37, `=` is in its
place: an API version, and `/` and the kind where that is another. A kind without `@` is as old
as 1.25 or older.
"""
