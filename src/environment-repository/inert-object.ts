import { inertPath } from './manifest-path.ts'
import type { Edit } from './port.ts'

/** Puts the inert object at its place. */
export function inertEdit({
  directory,
  agentNamespace,
}: {
  readonly directory: string
  /** Where the agent lives. */
  readonly agentNamespace: string
}): Edit {
  return { path: inertPath(directory), content: inertObject(agentNamespace) }
}

/**
 * A ConfigMap that does nothing. It has a namespace because Flux refuses an object without one; the agent's own surely
 * exists, and the root may write there. It carries no `mayfly.dev/preview`: it is nobody's manifest.
 */
export function inertObject(namespace: string): string {
  return `# Stays for ever: without it an agent would not prune the last preview of this directory.
apiVersion: v1
kind: ConfigMap
metadata:
  name: mayfly
  namespace: ${JSON.stringify(namespace)}
  labels:
    app.kubernetes.io/managed-by: mayfly
data: {}
`
}
