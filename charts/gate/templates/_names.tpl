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

{{- define "gate.webhook" -}}
{{ printf "%s-%s" .Release.Namespace (include "gate.name" .) }}
{{- end }}
