import type { KubernetesObject } from '../cluster.ts'
import { ArgocdApplication } from './schema.ts'

/** Why the root Application, `name`, applies nothing; null: it does, or has a form that we do not know. Never throws. */
export function argocdPause(name: string, root: KubernetesObject | null): string | null {
  const read = ArgocdApplication.safeParse(root)
  if (!read.success) return null
  const automated = read.data.spec.syncPolicy?.automated
  if (automated && automated.enabled !== false) return null
  return `the root Application \`${name}\` is paused: its automated sync is off, and nothing is applied until somebody turns it on or syncs it`
}
