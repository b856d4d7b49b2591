"""Objects with one fault each that only some versions of Kubernetes refuse."""

from __future__ import annotations

from typing import Any, Final

import yaml

from gate.policy.profile import NEWEST_KUBERNETES, OLDEST_KUBERNETES

MINORS: Final = range(OLDEST_KUBERNETES, NEWEST_KUBERNETES + 1)
CONTAINER: Final = "containers: [{name: c, image: a}]"
JOB: Final = f"template: {{spec: {{restartPolicy: Never, {CONTAINER}}}}}"


def _pod(spec: str) -> tuple[str, str, str]:
    return "v1", "Pod", f"spec: {{{spec}}}"


def _container(fields: str) -> tuple[str, str, str]:
    return _pod(f"containers: [{{name: c, image: a, {fields}}}]")


def policy_of(cidr: str) -> tuple[str, str, str]:
    peer = f"ingress: [{{from: [{{ipBlock: {{cidr: '{cidr}'}}}}]}}]"
    return "networking.k8s.io/v1", "NetworkPolicy", f"spec: {{podSelector: {{}}, {peer}}}"


def _set(pod: str, claim: str = "") -> tuple[str, str, str]:
    template = f"template: {{metadata: {{labels: {{a: b}}}}, spec: {{{pod}}}}}"
    spec = f"selector: {{matchLabels: {{a: b}}}}, {template}{claim}"
    return "apps/v1", "StatefulSet", f"spec: {{{spec}}}"


def _affinity(value: str) -> tuple[str, str, str]:
    wanted = f"matchExpressions: [{{key: a, operator: In, values: ['{value}']}}]"
    required = (
        f"requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{{{wanted}}}]}}"
    )
    return _pod(f"{CONTAINER}, affinity: {{nodeAffinity: {{{required}}}}}")


def _cron(schedule: str, more: str = "") -> tuple[str, str, str]:
    pod = f"{{restartPolicy: Never, {CONTAINER}}}"
    job = f"jobTemplate: {{{more}spec: {{template: {{spec: {pod}}}}}}}"
    return "batch/v1", "CronJob", f"spec: {{schedule: {schedule}, {job}}}"


def _scaler(spec: str) -> tuple[str, str, str]:
    external = "external: {metric: {name: m}, target: {type: Value, value: 1}}"
    metric = f"metrics: [{{type: External, {external}}}]"
    return (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        f"spec: {{maxReplicas: 2, {metric}, {spec}}}",
    )


