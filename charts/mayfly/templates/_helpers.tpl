{{/* Names. */}}
{{- define "mayfly.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 53 | trimSuffix "-" -}}
{{- end -}}

{{- define "mayfly.fullname" -}}
{{- $name := include "mayfly.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 53 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 53 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What lives in no namespace carries ours in its name, so that two releases never share it. */}}
{{- define "mayfly.clusterName" -}}
{{- printf "%s:%s" .Release.Namespace (include "mayfly.fullname" .) -}}
{{- end -}}

{{- define "mayfly.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "mayfly.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "mayfly.selectorLabels" -}}
app.kubernetes.io/name: {{ include "mayfly.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/*
`managed-by` is Helm's here, as Helm asks. The value `mayfly` marks what Mayfly commits, and these objects are not that.
*/}}
{{- define "mayfly.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "mayfly.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "mayfly.image" -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}

{{/* What the chart reads of `config`, with Mayfly's own defaults. */}}
{{- define "mayfly.redis" -}}
{{- (.Values.config.queue | default dict).redis | default "" -}}
{{- end -}}

{{- define "mayfly.port" -}}
{{- (.Values.config.server | default dict).port | default 8080 | int -}}
{{- end -}}

{{/* Empty: metrics are on the main port. */}}
{{- define "mayfly.metricsPort" -}}
{{- with (.Values.config.server | default dict).metricsPort -}}{{ int . }}{{- end -}}
{{- end -}}

{{- define "mayfly.agentKind" -}}
{{- (.Values.config.agent | default dict).kind | default "none" -}}
{{- end -}}

{{- define "mayfly.agentNamespace" -}}
{{- $usual := ternary "argocd" "flux-system" (eq (include "mayfly.agentKind" .) "argocd") -}}
{{- (.Values.config.agent | default dict).namespace | default $usual -}}
{{- end -}}

{{- define "mayfly.root" -}}
{{- (.Values.config.agent | default dict).rootApplication | default "previews" -}}
{{- end -}}

{{- define "mayfly.layout" -}}
{{- (.Values.config.environmentRepository | default dict).layout | default "files" -}}
{{- end -}}

{{/* "true" when Mayfly talks to the cluster it runs in. */}}
{{- define "mayfly.inCluster" -}}
{{- $kubeconfig := (.Values.config.agent | default dict).kubeconfig | default "in-cluster" -}}
{{- if and (ne (include "mayfly.agentKind" .) "none") (eq $kubeconfig "in-cluster") -}}true{{- end -}}
{{- end -}}
