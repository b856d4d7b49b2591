"""The fields of the kinds of Kubernetes 1.37.2: written by docs/kubernetes_live.py.

Names, types and defaults of https://github.com/kubernetes/kubernetes (Apache-2.0);
`gate.live.types` reads the tables.
"""

from __future__ import annotations

from typing import Final

KINDS: Final = """\
admissionregistration.k8s.io/v1 MutatingAdmissionPolicy MutatingAdmissionPolicy
admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding MutatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1 MutatingWebhookConfiguration MutatingWebhookConfiguration
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy ValidatingAdmissionPolicy
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding ValidatingAdmissionPolicyBinding
admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration ValidatingWebhookConfiguration
apps/v1 ControllerRevision ControllerRevision
apps/v1 DaemonSet DaemonSet
apps/v1 Deployment Deployment
apps/v1 ReplicaSet ReplicaSet
apps/v1 StatefulSet StatefulSet
autoscaling/v1 HorizontalPodAutoscaler HorizontalPodAutoscaler
autoscaling/v1 Scale Scale
autoscaling/v2 HorizontalPodAutoscaler AutoscalingV2HorizontalPodAutoscaler
batch/v1 CronJob CronJob
batch/v1 Job Job
certificates.k8s.io/v1 CertificateSigningRequest CertificateSigningRequest
certificates.k8s.io/v1 ClusterTrustBundle ClusterTrustBundle
certificates.k8s.io/v1 PodCertificateRequest PodCertificateRequest
coordination.k8s.io/v1 Lease Lease
discovery.k8s.io/v1 EndpointSlice EndpointSlice
events.k8s.io/v1 Event Event
flowcontrol.apiserver.k8s.io/v1 FlowSchema FlowSchema
flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration PriorityLevelConfiguration
networking.k8s.io/v1 IPAddress IPAddress
networking.k8s.io/v1 Ingress Ingress
networking.k8s.io/v1 IngressClass IngressClass
networking.k8s.io/v1 NetworkPolicy NetworkPolicy
networking.k8s.io/v1 ServiceCIDR ServiceCIDR
node.k8s.io/v1 RuntimeClass RuntimeClass
policy/v1 Eviction Eviction
policy/v1 PodDisruptionBudget PodDisruptionBudget
rbac.authorization.k8s.io/v1 ClusterRole ClusterRole
rbac.authorization.k8s.io/v1 ClusterRoleBinding ClusterRoleBinding
rbac.authorization.k8s.io/v1 Role Role
rbac.authorization.k8s.io/v1 RoleBinding RoleBinding
resource.k8s.io/v1 DeviceClass DeviceClass
resource.k8s.io/v1 DeviceTaintRule DeviceTaintRule
resource.k8s.io/v1 ResourceClaim ResourceV1ResourceClaim
resource.k8s.io/v1 ResourceClaimTemplate ResourceClaimTemplate
resource.k8s.io/v1 ResourceSlice ResourceSlice
scheduling.k8s.io/v1 PriorityClass PriorityClass
storage.k8s.io/v1 CSIDriver CSIDriver
storage.k8s.io/v1 CSINode CSINode
storage.k8s.io/v1 CSIStorageCapacity CSIStorageCapacity
storage.k8s.io/v1 StorageClass StorageClass
storage.k8s.io/v1 VolumeAttachment VolumeAttachment
storage.k8s.io/v1 VolumeAttributesClass VolumeAttributesClass
v1 Binding Binding
v1 ComponentStatus ComponentStatus
v1 ConfigMap ConfigMap
v1 Endpoints Endpoints
v1 Event CoreV1Event
v1 LimitRange LimitRange
v1 Namespace Namespace
v1 Node Node
v1 PersistentVolume PersistentVolume
v1 PersistentVolumeClaim PersistentVolumeClaim
v1 Pod Pod
v1 PodTemplate PodTemplate
v1 ReplicationController ReplicationController
v1 ResourceQuota ResourceQuota
v1 Secret Secret
v1 Service Service
v1 ServiceAccount ServiceAccount
"""
"""A line a kind: its API version, its name, and its type."""
TYPES: Final = """\
AWSElasticBlockStoreVolumeSource volumeID:s fsType:s partition:i readOnly:b
Affinity nodeAffinity:*NodeAffinity podAffinity:*PodAffinity podAntiAffinity:*PodAntiAffinity
AggregationRule clusterRoleSelectors:[LabelSelector
AllocatedDeviceStatus driver:s pool:s device:s shareID:*s conditions:[Condition data:*o
 networkData:*NetworkDeviceData
AllocationResult devices:DeviceAllocationResult nodeSelector:*NodeSelector allocationTimestamp:*t
AppArmorProfile type:s localhostProfile:*s
ApplyConfiguration expression:s
AttachedVolume name:s devicePath:s
AuditAnnotation key:s valueExpression:s
AutoscalingV2CrossVersionObjectReference kind:s name:s apiVersion:s
AutoscalingV2HorizontalPodAutoscaler kind:s apiVersion:s metadata:ObjectMeta
 spec:AutoscalingV2HorizontalPodAutoscalerSpec status:-
AutoscalingV2HorizontalPodAutoscalerSpec scaleTargetRef:AutoscalingV2CrossVersionObjectReference
 minReplicas:*i=1 maxReplicas:i metrics:[MetricSpec behavior:*HorizontalPodAutoscalerBehavior
AutoscalingV2HorizontalPodAutoscalerStatus observedGeneration:*i lastScaleTime:*t currentReplicas:i
 desiredReplicas:i currentMetrics:[MetricStatus conditions:[HorizontalPodAutoscalerCondition
AzureDiskVolumeSource diskName:s diskURI:s cachingMode:*s="ReadWrite" fsType:*s="ext4"
 readOnly:*b=false kind:*s="Shared"
AzureFilePersistentVolumeSource secretName:s shareName:s readOnly:b secretNamespace:*s
AzureFileVolumeSource secretName:s shareName:s readOnly:b
Binding kind:s apiVersion:s metadata:ObjectMeta target:ObjectReference
CELDeviceSelector expression:s
CSIDriver kind:s apiVersion:s metadata:ObjectMeta spec:CSIDriverSpec
CSIDriverSpec attachRequired:*b=true podInfoOnMount:*b=false volumeLifecycleModes:[s=["Persistent"]
 storageCapacity:*b=false fsGroupPolicy:*s="ReadWriteOnceWithFSType" tokenRequests:[TokenRequest
 requiresRepublish:*b=false seLinuxMount:*b=false nodeAllocatableUpdatePeriodSeconds:*i
 serviceAccountTokenInSecrets:*b preventPodSchedulingIfMissing:*b=false
CSINode kind:s apiVersion:s metadata:ObjectMeta spec:CSINodeSpec status:-
CSINodeDriver name:s nodeID:s topologyKeys:[s allocatable:*VolumeNodeResources
CSINodeSpec drivers:[CSINodeDriver
CSINodeStatus storageHealth:[StorageHealth
CSIPersistentVolumeSource driver:s volumeHandle:s readOnly:b fsType:s volumeAttributes:{s
 controllerPublishSecretRef:*SecretReference nodeStageSecretRef:*SecretReference
 nodePublishSecretRef:*SecretReference controllerExpandSecretRef:*SecretReference
 nodeExpandSecretRef:*SecretReference
CSIStorageCapacity kind:s apiVersion:s metadata:ObjectMeta nodeTopology:*LabelSelector
 storageClassName:s capacity:*q maximumVolumeSize:*q
CSIVolumeSource driver:s readOnly:*b fsType:*s volumeAttributes:{s
 nodePublishSecretRef:*LocalObjectReference
Capabilities add:[s drop:[s
CapacityRequestPolicy default:*q validValues:[q validRange:*CapacityRequestPolicyRange
CapacityRequestPolicyRange min:*q max:*q step:*q
CapacityRequirements requests:{q
CephFSPersistentVolumeSource monitors:[s path:s user:s secretFile:s secretRef:*SecretReference
 readOnly:b
CephFSVolumeSource monitors:[s path:s user:s secretFile:s secretRef:*LocalObjectReference
 readOnly:b
CertificateSigningRequest kind:s apiVersion:s metadata:ObjectMeta
 spec:CertificateSigningRequestSpec status:-
CertificateSigningRequestCondition type:s status:s reason:s message:s lastUpdateTime:t
 lastTransitionTime:t
CertificateSigningRequestSpec request:y signerName:s expirationSeconds:*i usages:[s username:s
 uid:s groups:[s extra:{[s
CertificateSigningRequestStatus conditions:[CertificateSigningRequestCondition certificate:y
CinderPersistentVolumeSource volumeID:s fsType:s readOnly:b secretRef:*SecretReference
CinderVolumeSource volumeID:s fsType:s readOnly:b secretRef:*LocalObjectReference
ClientIPConfig timeoutSeconds:*i
ClusterRole kind:s apiVersion:s metadata:ObjectMeta rules:[PolicyRule
 aggregationRule:*AggregationRule
ClusterRoleBinding kind:s apiVersion:s metadata:ObjectMeta subjects:[RbacV1Subject roleRef:RoleRef
ClusterTrustBundle kind:s apiVersion:s metadata:ObjectMeta spec:ClusterTrustBundleSpec
ClusterTrustBundleProjection name:*s signerName:*s labelSelector:*LabelSelector optional:*b path:s
 user:*i
ClusterTrustBundleSpec signerName:s trustBundle:s
ComponentCondition type:s status:s message:s error:s
ComponentStatus kind:s apiVersion:s metadata:ObjectMeta conditions:[ComponentCondition
Condition type:s status:s observedGeneration:i lastTransitionTime:t reason:s message:s
ConfigMap kind:s apiVersion:s metadata:ObjectMeta immutable:*b data:{s binaryData:{y
ConfigMapEnvSource name:s optional:*b
ConfigMapKeySelector name:s key:s optional:*b
ConfigMapNodeConfigSource namespace:s name:s uid:s resourceVersion:s kubeletConfigKey:s
ConfigMapProjection name:s items:[KeyToPath optional:*b
ConfigMapVolumeSource name:s items:[KeyToPath defaultMode:*i=420 optional:*b defaultUser:*i
Container name:s image:s command:[s args:[s workingDir:s ports:[ContainerPort
 envFrom:[EnvFromSource env:[EnvVar resources:ResourceRequirements
 resizePolicy:[ContainerResizePolicy restartPolicy:*s restartPolicyRules:[ContainerRestartRule
 volumeMounts:[VolumeMount volumeDevices:[VolumeDevice livenessProbe:*Probe readinessProbe:*Probe
 startupProbe:*Probe lifecycle:*Lifecycle terminationMessagePath:s="/dev/termination-log"
 terminationMessagePolicy:s="File" imagePullPolicy:s="IfNotPresent"
 securityContext:*SecurityContext stdin:b stdinOnce:b tty:b
ContainerExtendedResourceRequest containerName:s resourceName:s requestName:s
ContainerImage names:[s sizeBytes:i
ContainerPort name:s hostPort:i containerPort:i protocol:s="TCP" hostIP:s
ContainerResizePolicy resourceName:s restartPolicy:s
ContainerResourceMetricSource name:s target:MetricTarget container:s
ContainerResourceMetricStatus name:s current:MetricValueStatus container:s
ContainerRestartRule action:s exitCodes:*ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes operator:s values:[i
ContainerState waiting:*ContainerStateWaiting running:*ContainerStateRunning
 terminated:*ContainerStateTerminated
ContainerStateRunning startedAt:t
ContainerStateTerminated exitCode:i signal:i reason:s message:s startedAt:t finishedAt:t
 containerID:s
ContainerStateWaiting reason:s message:s
ContainerStatus name:s state:ContainerState lastState:ContainerState ready:b restartCount:i image:s
 imageID:s containerID:s started:*b allocatedResources:{q resources:*ResourceRequirements
 volumeMounts:[VolumeMountStatus user:*ContainerUser allocatedResourcesStatus:[ResourceStatus
 stopSignal:*s
ContainerUser linux:*LinuxContainerUser
ControllerRevision kind:s apiVersion:s metadata:ObjectMeta data:o revision:i
CoreV1EndpointPort name:s port:i protocol:s="TCP" appProtocol:*s
CoreV1Event kind:s apiVersion:s metadata:ObjectMeta involvedObject:ObjectReference reason:s
 message:s source:EventSource firstTimestamp:t lastTimestamp:t count:i type:s eventTime:t
 series:*CoreV1EventSeries action:s related:*ObjectReference reportingComponent:s
 reportingInstance:s
CoreV1EventSeries count:i lastObservedTime:t
Counter value:q
CounterSet name:s counters:{Counter
CronJob kind:s apiVersion:s metadata:ObjectMeta spec:CronJobSpec status:-
CronJobSpec schedule:s timeZone:*s startingDeadlineSeconds:*i concurrencyPolicy:s="Allow"
 suspend:*b=false jobTemplate:JobTemplateSpec successfulJobsHistoryLimit:*i=3
 failedJobsHistoryLimit:*i=1
CronJobStatus active:[ObjectReference lastScheduleTime:*t lastSuccessfulTime:*t
CrossVersionObjectReference kind:s name:s apiVersion:s
DaemonEndpoint Port:i
DaemonSet kind:s apiVersion:s metadata:ObjectMeta spec:DaemonSetSpec status:-
DaemonSetCondition type:s status:s lastTransitionTime:t reason:s message:s
DaemonSetSpec selector:*LabelSelector template:PodTemplateSpec
 updateStrategy:DaemonSetUpdateStrategy minReadySeconds:i revisionHistoryLimit:*i=10
DaemonSetStatus currentNumberScheduled:i numberMisscheduled:i desiredNumberScheduled:i
 numberReady:i observedGeneration:i updatedNumberScheduled:i numberAvailable:i numberUnavailable:i
 collisionCount:*i conditions:[DaemonSetCondition
DaemonSetUpdateStrategy type:s="RollingUpdate" rollingUpdate:*RollingUpdateDaemonSet={}
DeleteOptions kind:s apiVersion:s gracePeriodSeconds:*i preconditions:*Preconditions
 orphanDependents:*b propagationPolicy:*s dryRun:[s
 ignoreStoreReadErrorWithClusterBreakingPotential:*b
Deployment kind:s apiVersion:s metadata:ObjectMeta spec:DeploymentSpec status:-
DeploymentCondition type:s status:s lastUpdateTime:t lastTransitionTime:t reason:s message:s
DeploymentSpec replicas:*i=1 selector:*LabelSelector template:PodTemplateSpec
 strategy:DeploymentStrategy minReadySeconds:i revisionHistoryLimit:*i=10 paused:b
 progressDeadlineSeconds:*i=600
DeploymentStatus observedGeneration:i replicas:i updatedReplicas:i readyReplicas:i
 availableReplicas:i unavailableReplicas:i terminatingReplicas:*i conditions:[DeploymentCondition
 collisionCount:*i
DeploymentStrategy type:s="RollingUpdate" rollingUpdate:*RollingUpdateDeployment={}
Device name:s attributes:{DeviceAttribute capacity:{DeviceCapacity
 consumesCounters:[DeviceCounterConsumption nodeName:*s nodeSelector:*NodeSelector allNodes:*b
 taints:[DeviceTaint bindsToNode:*b bindingConditions:[s bindingFailureConditions:[s
 allowMultipleAllocations:*b nodeAllocatableResources:{NodeAllocatableResource
DeviceAllocationConfiguration source:s requests:[s opaque:*OpaqueDeviceConfiguration
DeviceAllocationResult results:[DeviceRequestAllocationResult config:[DeviceAllocationConfiguration
DeviceAttribute int:*i bool:*b string:*s version:*s ints:[i bools:[b strings:[s versions:[s
DeviceCapacity value:q requestPolicy:*CapacityRequestPolicy
DeviceClaim requests:[DeviceRequest constraints:[DeviceConstraint config:[DeviceClaimConfiguration
DeviceClaimConfiguration requests:[s opaque:*OpaqueDeviceConfiguration
DeviceClass kind:s apiVersion:s metadata:ObjectMeta spec:DeviceClassSpec
DeviceClassConfiguration opaque:*OpaqueDeviceConfiguration
DeviceClassSpec selectors:[DeviceSelector config:[DeviceClassConfiguration extendedResourceName:*s
DeviceConstraint requests:[s matchAttribute:*s distinctAttribute:*s
DeviceCounterConsumption counterSet:s counters:{Counter compatibilityGroups:[s
DeviceDerivedAttribute name:s expression:s
DeviceRequest name:s exactly:*ExactDeviceRequest firstAvailable:[DeviceSubRequest
DeviceRequestAllocationResult request:s driver:s pool:s device:s adminAccess:*b
 tolerations:[DeviceToleration bindingConditions:[s bindingFailureConditions:[s shareID:*s
 consumedCapacity:{q skipNodeOperations:[s
DeviceSelector cel:*CELDeviceSelector
DeviceSubRequest name:s deviceClassName:s selectors:[DeviceSelector allocationMode:s="ExactCount"
 count:i=1 tolerations:[DeviceToleration capacity:*CapacityRequirements
 derivedAttributes:[DeviceDerivedAttribute
DeviceTaint key:s value:s effect:s timeAdded:*t
DeviceTaintRule kind:s apiVersion:s metadata:ObjectMeta spec:DeviceTaintRuleSpec status:-
DeviceTaintRuleSpec deviceSelector:*DeviceTaintSelector taint:DeviceTaint
DeviceTaintRuleStatus conditions:[Condition
DeviceTaintSelector driver:*s pool:*s device:*s
DeviceToleration key:s operator:s="Equal" value:s effect:s tolerationSeconds:*i
DownwardAPIProjection items:[DownwardAPIVolumeFile
DownwardAPIVolumeFile path:s fieldRef:*ObjectFieldSelector resourceFieldRef:*ResourceFieldSelector
 mode:*i user:*i
DownwardAPIVolumeSource items:[DownwardAPIVolumeFile defaultMode:*i=420 defaultUser:*i
EmptyDirVolumeSource medium:s sizeLimit:*q mode:*i
Endpoint addresses:[s conditions:EndpointConditions hostname:*s targetRef:*ObjectReference
 deprecatedTopology:{s nodeName:*s zone:*s hints:*EndpointHints
EndpointAddress ip:s hostname:s nodeName:*s targetRef:*ObjectReference
EndpointConditions ready:*b serving:*b terminating:*b
EndpointHints forZones:[ForZone forNodes:[ForNode
EndpointPort name:*s="" protocol:*s="TCP" port:*i appProtocol:*s
EndpointSlice kind:s apiVersion:s metadata:ObjectMeta addressType:s endpoints:[Endpoint
 ports:[EndpointPort
EndpointSubset addresses:[EndpointAddress notReadyAddresses:[EndpointAddress
 ports:[CoreV1EndpointPort
Endpoints kind:s apiVersion:s metadata:ObjectMeta subsets:[EndpointSubset
EnvFromSource prefix:s configMapRef:*ConfigMapEnvSource secretRef:*SecretEnvSource
EnvVar name:s value:s valueFrom:*EnvVarSource
EnvVarSource fieldRef:*ObjectFieldSelector resourceFieldRef:*ResourceFieldSelector
 configMapKeyRef:*ConfigMapKeySelector secretKeyRef:*SecretKeySelector fileKeyRef:*FileKeySelector
EphemeralContainer name:s image:s command:[s args:[s workingDir:s ports:[ContainerPort
 envFrom:[EnvFromSource env:[EnvVar resources:ResourceRequirements
 resizePolicy:[ContainerResizePolicy restartPolicy:*s restartPolicyRules:[ContainerRestartRule
 volumeMounts:[VolumeMount volumeDevices:[VolumeDevice livenessProbe:*Probe readinessProbe:*Probe
 startupProbe:*Probe lifecycle:*Lifecycle terminationMessagePath:s="/dev/termination-log"
 terminationMessagePolicy:s="File" imagePullPolicy:s="IfNotPresent"
 securityContext:*SecurityContext stdin:b stdinOnce:b tty:b targetContainerName:s
EphemeralVolumeSource volumeClaimTemplate:*PersistentVolumeClaimTemplate
Event kind:s apiVersion:s metadata:ObjectMeta eventTime:t series:*EventSeries reportingController:s
 reportingInstance:s action:s reason:s regarding:ObjectReference related:*ObjectReference note:s
 type:s deprecatedSource:EventSource deprecatedFirstTimestamp:t deprecatedLastTimestamp:t
 deprecatedCount:i
EventSeries count:i lastObservedTime:t
EventSource component:s host:s
Eviction kind:s apiVersion:s metadata:ObjectMeta deleteOptions:*DeleteOptions
EvictionResponder name:s priority:*i
ExactDeviceRequest deviceClassName:s selectors:[DeviceSelector allocationMode:s="ExactCount"
 count:i=1 adminAccess:*b tolerations:[DeviceToleration capacity:*CapacityRequirements
 derivedAttributes:[DeviceDerivedAttribute
ExecAction command:[s
ExemptPriorityLevelConfiguration nominalConcurrencyShares:*i=0 lendablePercent:*i=0
ExpressionWarning fieldRef:s warning:s
ExternalMetricSource metric:MetricIdentifier target:MetricTarget
ExternalMetricStatus metric:MetricIdentifier current:MetricValueStatus
FCVolumeSource targetWWNs:[s lun:*i fsType:s readOnly:b wwids:[s
FileKeySelector volumeName:s path:s key:s optional:*b=false
FlexPersistentVolumeSource driver:s fsType:s secretRef:*SecretReference readOnly:b options:{s
FlexVolumeSource driver:s fsType:s secretRef:*LocalObjectReference readOnly:b options:{s
FlockerVolumeSource datasetName:s datasetUUID:s
FlowDistinguisherMethod type:s
FlowSchema kind:s apiVersion:s metadata:ObjectMeta spec:FlowSchemaSpec status:-
FlowSchemaCondition type:s status:s lastTransitionTime:t reason:s message:s
FlowSchemaSpec priorityLevelConfiguration:PriorityLevelConfigurationReference
 matchingPrecedence:i=1000 distinguisherMethod:*FlowDistinguisherMethod
 rules:[PolicyRulesWithSubjects
FlowSchemaStatus conditions:[FlowSchemaCondition
ForNode name:s
ForZone name:s
GCEPersistentDiskVolumeSource pdName:s fsType:s partition:i readOnly:b
GRPCAction port:i service:*s="" mode:*s
GitRepoVolumeSource repository:s revision:s directory:s
GlusterfsPersistentVolumeSource endpoints:s path:s readOnly:b endpointsNamespace:*s
GlusterfsVolumeSource endpoints:s path:s readOnly:b
GroupSubject name:s
HPAScalingPolicy type:s value:i periodSeconds:i
HPAScalingRules stabilizationWindowSeconds:*i=0 selectPolicy:*s="Max" policies:[HPAScalingPolicy
 tolerance:*q
HTTPGetAction path:s="/" port:x host:s scheme:s="HTTP" httpHeaders:[HTTPHeader protocol:*s
HTTPHeader name:s value:s
HTTPIngressPath path:s pathType:*s backend:IngressBackend
HTTPIngressRuleValue paths:[HTTPIngressPath
HorizontalPodAutoscaler kind:s apiVersion:s metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec
 status:-
HorizontalPodAutoscalerBehavior scaleUp:*HPAScalingRules={} scaleDown:*HPAScalingRules={}
HorizontalPodAutoscalerCondition type:s status:s lastTransitionTime:t reason:s message:s
 observedGeneration:*i
HorizontalPodAutoscalerSpec scaleTargetRef:CrossVersionObjectReference minReplicas:*i=1
 maxReplicas:i targetCPUUtilizationPercentage:*i
HorizontalPodAutoscalerStatus observedGeneration:*i lastScaleTime:*t currentReplicas:i
 desiredReplicas:i currentCPUUtilizationPercentage:*i
HostAlias ip:s hostnames:[s
HostIP ip:s
HostPathVolumeSource path:s type:*s=""
IPAddress kind:s apiVersion:s metadata:ObjectMeta spec:IPAddressSpec
IPAddressSpec parentRef:*ParentReference
IPBlock cidr:s except:[s
ISCSIPersistentVolumeSource targetPortal:s iqn:s lun:i iscsiInterface:s="default" fsType:s
 readOnly:b portals:[s chapAuthDiscovery:b chapAuthSession:b secretRef:*SecretReference
 initiatorName:*s
ISCSIVolumeSource targetPortal:s iqn:s lun:i iscsiInterface:s="default" fsType:s readOnly:b
 portals:[s chapAuthDiscovery:b chapAuthSession:b secretRef:*LocalObjectReference initiatorName:*s
ImageVolumeSource reference:s pullPolicy:s="IfNotPresent"
ImageVolumeStatus imageRef:s
Ingress kind:s apiVersion:s metadata:ObjectMeta spec:IngressSpec status:-
IngressBackend service:*IngressServiceBackend resource:*TypedLocalObjectReference
IngressClass kind:s apiVersion:s metadata:ObjectMeta spec:IngressClassSpec
IngressClassParametersReference apiGroup:*s kind:s name:s scope:*s="Cluster" namespace:*s
IngressClassSpec controller:s parameters:*IngressClassParametersReference
IngressLoadBalancerIngress ip:s hostname:s ports:[IngressPortStatus
IngressLoadBalancerStatus ingress:[IngressLoadBalancerIngress
IngressPortStatus port:i protocol:s error:*s
IngressRule host:s http:*HTTPIngressRuleValue
IngressServiceBackend name:s port:ServiceBackendPort
IngressSpec ingressClassName:*s defaultBackend:*IngressBackend tls:[IngressTLS rules:[IngressRule
IngressStatus loadBalancer:IngressLoadBalancerStatus
IngressTLS hosts:[s secretName:s
JSONPatch expression:s
Job kind:s apiVersion:s metadata:ObjectMeta spec:JobSpec status:-
JobCondition type:s status:s lastProbeTime:t lastTransitionTime:t reason:s message:s
JobSchedulingConfiguration schedulingPolicy:*WorkloadPodGroupSchedulingPolicy
 schedulingConstraints:*WorkloadPodGroupSchedulingConstraints
 disruptionMode:*WorkloadPodGroupDisruptionMode resourceClaims:[WorkloadPodGroupResourceClaim
JobSpec parallelism:*i=1 completions:*i=1 activeDeadlineSeconds:*i
 podFailurePolicy:*PodFailurePolicy successPolicy:*SuccessPolicy backoffLimit:*i=6
 backoffLimitPerIndex:*i maxFailedIndexes:*i selector:*LabelSelector manualSelector:*b=false
 template:PodTemplateSpec ttlSecondsAfterFinished:*i completionMode:*s="NonIndexed"
 suspend:*b=false podReplacementPolicy:*s="Failed"="TerminatingOrFailed" managedBy:*s
 scheduling:*JobSchedulingConfiguration
JobStatus conditions:[JobCondition startTime:*t completionTime:*t active:i succeeded:i failed:i
 terminating:*i completedIndexes:s failedIndexes:*s
 uncountedTerminatedPods:*UncountedTerminatedPods ready:*i
JobTemplateSpec metadata:ObjectMeta spec:JobSpec
KeyToPath key:s path:s mode:*i user:*i
LabelSelector matchLabels:{s matchExpressions:[LabelSelectorRequirement
LabelSelectorRequirement key:s operator:s values:[s
Lease kind:s apiVersion:s metadata:ObjectMeta spec:LeaseSpec
LeaseSpec holderIdentity:*s leaseDurationSeconds:*i acquireTime:*t renewTime:*t leaseTransitions:*i
 strategy:*s preferredHolder:*s
Lifecycle postStart:*LifecycleHandler preStop:*LifecycleHandler stopSignal:*s
LifecycleHandler exec:*ExecAction httpGet:*HTTPGetAction tcpSocket:*TCPSocketAction
 sleep:*SleepAction
LimitRange kind:s apiVersion:s metadata:ObjectMeta spec:LimitRangeSpec
LimitRangeItem type:s max:{q min:{q default:{q defaultRequest:{q maxLimitRequestRatio:{q
LimitRangeSpec limits:[LimitRangeItem
LimitResponse type:s queuing:*QueuingConfiguration
LimitedPriorityLevelConfiguration nominalConcurrencyShares:*i=30 limitResponse:LimitResponse
 lendablePercent:*i=0 borrowingLimitPercent:*i
LinuxContainerUser uid:i gid:i supplementalGroups:[i
LoadBalancerIngress ip:s hostname:s ipMode:*s ports:[PortStatus
LoadBalancerStatus ingress:[LoadBalancerIngress
LocalObjectReference name:s
LocalVolumeSource path:s fsType:*s
ManagedFieldsEntry manager:s operation:s apiVersion:s time:*t fieldsType:s fieldsV1:*o
 subresource:s
MatchCondition name:s expression:s
MatchResources namespaceSelector:*LabelSelector={} objectSelector:*LabelSelector={}
 resourceRules:[NamedRuleWithOperations excludeResourceRules:[NamedRuleWithOperations
 matchPolicy:*s="Equivalent"
MetricIdentifier name:s selector:*LabelSelector
MetricSpec type:s object:*ObjectMetricSource pods:*PodsMetricSource resource:*ResourceMetricSource
 containerResource:*ContainerResourceMetricSource external:*ExternalMetricSource
MetricStatus type:s object:*ObjectMetricStatus pods:*PodsMetricStatus
 resource:*ResourceMetricStatus containerResource:*ContainerResourceMetricStatus
 external:*ExternalMetricStatus
MetricTarget type:s value:*q averageValue:*q averageUtilization:*i
MetricValueStatus value:*q averageValue:*q averageUtilization:*i
ModifyVolumeStatus targetVolumeAttributesClassName:s status:s
MutatingAdmissionPolicy kind:s apiVersion:s metadata:ObjectMeta spec:MutatingAdmissionPolicySpec
MutatingAdmissionPolicyBinding kind:s apiVersion:s metadata:ObjectMeta
 spec:MutatingAdmissionPolicyBindingSpec
MutatingAdmissionPolicyBindingSpec policyName:s paramRef:*ParamRef matchResources:*MatchResources
MutatingAdmissionPolicySpec paramKind:*ParamKind matchConstraints:*MatchResources
 variables:[Variable mutations:[Mutation failurePolicy:*s="Fail" matchConditions:[MatchCondition
 reinvocationPolicy:s
MutatingWebhook name:s clientConfig:WebhookClientConfig rules:[RuleWithOperations
 failurePolicy:*s="Fail" matchPolicy:*s="Equivalent" namespaceSelector:*LabelSelector={}
 objectSelector:*LabelSelector={} sideEffects:*s timeoutSeconds:*i=10 admissionReviewVersions:[s
 reinvocationPolicy:*s="Never" matchConditions:[MatchCondition
MutatingWebhookConfiguration kind:s apiVersion:s metadata:ObjectMeta webhooks:[MutatingWebhook
Mutation patchType:s applyConfiguration:*ApplyConfiguration jsonPatch:*JSONPatch
NFSVolumeSource server:s path:s readOnly:b
NamedRuleWithOperations resourceNames:[s operations:[s apiGroups:[s apiVersions:[s resources:[s
 scope:*s="*"
Namespace kind:s apiVersion:s metadata:ObjectMeta spec:NamespaceSpec status:-
NamespaceCondition type:s status:s lastTransitionTime:t reason:s message:s
NamespaceSpec finalizers:[s
NamespaceStatus phase:s="Active" conditions:[NamespaceCondition
NetworkDeviceData interfaceName:s ips:[s hardwareAddress:s
NetworkPolicy kind:s apiVersion:s metadata:ObjectMeta spec:NetworkPolicySpec
NetworkPolicyEgressRule ports:[NetworkPolicyPort to:[NetworkPolicyPeer
NetworkPolicyIngressRule ports:[NetworkPolicyPort from:[NetworkPolicyPeer
NetworkPolicyPeer podSelector:*LabelSelector namespaceSelector:*LabelSelector ipBlock:*IPBlock
NetworkPolicyPort protocol:*s="TCP" port:*x endPort:*i
NetworkPolicySpec podSelector:LabelSelector ingress:[NetworkPolicyIngressRule
 egress:[NetworkPolicyEgressRule policyTypes:[s=["Ingress","Egress"]
Node kind:s apiVersion:s metadata:ObjectMeta spec:NodeSpec status:-
NodeAddress type:s address:s
NodeAffinity requiredDuringSchedulingIgnoredDuringExecution:*NodeSelector
 preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm
NodeAllocatableMappedResources name:s quantity:*q
NodeAllocatableMapping capacityKey:*s capacityMultiplier:*q deviceMultiplier:*q
NodeAllocatableOverhead perPod:*q perContainer:*q
NodeAllocatableOverheadResources name:s perPod:*q perContainer:*q
NodeAllocatableResource mapping:*NodeAllocatableMapping overhead:*NodeAllocatableOverhead
NodeAllocatableResourceClaimStatus resourceClaimName:s containers:[s
 mapping:[NodeAllocatableMappedResources overhead:[NodeAllocatableOverheadResources
NodeCondition type:s status:s lastHeartbeatTime:t lastTransitionTime:t reason:s message:s
NodeConfigSource configMap:*ConfigMapNodeConfigSource
NodeConfigStatus assigned:*NodeConfigSource active:*NodeConfigSource
 lastKnownGood:*NodeConfigSource error:s
NodeDaemonEndpoints kubeletEndpoint:DaemonEndpoint
NodeFeatures supplementalGroupsPolicy:*b
NodePodPreemptionPolicy disableResizePreemption:[s
NodeRuntimeHandler name:s features:*NodeRuntimeHandlerFeatures
NodeRuntimeHandlerFeatures recursiveReadOnlyMounts:*b userNamespaces:*b
NodeSelector nodeSelectorTerms:[NodeSelectorTerm
NodeSelectorRequirement key:s operator:s values:[s
NodeSelectorTerm matchExpressions:[NodeSelectorRequirement matchFields:[NodeSelectorRequirement
NodeSpec podCIDR:s podCIDRs:[s providerID:s unschedulable:b taints:[Taint
 configSource:*NodeConfigSource externalID:s podPreemptionPolicy:*NodePodPreemptionPolicy
NodeStatus capacity:{q allocatable:{q phase:s conditions:[NodeCondition addresses:[NodeAddress
 daemonEndpoints:NodeDaemonEndpoints nodeInfo:NodeSystemInfo images:[ContainerImage volumesInUse:[s
 volumesAttached:[AttachedVolume config:*NodeConfigStatus runtimeHandlers:[NodeRuntimeHandler
 features:*NodeFeatures declaredFeatures:[s
NodeSwapStatus capacity:*i
NodeSystemInfo machineID:s systemUUID:s bootID:s kernelVersion:s osImage:s
 containerRuntimeVersion:s kubeletVersion:s kubeProxyVersion:s operatingSystem:s architecture:s
 swap:*NodeSwapStatus runningInUserNamespace:*b
NonResourcePolicyRule verbs:[s nonResourceURLs:[s
ObjectFieldSelector apiVersion:s="v1" fieldPath:s
ObjectMeta name:s generateName:s namespace:s selfLink:- uid:- resourceVersion:- generation:-
 creationTimestamp:- deletionTimestamp:- deletionGracePeriodSeconds:- labels:{s annotations:{s
 ownerReferences:[OwnerReference finalizers:[s managedFields:-
ObjectMetricSource describedObject:AutoscalingV2CrossVersionObjectReference target:MetricTarget
 metric:MetricIdentifier
ObjectMetricStatus metric:MetricIdentifier current:MetricValueStatus
 describedObject:AutoscalingV2CrossVersionObjectReference
ObjectReference kind:s namespace:s name:s uid:s apiVersion:s resourceVersion:s fieldPath:s
OpaqueDeviceConfiguration driver:s parameters:o
Overhead podFixed:{q
OwnerReference apiVersion:s kind:s name:s uid:s controller:*b blockOwnerDeletion:*b
ParamKind apiVersion:s kind:s
ParamRef name:s namespace:s selector:*LabelSelector parameterNotFoundAction:*s
ParentReference group:s resource:s namespace:s name:s
PersistentVolume kind:s apiVersion:s metadata:ObjectMeta spec:PersistentVolumeSpec status:-
PersistentVolumeClaim kind:s apiVersion:s metadata:ObjectMeta spec:PersistentVolumeClaimSpec
 status:-
PersistentVolumeClaimCondition type:s status:s lastProbeTime:t lastTransitionTime:t reason:s
 message:s
PersistentVolumeClaimSpec accessModes:[s selector:*LabelSelector
 resources:VolumeResourceRequirements volumeName:s storageClassName:*s volumeMode:*s="Filesystem"
 dataSource:*TypedLocalObjectReference dataSourceRef:*TypedObjectReference
 volumeAttributesClassName:*s
PersistentVolumeClaimStatus phase:s="Pending" accessModes:[s capacity:{q
 conditions:[PersistentVolumeClaimCondition allocatedResources:{q allocatedResourceStatuses:{s
 currentVolumeAttributesClassName:*s modifyVolumeStatus:*ModifyVolumeStatus
 healthStatus:*VolumeHealthStatus
PersistentVolumeClaimTemplate metadata:ObjectMeta spec:PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource claimName:s readOnly:b
PersistentVolumeSpec capacity:{q gcePersistentDisk:*GCEPersistentDiskVolumeSource
 awsElasticBlockStore:*AWSElasticBlockStoreVolumeSource hostPath:*HostPathVolumeSource
 glusterfs:*GlusterfsPersistentVolumeSource nfs:*NFSVolumeSource rbd:*RBDPersistentVolumeSource
 iscsi:*ISCSIPersistentVolumeSource cinder:*CinderPersistentVolumeSource
 cephfs:*CephFSPersistentVolumeSource fc:*FCVolumeSource flocker:*FlockerVolumeSource
 flexVolume:*FlexPersistentVolumeSource azureFile:*AzureFilePersistentVolumeSource
 vsphereVolume:*VsphereVirtualDiskVolumeSource quobyte:*QuobyteVolumeSource
 azureDisk:*AzureDiskVolumeSource photonPersistentDisk:*PhotonPersistentDiskVolumeSource
 portworxVolume:*PortworxVolumeSource scaleIO:*ScaleIOPersistentVolumeSource
 local:*LocalVolumeSource storageos:*StorageOSPersistentVolumeSource csi:*CSIPersistentVolumeSource
 accessModes:[s claimRef:*ObjectReference persistentVolumeReclaimPolicy:s="Retain"
 storageClassName:s mountOptions:[s volumeMode:*s="Filesystem" nodeAffinity:*VolumeNodeAffinity
 volumeAttributesClassName:*s
PersistentVolumeStatus phase:s="Pending" message:s reason:s lastPhaseTransitionTime:*t
PhotonPersistentDiskVolumeSource pdID:s fsType:s
Pod kind:s apiVersion:s metadata:ObjectMeta spec:PodSpec status:-
PodAffinity requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm
 preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
PodAffinityTerm labelSelector:*LabelSelector namespaces:[s topologyKey:s
 namespaceSelector:*LabelSelector matchLabelKeys:[s mismatchLabelKeys:[s
PodAntiAffinity requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm
 preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm
PodCertificateProjection signerName:s keyType:s maxExpirationSeconds:*i credentialBundlePath:s
 keyPath:s certificateChainPath:s userAnnotations:{s user:*i
PodCertificateRequest kind:s apiVersion:s metadata:ObjectMeta spec:PodCertificateRequestSpec
 status:-
PodCertificateRequestSpec signerName:s podName:s podUID:s serviceAccountName:s serviceAccountUID:s
 nodeName:s nodeUID:s maxExpirationSeconds:*i=86400 stubPKCS10Request:y
 unverifiedUserAnnotations:{s
PodCertificateRequestStatus conditions:[Condition certificateChain:s notBefore:*t beginRefreshAt:*t
 notAfter:*t
PodCondition type:s observedGeneration:i status:s lastProbeTime:t lastTransitionTime:t reason:s
 message:s
PodDNSConfig nameservers:[s searches:[s options:[PodDNSConfigOption
PodDNSConfigOption name:s value:*s
PodDisruptionBudget kind:s apiVersion:s metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:-
PodDisruptionBudgetSpec minAvailable:*x selector:*LabelSelector maxUnavailable:*x
 unhealthyPodEvictionPolicy:*s
PodDisruptionBudgetStatus observedGeneration:i disruptedPods:{t disruptionsAllowed:i
 currentHealthy:i desiredHealthy:i expectedPods:i conditions:[Condition
PodExtendedResourceClaimStatus requestMappings:[ContainerExtendedResourceRequest
 resourceClaimName:s
PodFailurePolicy rules:[PodFailurePolicyRule
PodFailurePolicyOnExitCodesRequirement containerName:*s operator:s values:[i
PodFailurePolicyOnPodConditionsPattern type:s status:s="True"
PodFailurePolicyRule action:s onExitCodes:*PodFailurePolicyOnExitCodesRequirement
 onPodConditions:[PodFailurePolicyOnPodConditionsPattern
PodIP ip:s
PodOS name:s
PodReadinessGate conditionType:s
PodResourceClaim name:s resourceClaimName:*s resourceClaimTemplateName:*s
PodResourceClaimStatus name:s resourceClaimName:*s
PodSchedulingGate name:s
PodSchedulingGroup podGroupName:*s
PodSecurityContext seLinuxOptions:*SELinuxOptions windowsOptions:*WindowsSecurityContextOptions
 runAsUser:*i runAsGroup:*i runAsNonRoot:*b supplementalGroups:[i supplementalGroupsPolicy:*s
 fsGroup:*i sysctls:[Sysctl fsGroupChangePolicy:*s seccompProfile:*SeccompProfile
 appArmorProfile:*AppArmorProfile seLinuxChangePolicy:*s
PodSpec volumes:[Volume initContainers:[Container containers:[Container
 ephemeralContainers:[EphemeralContainer restartPolicy:s="Always"
 terminationGracePeriodSeconds:*i=30 activeDeadlineSeconds:*i dnsPolicy:s="ClusterFirst"
 nodeSelector:{s serviceAccountName:s serviceAccount:s automountServiceAccountToken:*b nodeName:s
 hostNetwork:b hostPID:b hostIPC:b shareProcessNamespace:*b securityContext:*PodSecurityContext={}
 imagePullSecrets:[LocalObjectReference hostname:s subdomain:s affinity:*Affinity
 schedulerName:s="default-scheduler" tolerations:[Toleration hostAliases:[HostAlias
 priorityClassName:s priority:*i dnsConfig:*PodDNSConfig readinessGates:[PodReadinessGate
 runtimeClassName:*s enableServiceLinks:*b=true preemptionPolicy:*s overhead:{q
 topologySpreadConstraints:[TopologySpreadConstraint setHostnameAsFQDN:*b os:*PodOS hostUsers:*b
 schedulingGates:[PodSchedulingGate resourceClaims:[PodResourceClaim
 resources:*ResourceRequirements hostnameOverride:*s schedulingGroup:*PodSchedulingGroup
 evictionResponders:[EvictionResponder
PodStatus observedGeneration:i phase:s conditions:[PodCondition message:s reason:s
 nominatedNodeName:s hostIP:s hostIPs:[HostIP podIP:s podIPs:[PodIP startTime:*t
 initContainerStatuses:[ContainerStatus containerStatuses:[ContainerStatus qosClass:s
 ephemeralContainerStatuses:[ContainerStatus resize:s resourceClaimStatuses:[PodResourceClaimStatus
 extendedResourceClaimStatus:*PodExtendedResourceClaimStatus allocatedResources:{q
 resources:*ResourceRequirements
 nodeAllocatableResourceClaimStatuses:[NodeAllocatableResourceClaimStatus
 volumeHealth:[PodVolumeHealth
PodTemplate kind:s apiVersion:s metadata:ObjectMeta template:PodTemplateSpec
PodTemplateSpec metadata:ObjectMeta spec:PodSpec
PodVolumeHealth name:s healthConditions:[VolumeHealthCondition lastTransitionTime:t
PodsMetricSource metric:MetricIdentifier target:MetricTarget
PodsMetricStatus metric:MetricIdentifier current:MetricValueStatus
PolicyRule verbs:[s apiGroups:[s resources:[s resourceNames:[s nonResourceURLs:[s
PolicyRulesWithSubjects subjects:[Subject resourceRules:[ResourcePolicyRule
 nonResourceRules:[NonResourcePolicyRule
PortStatus port:i protocol:s error:*s
PortworxVolumeSource volumeID:s fsType:s readOnly:b
Preconditions uid:*s resourceVersion:*s
PreferredSchedulingTerm weight:i preference:NodeSelectorTerm
PriorityClass kind:s apiVersion:s metadata:ObjectMeta value:i globalDefault:b description:s
 preemptionPolicy:*s="PreemptLowerPriority"
PriorityLevelConfiguration kind:s apiVersion:s metadata:ObjectMeta
 spec:PriorityLevelConfigurationSpec status:-
PriorityLevelConfigurationCondition type:s status:s lastTransitionTime:t reason:s message:s
PriorityLevelConfigurationReference name:s
PriorityLevelConfigurationSpec type:s limited:*LimitedPriorityLevelConfiguration
 exempt:*ExemptPriorityLevelConfiguration
PriorityLevelConfigurationStatus conditions:[PriorityLevelConfigurationCondition
Probe exec:*ExecAction httpGet:*HTTPGetAction tcpSocket:*TCPSocketAction grpc:*GRPCAction
 initialDelaySeconds:i timeoutSeconds:i=1 periodSeconds:i=10 successThreshold:i=1
 failureThreshold:i=3 terminationGracePeriodSeconds:*i
ProjectedVolumeSource sources:[VolumeProjection defaultMode:*i=420 defaultUser:*i
QueuingConfiguration queues:i=64 handSize:i=8 queueLengthLimit:i=50
QuobyteVolumeSource registry:s volume:s readOnly:b user:s group:s tenant:s
RBDPersistentVolumeSource monitors:[s image:s fsType:s pool:s="rbd" user:s="admin"
 keyring:s="/etc/ceph/keyring" secretRef:*SecretReference readOnly:b
RBDVolumeSource monitors:[s image:s fsType:s pool:s="rbd" user:s="admin"
 keyring:s="/etc/ceph/keyring" secretRef:*LocalObjectReference readOnly:b
RbacV1Subject kind:s apiGroup:s name:s namespace:s
ReplicaSet kind:s apiVersion:s metadata:ObjectMeta spec:ReplicaSetSpec status:-
ReplicaSetCondition type:s status:s lastTransitionTime:t reason:s message:s
ReplicaSetSpec replicas:*i=1 minReadySeconds:i selector:*LabelSelector template:PodTemplateSpec
ReplicaSetStatus replicas:i fullyLabeledReplicas:i readyReplicas:i availableReplicas:i
 terminatingReplicas:*i observedGeneration:i conditions:[ReplicaSetCondition
ReplicationController kind:s apiVersion:s metadata:ObjectMeta spec:ReplicationControllerSpec
 status:-
ReplicationControllerCondition type:s status:s lastTransitionTime:t reason:s message:s
ReplicationControllerSpec replicas:*i=1 minReadySeconds:i selector:{s template:*PodTemplateSpec
ReplicationControllerStatus replicas:i fullyLabeledReplicas:i readyReplicas:i availableReplicas:i
 observedGeneration:i conditions:[ReplicationControllerCondition
ResourceClaim name:s request:s
ResourceClaimConsumerReference apiGroup:s resource:s name:s uid:s
ResourceClaimSpec devices:DeviceClaim
ResourceClaimStatus allocation:*AllocationResult reservedFor:[ResourceClaimConsumerReference
 devices:[AllocatedDeviceStatus
ResourceClaimTemplate kind:s apiVersion:s metadata:ObjectMeta spec:ResourceClaimTemplateSpec
ResourceClaimTemplateSpec metadata:ObjectMeta spec:ResourceClaimSpec
ResourceFieldSelector containerName:s resource:s divisor:q
ResourceHealth resourceID:s health:s message:*s
ResourceMetricSource name:s target:MetricTarget
ResourceMetricStatus name:s current:MetricValueStatus
ResourcePolicyRule verbs:[s apiGroups:[s resources:[s clusterScope:b namespaces:[s
ResourcePool name:s generation:i resourceSliceCount:i
ResourceQuota kind:s apiVersion:s metadata:ObjectMeta spec:ResourceQuotaSpec status:-
ResourceQuotaSpec hard:{q scopes:[s scopeSelector:*ScopeSelector
ResourceQuotaStatus hard:{q used:{q
ResourceRequirements limits:{q requests:{q claims:[ResourceClaim
ResourceSlice kind:s apiVersion:s metadata:ObjectMeta spec:ResourceSliceSpec
ResourceSliceSpec driver:s pool:ResourcePool nodeName:*s nodeSelector:*NodeSelector allNodes:*b
 devices:[Device perDeviceNodeSelection:*b sharedCounters:[CounterSet partitionTypeAttribute:*s
 skipNodeOperations:[s
ResourceStatus name:s resources:[ResourceHealth
ResourceV1ResourceClaim kind:s apiVersion:s metadata:ObjectMeta spec:ResourceClaimSpec status:-
Role kind:s apiVersion:s metadata:ObjectMeta rules:[PolicyRule
RoleBinding kind:s apiVersion:s metadata:ObjectMeta subjects:[RbacV1Subject roleRef:RoleRef
RoleRef apiGroup:s="rbac.authorization.k8s.io" kind:s name:s
RollingUpdateDaemonSet maxUnavailable:*x=1 maxSurge:*x=0
RollingUpdateDeployment maxUnavailable:*x="25%" maxSurge:*x="25%"
RollingUpdateStatefulSetStrategy partition:*i=0 maxUnavailable:*x=1
RuleWithOperations operations:[s apiGroups:[s apiVersions:[s resources:[s scope:*s="*"
RuntimeClass kind:s apiVersion:s metadata:ObjectMeta handler:s overhead:*Overhead
 scheduling:*Scheduling
SELinuxOptions user:s role:s type:s level:s
Scale kind:s apiVersion:s metadata:ObjectMeta spec:ScaleSpec status:-
ScaleIOPersistentVolumeSource gateway:s system:s secretRef:*SecretReference sslEnabled:b
 protectionDomain:s storagePool:s storageMode:s="ThinProvisioned" volumeName:s fsType:s="xfs"
 readOnly:b
ScaleIOVolumeSource gateway:s system:s secretRef:*LocalObjectReference sslEnabled:b
 protectionDomain:s storagePool:s storageMode:s="ThinProvisioned" volumeName:s fsType:s="xfs"
 readOnly:b
ScaleSpec replicas:i
ScaleStatus replicas:i selector:s
Scheduling nodeSelector:{s tolerations:[Toleration
ScopeSelector matchExpressions:[ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement scopeName:s operator:s values:[s
SeccompProfile type:s localhostProfile:*s
Secret kind:s apiVersion:s metadata:ObjectMeta immutable:*b data:{y stringData:{s type:s="Opaque"
SecretEnvSource name:s optional:*b
SecretKeySelector name:s key:s optional:*b
SecretProjection name:s items:[KeyToPath optional:*b
SecretReference name:s namespace:s
SecretVolumeSource secretName:s items:[KeyToPath defaultMode:*i=420 optional:*b defaultUser:*i
SecurityContext capabilities:*Capabilities privileged:*b seLinuxOptions:*SELinuxOptions
 windowsOptions:*WindowsSecurityContextOptions runAsUser:*i runAsGroup:*i runAsNonRoot:*b
 readOnlyRootFilesystem:*b allowPrivilegeEscalation:*b procMount:*s seccompProfile:*SeccompProfile
 appArmorProfile:*AppArmorProfile
Service kind:s apiVersion:s metadata:ObjectMeta spec:ServiceSpec status:-
ServiceAccount kind:s apiVersion:s metadata:ObjectMeta secrets:[ObjectReference
 imagePullSecrets:[LocalObjectReference automountServiceAccountToken:*b
ServiceAccountSubject namespace:s name:s
ServiceAccountTokenProjection audience:s expirationSeconds:*i=3600 path:s user:*i
ServiceBackendPort name:s number:i
ServiceCIDR kind:s apiVersion:s metadata:ObjectMeta spec:ServiceCIDRSpec status:-
ServiceCIDRSpec cidrs:[s
ServiceCIDRStatus conditions:[Condition
ServicePort name:s protocol:s="TCP" appProtocol:*s port:i targetPort:x nodePort:i
ServiceReference namespace:s name:s path:*s port:*i=443
ServiceSpec ports:[ServicePort selector:{s clusterIP:s clusterIPs:[s type:s="ClusterIP"
 externalIPs:[s sessionAffinity:s="None" loadBalancerIP:s loadBalancerSourceRanges:[s
 externalName:s externalTrafficPolicy:s healthCheckNodePort:i publishNotReadyAddresses:b
 sessionAffinityConfig:*SessionAffinityConfig ipFamilies:[s ipFamilyPolicy:*s
 allocateLoadBalancerNodePorts:*b loadBalancerClass:*s internalTrafficPolicy:*s="Cluster"
 trafficDistribution:*s
ServiceStatus loadBalancer:LoadBalancerStatus conditions:[Condition
SessionAffinityConfig clientIP:*ClientIPConfig
SleepAction seconds:i
StatefulSet kind:s apiVersion:s metadata:ObjectMeta spec:StatefulSetSpec status:-
StatefulSetCondition type:s status:s lastTransitionTime:t reason:s message:s
StatefulSetOrdinals start:i
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s="Retain" whenScaled:s="Retain"
StatefulSetSpec replicas:*i=1 selector:*LabelSelector template:PodTemplateSpec
 volumeClaimTemplates:[PersistentVolumeClaim serviceName:s podManagementPolicy:s="OrderedReady"
 updateStrategy:StatefulSetUpdateStrategy revisionHistoryLimit:*i=10 minReadySeconds:i
 persistentVolumeClaimRetentionPolicy:*StatefulSetPersistentVolumeClaimRetentionPolicy={}
 ordinals:*StatefulSetOrdinals
StatefulSetStatus observedGeneration:i replicas:i readyReplicas:i currentReplicas:i
 updatedReplicas:i currentRevision:s updateRevision:s collisionCount:*i
 conditions:[StatefulSetCondition availableReplicas:i
StatefulSetUpdateStrategy type:s="RollingUpdate" rollingUpdate:*RollingUpdateStatefulSetStrategy={}
StorageClass kind:s apiVersion:s metadata:ObjectMeta provisioner:s parameters:{s
 reclaimPolicy:*s="Delete" mountOptions:[s allowVolumeExpansion:*b volumeBindingMode:*s="Immediate"
 allowedTopologies:[TopologySelectorTerm
StorageHealth name:s healthConditions:[StorageHealthCondition
StorageHealthCondition status:s reason:s message:s accessMode:*s volumeMode:*s lastTransitionTime:t
StorageOSPersistentVolumeSource volumeName:s volumeNamespace:s fsType:s readOnly:b
 secretRef:*ObjectReference
StorageOSVolumeSource volumeName:s volumeNamespace:s fsType:s readOnly:b
 secretRef:*LocalObjectReference
Subject kind:s user:*UserSubject group:*GroupSubject serviceAccount:*ServiceAccountSubject
SuccessPolicy rules:[SuccessPolicyRule
SuccessPolicyRule succeededIndexes:*s succeededCount:*i
Sysctl name:s value:s
TCPSocketAction port:x host:s
Taint key:s value:s effect:s timeAdded:*t
TokenRequest audience:s expirationSeconds:*i
Toleration key:s operator:s value:s effect:s tolerationSeconds:*i
TopologyConstraint key:s
TopologySelectorLabelRequirement key:s values:[s
TopologySelectorTerm matchLabelExpressions:[TopologySelectorLabelRequirement
TopologySpreadConstraint maxSkew:i topologyKey:s whenUnsatisfiable:s labelSelector:*LabelSelector
 minDomains:*i nodeAffinityPolicy:*s nodeTaintsPolicy:*s matchLabelKeys:[s
TypeChecking expressionWarnings:[ExpressionWarning
TypedLocalObjectReference apiGroup:*s kind:s name:s
TypedObjectReference apiGroup:*s kind:s name:s namespace:*s
UncountedTerminatedPods succeeded:[s failed:[s
UserSubject name:s
ValidatingAdmissionPolicy kind:s apiVersion:s metadata:ObjectMeta
 spec:ValidatingAdmissionPolicySpec status:-
ValidatingAdmissionPolicyBinding kind:s apiVersion:s metadata:ObjectMeta
 spec:ValidatingAdmissionPolicyBindingSpec
ValidatingAdmissionPolicyBindingSpec policyName:s paramRef:*ParamRef matchResources:*MatchResources
 validationActions:[s
ValidatingAdmissionPolicySpec paramKind:*ParamKind matchConstraints:*MatchResources
 validations:[Validation failurePolicy:*s="Fail" auditAnnotations:[AuditAnnotation
 matchConditions:[MatchCondition variables:[Variable
ValidatingAdmissionPolicyStatus observedGeneration:i typeChecking:*TypeChecking
 conditions:[Condition
ValidatingWebhook name:s clientConfig:WebhookClientConfig rules:[RuleWithOperations
 failurePolicy:*s="Fail" matchPolicy:*s="Equivalent" namespaceSelector:*LabelSelector={}
 objectSelector:*LabelSelector={} sideEffects:*s timeoutSeconds:*i=10 admissionReviewVersions:[s
 matchConditions:[MatchCondition
ValidatingWebhookConfiguration kind:s apiVersion:s metadata:ObjectMeta webhooks:[ValidatingWebhook
Validation expression:s message:s reason:*s messageExpression:s
Variable name:s expression:s
Volume name:s hostPath:*HostPathVolumeSource emptyDir:*EmptyDirVolumeSource={}
 gcePersistentDisk:*GCEPersistentDiskVolumeSource
 awsElasticBlockStore:*AWSElasticBlockStoreVolumeSource gitRepo:*GitRepoVolumeSource
 secret:*SecretVolumeSource nfs:*NFSVolumeSource iscsi:*ISCSIVolumeSource
 glusterfs:*GlusterfsVolumeSource persistentVolumeClaim:*PersistentVolumeClaimVolumeSource
 rbd:*RBDVolumeSource flexVolume:*FlexVolumeSource cinder:*CinderVolumeSource
 cephfs:*CephFSVolumeSource flocker:*FlockerVolumeSource downwardAPI:*DownwardAPIVolumeSource
 fc:*FCVolumeSource azureFile:*AzureFileVolumeSource configMap:*ConfigMapVolumeSource
 vsphereVolume:*VsphereVirtualDiskVolumeSource quobyte:*QuobyteVolumeSource
 azureDisk:*AzureDiskVolumeSource photonPersistentDisk:*PhotonPersistentDiskVolumeSource
 projected:*ProjectedVolumeSource portworxVolume:*PortworxVolumeSource scaleIO:*ScaleIOVolumeSource
 storageos:*StorageOSVolumeSource csi:*CSIVolumeSource ephemeral:*EphemeralVolumeSource
 image:*ImageVolumeSource
VolumeAttachment kind:s apiVersion:s metadata:ObjectMeta spec:VolumeAttachmentSpec status:-
VolumeAttachmentSource persistentVolumeName:*s inlineVolumeSpec:*PersistentVolumeSpec
VolumeAttachmentSpec attacher:s source:VolumeAttachmentSource nodeName:s
VolumeAttachmentStatus attached:b attachmentMetadata:{s attachError:*VolumeError
 detachError:*VolumeError
VolumeAttributesClass kind:s apiVersion:s metadata:ObjectMeta driverName:s parameters:{s
VolumeDevice name:s devicePath:s
VolumeError time:t message:s errorCode:*i
VolumeHealthCondition status:s reason:s message:s
VolumeHealthStatus healthConditions:[VolumeHealthCondition lastTransitionTime:t
VolumeMount name:s readOnly:b recursiveReadOnly:*s mountPath:s subPath:s mountPropagation:*s
 subPathExpr:s bindMountOptions:[s
VolumeMountStatus name:s mountPath:s readOnly:b recursiveReadOnly:*s volumeStatus:*VolumeStatus
VolumeNodeAffinity required:*NodeSelector
VolumeNodeResources count:*i
VolumeProjection secret:*SecretProjection downwardAPI:*DownwardAPIProjection
 configMap:*ConfigMapProjection serviceAccountToken:*ServiceAccountTokenProjection
 clusterTrustBundle:*ClusterTrustBundleProjection podCertificate:*PodCertificateProjection
VolumeResourceRequirements limits:{q requests:{q
VolumeStatus image:*ImageVolumeStatus
VsphereVirtualDiskVolumeSource volumePath:s fsType:s storagePolicyName:s storagePolicyID:s
WebhookClientConfig url:*s service:*ServiceReference caBundle:y
WeightedPodAffinityTerm weight:i podAffinityTerm:PodAffinityTerm
WindowsSecurityContextOptions gmsaCredentialSpecName:*s gmsaCredentialSpec:*s runAsUserName:*s
 hostProcess:*b
WorkloadPodGroupAllDisruptionMode
WorkloadPodGroupBasicSchedulingPolicy
WorkloadPodGroupDisruptionMode single:*WorkloadPodGroupSingleDisruptionMode
 all:*WorkloadPodGroupAllDisruptionMode
WorkloadPodGroupGangSchedulingPolicy minCount:*i
WorkloadPodGroupResourceClaim name:s resourceClaimName:*s resourceClaimTemplateName:*s
WorkloadPodGroupSchedulingConstraints topology:[TopologyConstraint
WorkloadPodGroupSchedulingPolicy basic:*WorkloadPodGroupBasicSchedulingPolicy
 gang:*WorkloadPodGroupGangSchedulingPolicy
WorkloadPodGroupSingleDisruptionMode
"""
"""A line a type: each field, `:` its form, and `=` each default. Forms: s text, i whole number, n
number, b truth, q quantity, y bytes, t time, x number or text, o anything, or a type; `*` before
one is a pointer, `[` a list, `{` a mapping, and `-` alone is of the server."""