TARGET: Final = "kind: Deployment, name: a"
SERVED: Final = "ports: [{port: 80}]"
IQN: Final = "iqn.2001-04.com.example:storage.kube.sys1.xyz"
CLAIM: Final = "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}"
POD: Final = "spec.template.spec"
TERM: Final = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
DATED: Final = {
    "a pod of a StatefulSet": (
        _set("containers: [{name: A b, image: a}]"),
        f"{POD}.containers[0].name",
        range(34, 38),
    ),
    "a pod of a StatefulSet without its container's name": (
        _set("containers: [{image: a}]"),
        f"{POD}.containers[0].name",
        range(34, 38),
    ),
    "a claim of a StatefulSet": (
        _set(CONTAINER, ", volumeClaimTemplates: [{metadata: {name: d}, spec: {}}]"),
        "spec.volumeClaimTemplates[0].spec.accessModes",
        range(34, 38),
    ),
    "a restart policy of a StatefulSet, which every version looks at": (
        _set(f"{CONTAINER}, restartPolicy: Never"),
        f"{POD}.restartPolicy",
        MINORS,
    ),
    "a quantity of a StatefulSet that no version can read": (
        _set("containers: [{name: c, image: a, resources: {limits: {memory: 1GB}}}]"),
        f"{POD}.containers[0].resources.limits.memory",
        MINORS,
    ),
    "a schedule with its time zone": (
        _cron("TZ=UTC 0 0 * * *"),
        "spec.schedule",
        range(29, 38),
    ),
    "a label of a selector": (
        (
            "networking.k8s.io/v1",
            "NetworkPolicy",
            "spec: {podSelector: {matchExpressions: [{key: a, operator: In, values: ['b c']}]}}",
        ),
        "spec.podSelector.matchExpressions[0].values[0]",
        range(26, 38),
    ),
    "a name of a variable that begins with a digit": (
        _container("env: [{name: 1A, value: b}]"),
        "spec.containers[0].env[0].name",
        range(OLDEST_KUBERNETES, 32),
    ),
    "a name of a variable with an equals sign": (
        _container("env: [{name: A=, value: b}]"),
        "spec.containers[0].env[0].name",
        MINORS,
    ),
    "a search domain with an underscore": (
        _pod(f"{CONTAINER}, dnsConfig: {{searches: [a_b.example]}}"),
        "spec.dnsConfig.searches[0]",
        range(OLDEST_KUBERNETES, 33),
    ),
    "a label of nodes": (
        _affinity("A b?"),
        f"{TERM}.nodeSelectorTerms[0].matchExpressions[0].values[0]",
        range(33, 38),
    ),
    "a resize policy": (
        _container("resizePolicy: [{resourceName: disk, restartPolicy: NotRequired}]"),
        "spec.containers[0].resizePolicy[0].resourceName",
        range(33, 38),
    ),
    "a resize policy without its resource": (
        _container("resizePolicy: [{restartPolicy: NotRequired}]"),
        "spec.containers[0].resizePolicy[0].resourceName",
        range(33, 38),
    ),
    "a restart policy of a container": (
        _container("restartPolicy: Never"),
        "spec.containers[0].restartPolicy",
        range(OLDEST_KUBERNETES, 35),
    ),
    "a name of a Service that begins with a digit": (
        ("v1", "Service", "metadata: {name: 1a}\nspec: {ports: [{port: 80}]}"),
        "metadata.name",
        range(OLDEST_KUBERNETES, 36),
    ),
    "a network with zeros": (
        policy_of("010.0.0.0/8"),
        "spec.ingress[0].from[0].ipBlock.cidr",
        range(36, 38),
    ),
    "a network that begins elsewhere": (
        policy_of("10.0.0.1/8"),
        "spec.ingress[0].from[0].ipBlock.cidr",
        range(36, 38),
    ),
    "no replica at the least": (
        _scaler(f"minReplicas: 0, scaleTargetRef: {{apiVersion: apps/v1, {TARGET}}}"),
        "spec.minReplicas",
        range(OLDEST_KUBERNETES, 37),
    ),
    "a target of an autoscaler without its API group": (
        _scaler(f"scaleTargetRef: {{{TARGET}}}"),
        "spec.scaleTargetRef.apiVersion",
        range(34, 38),
    ),
    "a name of a claim": (
        _set(CONTAINER, f", volumeClaimTemplates: [{{metadata: {{name: A b}}, {CLAIM}}}]"),
        "spec.volumeClaimTemplates[0].metadata.name",
        range(34, 38),
    ),
    "an address with zeros": (
        _pod(f"{CONTAINER}, hostAliases: [{{ip: 010.1.1.1, hostnames: [a]}}]"),
        "spec.hostAliases[0].ip",
        range(36, 38),
    ),
    "a network in IPv6 that is one of IPv4": (
        policy_of("::ffff:10.0.0.0/104"),
        "spec.ingress[0].from[0].ipBlock.cidr",
        range(36, 38),
    ),
    "a namespace of the node without users of its own": (
        _pod(f"{CONTAINER}, hostUsers: false, hostPID: true"),
        "spec.hostPID",
        range(33, 38),
    ),
    "labels of a claim, which no version looks at": (
        _set(
            CONTAINER,
            f", volumeClaimTemplates: [{{metadata: {{name: d, labels: {{a b: c}}}}, {CLAIM}}}]",
        ),
        "spec.volumeClaimTemplates[0].metadata.labels.a b",
        range(0),
    ),
    "a host name of a StatefulSet, which its controller writes": (
        _set(f"{CONTAINER}, hostname: A b, subdomain: A b"),
        f"{POD}.hostname",
        range(0),
    ),
    "a volume of a StatefulSet whose place a claim takes": (
        _set(
            f"{CONTAINER}, volumes: [{{name: d, persistentVolumeClaim: {{claimName: ''}}}}]",
            f", volumeClaimTemplates: [{{metadata: {{name: d}}, {CLAIM}}}]",
        ),
        f"{POD}.volumes[0].persistentVolumeClaim.claimName",
        range(0),
    ),
    "a volume of a StatefulSet beside its claims": (
        _set(
            f"{CONTAINER}, volumes: [{{name: e, persistentVolumeClaim: {{claimName: ''}}}}]",
            f", volumeClaimTemplates: [{{metadata: {{name: d}}, {CLAIM}}}]",
        ),
        f"{POD}.volumes[0].persistentVolumeClaim.claimName",
        range(34, 38),
    ),
    "a history of a StatefulSet": (
        ("apps/v1", "StatefulSet", f"{_set(CONTAINER)[2][:-1]}, revisionHistoryLimit: -1}}"),
        "spec.revisionHistoryLimit",
        range(0),
    ),
    "labels of the jobs of a CronJob": (
        _cron("0 0 * * *", "metadata: {labels: {a b: c}}, "),
        "spec.jobTemplate.metadata.labels.a b",
        range(0),
    ),
    "a node without drivers": (
        ("storage.k8s.io/v1", "CSINode", "spec: {drivers: []}"),
        "spec.drivers",
        range(0),
    ),
    "a secret without a name": (
        _pod(f"{CONTAINER}, volumes: [{{name: d, secret: {{}}}}]"),
        "spec.volumes[0].secret.secretName",
        MINORS,
    ),
    "a unit of iSCSI, which is 0 where nobody says": (
        _pod(f"{CONTAINER}, volumes: [{{name: d, iscsi: {{targetPortal: a, iqn: '{IQN}'}}}}]"),
        "spec.volumes[0].iscsi.lun",
        range(0),
    ),
    "a range of callers that begins elsewhere": (
        (
            "v1",
            "Service",
            f"spec: {{type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.1/8], {SERVED}}}",
        ),
        "spec.loadBalancerSourceRanges[0]",
        range(36, 38),
    ),
    "a policy of failures without rules": (
        ("batch/v1", "Job", f"spec: {{podFailurePolicy: {{rules: []}}, {JOB}}}"),
        "spec.podFailurePolicy.rules",
        range(0),
    ),
    "an indexed job that says neither how many nor how many at a time": (
        ("batch/v1", "Job", f"spec: {{completionMode: Indexed, {JOB}}}"),
        "spec.completions",
        range(0),
    ),
    "an indexed job that says how many at a time alone": (
        ("batch/v1", "Job", f"spec: {{completionMode: Indexed, parallelism: 2, {JOB}}}"),
        "spec.completions",
        MINORS,
    ),
    "two accounts, of which the newer field counts": (
        _pod(f"{CONTAINER}, serviceAccountName: a, serviceAccount: b"),
        "spec.serviceAccount",
        range(0),
    ),
}
"""An object with one fault, the field that has it, and the minor versions that refuse it."""


def dated_object(name: str) -> dict[str, Any]:
    """Return the object of a row of `DATED`."""
    api, kind, rest = DATED[name][0]
    head = f"apiVersion: {api}\nkind: {kind}\n"
    named = "" if rest.startswith("metadata:") else "metadata: {name: a}\n"
    found: dict[str, Any] = yaml.safe_load(f"{head}{named}{rest}\n")
    return found
