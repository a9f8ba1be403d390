/**
 * What one more preview costs under Flux's root that the project ships, beside none, 50 and 150 others: from the push
 * to the root's revision applied, and to the preview's own Kustomization in the cluster.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inertObject } from '../src/environment-repository/inert-object.ts'
import { render } from '../src/render/render.ts'
import { type Cluster, startCluster } from '../test/e2e/support/cluster/cluster.ts'
import { fluxNamespace } from '../test/e2e/support/cluster/flux.ts'
import { fluxState, requestFetch } from '../test/e2e/support/cluster/flux-state.ts'
import { fluxGiteaSecret, addGiteaCredentials } from '../test/e2e/support/cluster/gitea-credentials.ts'
import { kinds } from '../test/e2e/support/cluster/object.ts'
import { type GiteaServer, startGitea } from '../test/e2e/support/gitea.ts'
import { createOrganisation, createRepository, pushFiles } from '../test/e2e/support/gitea-repository.ts'
import { rootText } from '../test/e2e/support/installation.ts'
import { workload } from '../test/e2e/support/workload.ts'
import { eventually } from '../test/support/eventually.ts'
import { renderRequest } from '../test/support/render-request.ts'

const crowds = [0, 50, 150]
const rounds = Number(process.argv[2] ?? 5)
const soon = { withinMs: 180_000, everyMs: 50 }
const shop = 'acme/shop'
const environments = 'acme/environments'

async function main(): Promise<void> {
  const gitea = await startGitea()
  const cluster = await startCluster('bench-flux-root')
  try {
    const sha = await prepare(gitea, cluster)
    let standing = 0
    for (const crowd of crowds) {
      const missing = Array.from({ length: crowd - standing }, (_, at) => standing + at + 1)
      await apply(gitea, cluster, filesOf(gitea, sha, missing))
      for (const number of missing) await settled(cluster, nameOf(number))
      standing = crowd
      console.log(`beside ${crowd}: ${summary(await measure(gitea, cluster, sha))}`)
    }
  } finally {
    await Promise.all([cluster.stop(), gitea.stop()])
  }
}

async function prepare(gitea: GiteaServer, cluster: Cluster): Promise<string> {
  await createOrganisation(gitea.operator, 'acme')
  for (const repository of [shop, environments])
    await createRepository(gitea.operator, { repository, writers: [gitea.bot], private: true })
  await addGiteaCredentials(cluster.client, gitea.bot)
  const files = { 'apps/mayfly.yml': inertObject(fluxNamespace) }
  await pushFiles(gitea.bot, environments, { branch: 'dynamic-envs', from: 'main', files })
  for (const file of ['flux/accounts.yaml', 'flux/root.yaml'])
    await cluster.client.apply(await rootText(file, gitea.url, { shop, environments }))
  return await pushFiles(gitea.operator, shop, {
    branch: 'main',
    files: { 'deploy/web.yaml': workload('ok') },
  })
}

async function measure(gitea: GiteaServer, cluster: Cluster, sha: string): Promise<readonly number[]> {
  const times: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const number = 1000 + round
    const began = performance.now()
    await apply(gitea, cluster, filesOf(gitea, sha, [number]))
    times.push(performance.now() - began)
    await settled(cluster, nameOf(number))
    await apply(gitea, cluster, { [`apps/${nameOf(number)}.yml`]: null })
  }
  return times
}

/** One commit, and the wait until the root has applied it. */
async function apply(
  gitea: GiteaServer,
  cluster: Cluster,
  files: Readonly<Record<string, string | null>>,
): Promise<void> {
  if (Object.keys(files).length === 0) return
  const commit = await pushFiles(gitea.bot, environments, { branch: 'dynamic-envs', files })
  const root = { name: 'previews', namespace: fluxNamespace }
  await requestFetch(cluster.client, root)
  await eventually(async () => {
    const state = await fluxState(cluster.client, kinds.kustomization, root)
    return state?.ready === 'True' && state.revision?.endsWith(commit)
  }, soon)
}

async function settled(cluster: Cluster, name: string): Promise<void> {
  await eventually(async () => {
    const state = await fluxState(cluster.client, kinds.kustomization, { name, namespace: fluxNamespace })
    return state?.ready === 'True'
  }, soon)
}

const template = readFileSync(join(import.meta.dirname, '../templates/flux-kustomization.yaml.hbs'), 'utf8')

function filesOf(gitea: GiteaServer, sha: string, numbers: readonly number[]): Record<string, string> {
  return Object.fromEntries(
    numbers.map((number) => {
      const name = nameOf(number)
      const repository = {
        fullName: shop,
        owner: 'acme',
        name: 'shop',
        cloneUrl: `${gitea.url}/${shop}.git`,
      }
      const values = { overlay: './deploy', gitSecret: fluxGiteaSecret, serviceAccount: 'previews' }
      const variables = {
        name,
        namespace: `preview-${name}`,
        number,
        branch: 'main',
        sha,
        repository,
        values,
      }
      const policy = { repositories: [repository.cloneUrl] }
      const rendered = render(renderRequest(template, { variables, policy }))
      if (rendered.kind !== 'rendered') throw new Error(JSON.stringify(rendered.refusals))
      return [`apps/${name}.yml`, rendered.content]
    }),
  )
}

function nameOf(number: number): string {
  return `shop-${number}-a`
}

function summary(times: readonly number[]): string {
  const seconds = times.map((ms) => ms / 1000).sort((one, other) => one - other)
  const shown = (at: number) => (seconds[at] ?? 0).toFixed(2)
  return `${shown(Math.floor(seconds.length / 2))} s (${shown(0)} to ${shown(seconds.length - 1)})`
}

await main()
