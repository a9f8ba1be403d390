/** What a merge request deploys: one Deployment whose image tag decides how its pod fares (parts/kwok-stages.yaml). */
export function workload(tag: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  progressDeadlineSeconds: 6
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers: [{ name: web, image: 'acme/shop:${tag}' }]
`
}

/** The API server refuses it: its selector does not match its own pods. */
export const refusedWorkload = workload('ok').replace('labels: { app: web }', 'labels: { app: other }')

/** It never comes up, and nobody gives it up before ten minutes are over. */
export const startingWorkload = workload('missing').replace(
  'progressDeadlineSeconds: 6',
  'progressDeadlineSeconds: 600',
)

/** A migration that fails at its first try. */
export const failingJob = `apiVersion: batch/v1
kind: Job
metadata: { name: migrate }
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: migrate, image: 'acme/shop:fail' }]
`
