{{/* What a schema cannot say in words. Everything wrong is told at once. */}}
{{- define "mayfly.check" -}}
{{- $problems := concat
  (include "mayfly.checkReplicas" . | fromYamlArray)
  (include "mayfly.checkServer" . | fromYamlArray)
  (include "mayfly.checkSecrets" . | fromYamlArray)
  (include "mayfly.checkVariables" . | fromYamlArray)
  (include "mayfly.checkIngress" . | fromYamlArray) -}}
{{- if $problems -}}
{{- fail (printf "\n\n- %s\n" (join "\n- " $problems)) -}}
{{- end -}}
{{- end -}}

{{- define "mayfly.checkReplicas" -}}
{{- if and (gt (int .Values.replicaCount) 1) (not (include "mayfly.redis" .)) -}}
{{- list (printf "replicaCount is %d, but config.queue.redis is not set: without Redis the queue is in one process. Set config.queue.redis, or take one replica." (int .Values.replicaCount)) | toYaml -}}
{{- end -}}
{{- end -}}

{{- define "mayfly.checkServer" -}}
{{- $problems := list -}}
{{- $server := .Values.config.server | default dict -}}
{{- range $name := list "port" "metricsPort" -}}
{{- $port := get $server $name | toString -}}
{{- if and (hasKey $server $name) (or (not (regexMatch "^[0-9]+$" $port)) (eq $port "0")) -}}
{{- $problems = append $problems (printf "config.server.%s is %s: in a cluster it must be a number above 0, because the Service points to it." $name $port) -}}
{{- end -}}
{{- end -}}
{{- if has ($server.host | default "0.0.0.0") (list "localhost" "127.0.0.1" "::1") -}}
{{- $problems = append $problems (printf "config.server.host is %s: nobody would reach the Pod. Leave it out." $server.host) -}}
{{- end -}}
{{- if $problems -}}{{- toYaml $problems -}}{{- end -}}
{{- end -}}

{{/* A ConfigMap is no place for a secret. */}}
{{- define "mayfly.checkSecrets" -}}
{{- $found := dict -}}
{{- range $index, $forge := .Values.config.forges | default list -}}
{{- $at := printf "config.forges[%d]" $index -}}
{{- $_ := set $found (printf "%s.token" $at) ($forge.token | default "") -}}
{{- $_ := set $found (printf "%s.app.privateKey" $at) (($forge.app | default dict).privateKey | default "") -}}
{{- if kindIs "slice" $forge.webhookSecret -}}
{{- range $place, $secret := $forge.webhookSecret -}}
{{- $_ := set $found (printf "%s.webhookSecret[%d]" $at $place) $secret -}}
{{- end -}}
{{- else -}}
{{- $_ := set $found (printf "%s.webhookSecret" $at) ($forge.webhookSecret | default "") -}}
{{- end -}}
{{- end -}}
{{- $_ := set $found "config.environmentRepository.token" ((.Values.config.environmentRepository | default dict).token | default "") -}}
{{- $problems := list -}}
{{- range $path, $text := $found -}}
{{- if and $text (not (regexMatch "^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$" (toString $text))) -}}
{{- $problems = append $problems (printf "%s holds a secret in clear, and config becomes a ConfigMap: write ${NAME} there, and hand NAME in through existingSecret or env." $path) -}}
{{- end -}}
{{- end -}}
{{- if regexMatch "^[a-z]+://[^@/$]*:[^@/$]+@" (include "mayfly.redis" .) -}}
{{- $problems = append $problems "config.queue.redis holds a password in clear, and config becomes a ConfigMap: write ${REDIS_URL} there, and hand REDIS_URL in through existingSecret or env." -}}
{{- end -}}
{{- if $problems -}}{{- toYaml $problems -}}{{- end -}}
{{- end -}}

{{/* Mayfly does not start with a variable that is not set. With existingSecret only Mayfly can know. */}}
{{- define "mayfly.checkVariables" -}}
{{- if not .Values.existingSecret -}}
{{- $given := list -}}
{{- range .Values.env -}}{{- $given = append $given .name -}}{{- end -}}
{{- $text := regexReplaceAll "\\$\\$\\{" (toYaml .Values.config) "" -}}
{{- $problems := list -}}
{{- range $use := regexFindAll "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}" $text -1 | uniq | sortAlpha -}}
{{- $name := $use | trimPrefix "${" | trimSuffix "}" -}}
{{- if not (has $name $given) -}}
{{- $problems = append $problems (printf "config names %s, but nothing gives it: put %s into a Secret and name that in existingSecret, or add it to env." $use $name) -}}
{{- end -}}
{{- end -}}
{{- if $problems -}}{{- toYaml $problems -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "mayfly.checkIngress" -}}
{{- if and .Values.ingress.enabled (not (include "mayfly.ingressHost" .)) -}}
{{- list "ingress.enabled without a host: set ingress.host, or config.server.publicUrl." | toYaml -}}
{{- end -}}
{{- end -}}

{{- define "mayfly.ingressHost" -}}
{{- if .Values.ingress.host -}}
{{- .Values.ingress.host -}}
{{- else -}}
{{- with (.Values.config.server | default dict).publicUrl -}}
{{- regexReplaceAll ":[0-9]+$" (urlParse .).host "" -}}
{{- end -}}
{{- end -}}
{{- end -}}
