"""The fields of the objects where a misspelt one does harm.

Written from the API reference of Kubernetes, https://kubernetes.io/docs/reference/kubernetes-api/,
newest version; fields that were removed on the way stay, since an old cluster has them.
Letters: `s` text, `i` whole number, `b` truth value, `q` number or text, `o` anything,
`m` texts by name; `[…` a list of it; any other word is another schema.
"""

from __future__ import annotations

from typing import Final


def _fields(text: str) -> dict[str, str]:
    return {name: kind for name, _, kind in (part.partition(":") for part in text.split())}


SCHEMAS: Final[dict[str, dict[str, str]]] = {
    "metadata": _fields(
        "name:s generateName:s namespace:s labels:o annotations:o finalizers:[s"
        " ownerReferences:[o uid:s resourceVersion:s generation:i creationTimestamp:o"
        " deletionTimestamp:o deletionGracePeriodSeconds:i managedFields:[o selfLink:s"
        " clusterName:s"
    ),
    "pod": _fields(
        "activeDeadlineSeconds:i affinity:o automountServiceAccountToken:b"
        " containers:[container dnsConfig:o dnsPolicy:s enableServiceLinks:b"
        " ephemeralContainers:[container hostAliases:[o hostIPC:b hostNetwork:b hostPID:b"
        " hostUsers:b hostname:s hostnameOverride:s imagePullSecrets:[o"
        " initContainers:[container nodeName:s nodeSelector:m os:o overhead:o"
        " preemptionPolicy:s priority:i priorityClassName:s readinessGates:[o"
        " resourceClaims:[o resources:resources restartPolicy:s runtimeClassName:s"
        " schedulerName:s schedulingGates:[o schedulingGroup:o securityContext:pod-security"
        " serviceAccount:s serviceAccountName:s setHostnameAsFQDN:b"
        " shareProcessNamespace:b subdomain:s terminationGracePeriodSeconds:i"
        " tolerations:[o topologySpreadConstraints:[o volumes:[volume workloadRef:o"
    ),
    "container": _fields(
        "args:[q command:[q env:[variable envFrom:[o image:s imagePullPolicy:s lifecycle:o"
        " livenessProbe:probe name:s ports:[port readinessProbe:probe resizePolicy:[o"
        " resources:resources restartPolicy:s restartPolicyRules:[o"
        " securityContext:container-security startupProbe:probe stdin:b stdinOnce:b"
        " targetContainerName:s terminationMessagePath:s terminationMessagePolicy:s tty:b"
        " volumeDevices:[o volumeMounts:[mount workingDir:s"
    ),
    "pod-security": _fields(
        "appArmorProfile:o fsGroup:i fsGroupChangePolicy:s runAsGroup:i runAsNonRoot:b"
        " runAsUser:i seLinuxChangePolicy:s seLinuxOptions:o seccompProfile:o"
        " supplementalGroups:[i supplementalGroupsPolicy:s sysctls:[o windowsOptions:o"
    ),
    "container-security": _fields(
        "allowPrivilegeEscalation:b appArmorProfile:o capabilities:capabilities privileged:b"
        " procMount:s readOnlyRootFilesystem:b runAsGroup:i runAsNonRoot:b runAsUser:i"
        " seLinuxOptions:o seccompProfile:o windowsOptions:o"
    ),
    "capabilities": _fields("add:[s drop:[s"),
    "resources": _fields("claims:[o limits:o requests:o"),
    "variable": _fields("name:s value:q valueFrom:o"),
    "port": _fields("containerPort:i hostIP:s hostPort:i name:s protocol:s"),
    "mount": _fields(
        "mountPath:s mountPropagation:s name:s readOnly:b recursiveReadOnly:s subPath:s"
        " subPathExpr:s"
    ),
    "probe": _fields(
        "exec:o failureThreshold:i grpc:o httpGet:o initialDelaySeconds:i periodSeconds:i"
        " successThreshold:i tcpSocket:o terminationGracePeriodSeconds:i timeoutSeconds:i"
    ),
    "volume": _fields(
        "awsElasticBlockStore:o azureDisk:o azureFile:o cephfs:o cinder:o configMap:o csi:o"
        " downwardAPI:o emptyDir:o ephemeral:o fc:o flexVolume:o flocker:o"
        " gcePersistentDisk:o gitRepo:o glusterfs:o hostPath:o image:o iscsi:o name:s nfs:o"
        " persistentVolumeClaim:o photonPersistentDisk:o portworxVolume:o projected:o"
        " quobyte:o rbd:o scaleIO:o secret:o storageos:o vsphereVolume:o"
    ),
    "template": _fields("metadata:metadata spec:pod"),
    "Deployment": _fields(
        "minReadySeconds:i paused:b progressDeadlineSeconds:i replicas:i"
        " revisionHistoryLimit:i rollbackTo:o selector:o strategy:o template:template"
    ),
    "StatefulSet": _fields(
        "minReadySeconds:i ordinals:o persistentVolumeClaimRetentionPolicy:o"
        " podManagementPolicy:s replicas:i revisionHistoryLimit:i selector:o serviceName:s"
        " template:template updateStrategy:o volumeClaimTemplates:[o"
    ),
    "DaemonSet": _fields(
        "minReadySeconds:i revisionHistoryLimit:i selector:o template:template"
        " templateGeneration:i updateStrategy:o"
    ),
    "ReplicaSet": _fields("minReadySeconds:i replicas:i selector:o template:template"),
    "ReplicationController": _fields("minReadySeconds:i replicas:i selector:o template:template"),
    "Job": _fields(
        "activeDeadlineSeconds:i backoffLimit:i backoffLimitPerIndex:i completionMode:s"
        " completions:i managedBy:s manualSelector:b maxFailedIndexes:i parallelism:i"
        " podFailurePolicy:o podReplacementPolicy:s selector:o successPolicy:o suspend:b"
        " template:template ttlSecondsAfterFinished:i"
    ),
    "CronJob": _fields(
        "concurrencyPolicy:s failedJobsHistoryLimit:i jobTemplate:job-template schedule:s"
        " startingDeadlineSeconds:i successfulJobsHistoryLimit:i suspend:b timeZone:s"
    ),
    "job-template": _fields("metadata:metadata spec:Job"),
    "Service": _fields(
        "allocateLoadBalancerNodePorts:b clusterIP:s clusterIPs:[s deprecatedPublicIPs:[s"
        " externalIPs:[s externalName:s externalTrafficPolicy:s healthCheckNodePort:i"
        " internalTrafficPolicy:s ipFamilies:[s ipFamily:s ipFamilyPolicy:s"
        " loadBalancerClass:s loadBalancerIP:s loadBalancerSourceRanges:[s"
        " ports:[service-port publishNotReadyAddresses:b selector:m sessionAffinity:s"
        " sessionAffinityConfig:o topologyKeys:[s trafficDistribution:s type:s"
    ),
    "service-port": _fields("appProtocol:s name:s nodePort:i port:i protocol:s targetPort:q"),
}

REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "container": ("name",),
    "pod": ("containers",),
    "Deployment": ("selector", "template"),
    "StatefulSet": ("selector", "template"),
    "DaemonSet": ("selector", "template"),
    "ReplicaSet": ("selector",),
    "Job": ("template",),
    "CronJob": ("schedule", "jobTemplate"),
    "service-port": ("port",),
    "port": ("containerPort",),
    "mount": ("name", "mountPath"),
    "volume": ("name",),
    "variable": ("name",),
}

SPECS: Final = {kind: kind for kind in SCHEMAS if kind[0].isupper()} | {"Pod": "pod"}
"""The schema of `spec`, by kind."""
