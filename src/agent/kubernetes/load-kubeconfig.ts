import { readFile } from 'node:fs/promises'
import type { KubeConfig } from '@kubernetes/client-node'
import { parse } from 'yaml'
import { z } from 'zod'
import { proxyFor, type NetworkEnvironment } from '../../network/proxy-for.ts'
import { RetryLater } from '../../preview/errors.ts'

/** How the API server is found and who we are there. */
export interface KubeconfigChoice {
  /** A path, or `in-cluster`. */
  readonly kubeconfig: string
  /** The name of a context; null: the current one. */
  readonly context: string | null
}

/**
 * Reads the kubeconfig, or what a pod is given. The client is loaded here, when it is needed: it takes half a second and 69 MB.
 * @throws RetryLater in words when it cannot be read: a mounted file may come later.
 */
export async function loadKubeconfig(
  choice: KubeconfigChoice,
  environment: NetworkEnvironment,
): Promise<KubeConfig> {
  const client = await import('@kubernetes/client-node')
  const config = new client.KubeConfig()
  if (choice.kubeconfig === 'in-cluster') loadFromPod(config)
  else await loadFromFile(config, choice.kubeconfig)
  chooseContext(config, choice)
  if (choice.kubeconfig !== 'in-cluster') chooseWay(config, environment)
  return config
}

/** As kubectl goes: `proxy-url` of the kubeconfig, else the variables. A pod reaches its own API server directly. */
function chooseWay(config: KubeConfig, environment: NetworkEnvironment): void {
  const current = config.getCurrentCluster()
  if (current === null || current.proxyUrl !== undefined || !URL.canParse(current.server)) return
  const proxyUrl = proxyFor(environment, new URL(current.server))?.href
  if (proxyUrl === undefined) return
  config.clusters = config.clusters.map((one) => (one === current ? { ...one, proxyUrl } : one))
}

function loadFromPod(config: KubeConfig): void {
  config.loadFromCluster()
  if (!config.getCurrentCluster()?.server.includes('undefined')) return
  throw new RetryLater('this is no pod of a cluster: set `agent.kubeconfig` to the path of a kubeconfig')
}

async function loadFromFile(config: KubeConfig, path: string): Promise<void> {
  try {
    const text = await readFile(path, 'utf8')
    config.loadFromFile(path)
    readTokenFiles(config, text)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it is no kubeconfig'
    throw new RetryLater(`the kubeconfig ${path} cannot be read (${code})`, { cause: error })
  }
}

const usersSchema = z.object({
  users: z
    .array(z.object({ name: z.string(), user: z.object({ tokenFile: z.string().optional() }).nullish() }))
    .catch([]),
})

/** The client knows `tokenFile` only by another name: as a provider it reads the file anew every minute. */
function readTokenFiles(config: KubeConfig, text: string): void {
  const known = usersSchema.safeParse(parse(text))
  const files = new Map(known.data?.users.map(({ name, user }) => [name, user?.tokenFile]) ?? [])
  config.users = config.users.map((user) => {
    const tokenFile = files.get(user.name)
    return tokenFile === undefined
      ? user
      : { ...user, authProvider: { name: 'tokenFile', config: { tokenFile } } }
  })
}

function chooseContext(config: KubeConfig, { kubeconfig, context }: KubeconfigChoice): void {
  if (context !== null && kubeconfig !== 'in-cluster') {
    const known = config.getContexts().map(({ name }) => `\`${name}\``)
    if (config.getContextObject(context) === null)
      throw new RetryLater(
        `the kubeconfig ${kubeconfig} has no context \`${context}\`; it has ${known.join(', ') || 'none'}`,
      )
    config.setCurrentContext(context)
  }
  if (config.getCurrentCluster() !== null) return
  throw new RetryLater(`the kubeconfig ${kubeconfig} has no current context: set \`agent.context\``)
}
