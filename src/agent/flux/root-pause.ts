import type { KubernetesObject } from '../cluster.ts'
import { FluxObject } from './schema.ts'

/** Why the root Kustomization, `name`, applies nothing new; null: it does, or has a form that we do not know. Never throws. */
export function fluxPause(
  name: string,
  root: KubernetesObject | null,
  source: KubernetesObject | null,
): string | null {
  if (isSuspended(root)) return `the root Kustomization \`${name}\` is suspended${until}`
  return isSuspended(source) ? `the source of the root Kustomization \`${name}\` is suspended${until}` : null
}

const until = ': nothing is applied until somebody resumes it'

function isSuspended(object: KubernetesObject | null): boolean {
  return FluxObject.safeParse(object).data?.spec.suspend === true
}
