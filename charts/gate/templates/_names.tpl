{{- define "gate.name" -}}
{{- if contains "gate" .Release.Name -}}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{- else -}}{{ printf "%s-gate" (.Release.Name | trunc 45 | trimSuffix "-") }}{{- end -}}
{{- end }}

{{- define "gate.selector" -}}
app.kubernetes.io/name: gate
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "gate.labels" -}}
{{ include "gate.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: gate
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "gate.secret" -}}
{{- if or .Values.tls.certManager.enabled .Values.tls.own.enabled }}{{ include "gate.name" . }}-tls{{ else }}{{ .Values.tls.secret }}{{ end -}}
{{- end }}

{{- define "gate.policy" -}}
{{- include "gate.name" . }}-policy-{{ printf "%s%s%s" .Values.policy (.Values.policyFiles | toJson) .Values.registries | sha256sum | trunc 10 -}}
{{- end }}

{{- /* Whether gate asks the API server as its account. */ -}}
{{- define "gate.asks" -}}
{{- if or .Values.tls.own.enabled .Values.pullSecrets .Values.audit.every (include "gate.events" .) (include "gate.auditLabels" .) }}yes{{ end -}}
{{- end }}

{{- /* The labels of namespaces where the policy has nothing refused, as JSON; nothing without. */ -}}
{{- define "gate.auditLabels" -}}
{{- with ((.Values.policy | fromYaml).admission | default dict) }}{{ with (index . "audit-labels") }}{{ .labels | toJson }}{{ end }}{{ end -}}
{{- end }}

{{- /* Whether gate writes events: where some refusals, or all, are only warnings. */ -}}
{{- define "gate.events" -}}
{{- if eq .Values.mode "audit" }}yes{{ else }}
{{- with ((.Values.policy | fromYaml).admission | default dict) }}{{ if or .audit (index . "audit-labels") }}yes{{ end }}{{ end }}
{{- end -}}
{{- end }}

{{- define "gate.webhook" -}}
{{ printf "%s-%s" .Release.Namespace (include "gate.name" .) }}
{{- end }}

{{- /* How API servers call gate: takes the root and the path of the server. */ -}}
{{- define "gate.webhookCall" -}}
{{- $name := include "gate.name" .root -}}
admissionReviewVersions: [v1]
# Events, where it writes some: none for a dry run.
sideEffects: NoneOnDryRun
failurePolicy: {{ .root.Values.webhook.failurePolicy }}
matchPolicy: Equivalent
timeoutSeconds: {{ .root.Values.webhook.timeoutSeconds }}
clientConfig:
  service: {name: {{ $name }}, namespace: {{ .root.Release.Namespace }}, path: {{ .path }}, port: 443}
  {{- if not (or .root.Values.tls.certManager.enabled .root.Values.tls.own.enabled) }}
  caBundle: {{ .root.Values.tls.caBundle | nospace }}
  {{- end }}
{{- end }}

{{- /* What both webhooks for workloads have in common: takes the same. */ -}}
{{- define "gate.webhookBody" -}}
{{- $name := include "gate.name" .root -}}
{{ include "gate.webhookCall" . }}
{{- with .root.Values.webhook.exceptNamespaces }}
# The API server itself writes this label, with the namespace's name.
namespaceSelector:
  matchExpressions:
    - key: kubernetes.io/metadata.name
      operator: NotIn
      values: {{- toYaml . | nindent 8 }}
{{- end }}
# gate does not judge itself, or it could not start again once all of it is gone. By exact names,
# and of what controllers make by the controllers' own accounts, which nobody else can use.
matchConditions:
  - name: not-gate-itself
    expression: >-
      !(request.namespace == {{ .root.Release.Namespace | squote }} && (
      (request.resource.resource == 'deployments' && request.name == {{ $name | squote }}) ||
      (request.resource.resource == 'replicasets' && request.userInfo.username in
      ['system:serviceaccount:kube-system:deployment-controller', 'system:kube-controller-manager'] &&
      object != null && object.metadata.ownerReferences.exists(o, o.kind == 'Deployment' &&
      o.name == {{ $name | squote }})) ||
      (request.resource.resource == 'pods' && request.subResource == '' && request.userInfo.username in
      ['system:serviceaccount:kube-system:replicaset-controller', 'system:kube-controller-manager'] &&
      object != null && object.spec.serviceAccountName == {{ $name | squote }})))
rules:
  - apiGroups: [""]
    apiVersions: [v1]
    operations: [CREATE, UPDATE]
    resources: [pods, pods/ephemeralcontainers, podtemplates, replicationcontrollers]
    scope: Namespaced
  - apiGroups: [apps]
    apiVersions: [v1]
    operations: [CREATE, UPDATE]
    resources: [daemonsets, deployments, replicasets, statefulsets]
    scope: Namespaced
  - apiGroups: [batch]
    apiVersions: [v1]
    operations: [CREATE, UPDATE]
    resources: [cronjobs, jobs]
    scope: Namespaced
  {{- with .root.Values.webhook.rules }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
