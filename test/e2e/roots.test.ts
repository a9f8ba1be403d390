import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inertObject } from '../../src/environment-repository/inert-object.ts'
import { render } from '../../src/render/render.ts'
import { eventually } from '../support/eventually.ts'
import { renderRequest, someVariables } from '../support/render-request.ts'
import { applicationState, refreshApplication } from './support/cluster/application-state.ts'
import { argocdNamespace } from './support/cluster/argocd.ts'
import { type Cluster, startCluster } from './support/cluster/cluster.ts'
import { fluxNamespace } from './support/cluster/flux.ts'
import { fluxState, requestFetch } from './support/cluster/flux-state.ts'
import { kinds } from './support/cluster/object.ts'
import { type GiteaServer, startGitea } from './support/gitea.ts'
import { createOrganisation, createRepository, pushFiles } from './support/gitea-repository.ts'
import { escape, openDoor, overlay, role } from './support/root-fixtures.ts'

const soon = { withinMs: 60_000, everyMs: 100 }
const inFlux = (name: string) => ({ name, namespace: fluxNamespace })
const inArgocd = (name: string) => ({ name, namespace: argocdNamespace })

describe('the roots, with the starters and the sample chart, on real agents', { timeout: 120_000 }, () => {
  let gitea: GiteaServer
  let cluster: Cluster
  let good = ''

  beforeAll(async () => {
    gitea = await startGitea()
    cluster = await startCluster('roots')
    await createOrganisation(gitea.operator, 'acme')
    for (const repository of ['acme/environments', 'acme/shop'])
      await createRepository(gitea.operator, { repository, writers: [gitea.bot], private: true })
    // Argo CD remembers for minutes which branches there are.
    for (const branch of ['dynamic-envs', 'directories', 'flux'])
      await commit(branch, {
        'apps/mayfly.yml': inertObject(branch === 'flux' ? fluxNamespace : argocdNamespace),
      })
    good = await pushShop('good', { ...sampleChart(), 'deploy/preview/web.yaml': overlay })
    for (const path of ['argocd/repositories', 'argocd/projects', 'flux/credentials', 'flux/accounts'])
      await cluster.client.apply(rootFile(path))
  }, 180_000)

  afterAll(async () => {
    await cluster.stop()
    await gitea.stop()
  }, 60_000)

  /** A file of `templates/root`, as an operator would have changed it. */
  const rootFile = (path: string, branch = 'dynamic-envs') =>
    text(`templates/root/${path}.yaml`)
      .replaceAll('https://git.acme.dev', gitea.url)
      .replaceAll('password: CHANGE', `password: ${gitea.bot.token}`)
      .replaceAll('dynamic-envs', branch)
  const pushShop = (branch: string, files: Readonly<Record<string, string>>) =>
    pushFiles(gitea.operator, 'acme/shop', { branch, from: 'main', files })
  const commit = (branch: string, files: Readonly<Record<string, string | null>>) =>
    pushFiles(gitea.bot, 'acme/environments', { branch, files }).catch(() =>
      pushFiles(gitea.bot, 'acme/environments', { branch, from: 'main', files }),
    )

  /** The manifest of a preview, as Mayfly renders it. */
  function preview(starter: string, name: string, sha: string, branch = 'good'): string {
    const cloneUrl = `${gitea.url}/acme/shop.git`
    const variables = {
      ...{ name, namespace: `preview-${name}`, sha, branch, image: null },
      repository: { ...someVariables.repository, cloneUrl },
      sourceCloneUrl: cloneUrl,
      values: { serviceAccount: 'previews', gitSecret: 'previews-repositories' },
    }
    const policy = { repositories: [cloneUrl], projects: ['previews'] }
    const rendered = render(renderRequest(text(`templates/${starter}.yaml.hbs`), { variables, policy }))
    if (rendered.kind !== 'rendered') throw new Error(JSON.stringify(rendered))
    return rendered.content
  }

  /** A refresh that is asked for while one is under way is lost, so it is asked for until the root knows the commit. */
  const applied = async (files: Readonly<Record<string, string | null>>) => {
    const sha = await commit('dynamic-envs', files)
    await eventually(
      async () => {
        await refreshApplication(cluster.client, 'previews')
        expect(await applicationState(cluster.client, 'previews')).toMatchObject({ revision: sha })
      },
      { withinMs: 60_000, everyMs: 500 },
    )
  }
  const isGone = (name: string) =>
    eventually(async () => {
      expect(await cluster.client.get(kinds.namespace, { name: `preview-${name}` })).toBeUndefined()
      expect(await applicationState(cluster.client, name)).toBeUndefined()
      expect(await cluster.client.get(kinds.kustomization, inFlux(name))).toBeUndefined()
    }, soon)
  async function runs(name: string): Promise<void> {
    const deployments = await cluster.client.list(kinds.deployment, { namespace: `preview-${name}` })
    expect(deployments).toEqual([
      expect.objectContaining({ status: expect.objectContaining({ readyReplicas: 1 }) as unknown }),
    ])
  }
  const isSynced = (application: string) =>
    eventually(async () => {
      const state = await applicationState(cluster.client, application)
      expect(state).toMatchObject({ sync: 'Synced', health: 'Healthy', conditions: [] })
    }, soon)
  /** What an ingress controller does; until then Argo CD calls an Ingress, and so the preview, Progressing. */
  const serveIngress = (name: string) =>
    eventually(async () => {
      const answer = await cluster.client.call({
        method: 'PATCH',
        path: `/apis/networking.k8s.io/v1/namespaces/preview-${name}/ingresses/shop/status`,
        contentType: 'application/merge-patch+json',
        body: JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } }),
      })
      return answer.status === 200
    }, soon)
  async function comesUp(name: string): Promise<void> {
    await serveIngress(name)
    await isSynced(name)
    await runs(name)
  }

  const directoriesKnow = (name: string, wanted: boolean) =>
    eventually(
      async () => {
        const annotations = { 'argocd.argoproj.io/application-set-refresh': 'true' }
        await cluster.client.patch(kinds.applicationSet, inArgocd('previews'), { metadata: { annotations } })
        const state = await applicationState(cluster.client, `${name}.directory`)
        expect(state !== undefined).toBe(wanted)
      },
      { withinMs: 60_000, everyMs: 500 },
    )

  const isReady = (name: string, ready = 'True') =>
    eventually(async () => {
      expect(await fluxState(cluster.client, kinds.kustomization, inFlux(name))).toMatchObject({ ready })
    }, soon)

  describe.concurrent('Argo CD', () => {
    describe('in this order', { concurrent: false }, () => {
      it('a preview comes up with its file and goes with it, the last one too', async () => {
        await commit('dynamic-envs', { 'apps/shop-1-a.yml': preview('argocd-helm', 'shop-1-a', good) })
        await cluster.client.apply(rootFile('argocd/root'))
        await isSynced('previews')
        await comesUp('shop-1-a')
        await applied({ 'apps/shop-1-a.yml': null })
        await isGone('shop-1-a')
        await isSynced('previews')
      })

      it.each([
        ['shop-2-evil', 'an Application for Argo CD itself', escape],
        ['shop-3-evil', 'a network policy', openDoor],
      ])('a merge request (%s) that brings %s is refused, and goes', async (name, _, object) => {
        const evil = await pushShop(name, { ...sampleChart(), 'chart/templates/evil.yaml': object })
        await applied({ [`apps/${name}.yml`]: preview('argocd-helm', name, evil, name) })
        await eventually(async () => {
          const state = JSON.stringify(await cluster.client.get(kinds.application, inArgocd(name)))
          expect(state).toMatch(/not permitted in project/)
        }, soon)
        expect(await cluster.client.get(kinds.application, inArgocd('escaped'))).toBeUndefined()
        await applied({ [`apps/${name}.yml`]: null })
        await isGone(name)
      })

      it('without the root the previews go on', async () => {
        await applied({ 'apps/shop-4-a.yml': preview('argocd-helm', 'shop-4-a', good) })
        await comesUp('shop-4-a')
        await cluster.client.remove(kinds.application, inArgocd('previews'))
        await eventually(async () => (await applicationState(cluster.client, 'previews')) === undefined, soon)
        await isSynced('shop-4-a')
        await runs('shop-4-a')
      })

      it('law 11: with directories a file that nobody can read stops only its own preview', async () => {
        await commit('directories', {
          'apps/shop-5-a/preview.yml': preview('argocd-helm', 'shop-5-a', good),
          'apps/shop-6-bad/preview.yml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {',
        })
        await cluster.client.apply(rootFile('argocd/directories', 'directories'))
        await directoriesKnow('shop-5-a', true)
        await isSynced('shop-5-a.directory')
        await comesUp('shop-5-a')
        await eventually(async () => {
          expect(await applicationState(cluster.client, 'shop-6-bad.directory')).toMatchObject({
            sync: 'Unknown',
          })
        }, soon)
        await commit('directories', { 'apps/shop-5-a/preview.yml': null })
        await directoriesKnow('shop-5-a', false)
        await isGone('shop-5-a')
      })
    })
  })

  describe.concurrent('Flux', () => {
    describe('in this order', { concurrent: false }, () => {
      it('a preview comes up with its file and goes with it, the last one too', async () => {
        await commit('flux', { 'apps/shop-7-a.yml': preview('flux-kustomization', 'shop-7-a', good) })
        await cluster.client.apply(rootFile('flux/root', 'flux'))
        await isReady('previews')
        await isReady('shop-7-a')
        await runs('shop-7-a')

        await commit('flux', { 'apps/shop-7-a.yml': null })
        await requestFetch(cluster.client, inFlux('previews'))
        await isGone('shop-7-a')
        await isReady('previews')
      })

      it('a merge request that brings a role for the whole cluster is refused, beside a good one', async () => {
        const evil = await pushShop('evil', {
          'deploy/preview/web.yaml': overlay,
          'deploy/preview/evil.yaml': role,
        })
        await commit('flux', {
          'apps/shop-8-evil.yml': preview('flux-kustomization', 'shop-8-evil', evil, 'evil'),
          'apps/shop-9-a.yml': preview('flux-kustomization', 'shop-9-a', good),
        })
        await requestFetch(cluster.client, inFlux('previews'))
        await isReady('shop-9-a')
        await isReady('shop-8-evil', 'False')
        const { message } =
          (await fluxState(cluster.client, kinds.kustomization, inFlux('shop-8-evil'))) ?? {}
        expect(message).toMatch(/forbidden/)
        await isReady('previews')
        await commit('flux', { 'apps/shop-8-evil.yml': null, 'apps/shop-9-a.yml': null })
        await requestFetch(cluster.client, inFlux('previews'))
        for (const name of ['shop-8-evil', 'shop-9-a']) await isGone(name)
      })
    })
  })
})

function text(path: string): string {
  return readFileSync(join(import.meta.dirname, '../..', path), 'utf8')
}

/** `charts/preview` as it stands in an application's repository. */
function sampleChart(): Readonly<Record<string, string>> {
  const templates = ['_helpers.tpl', 'deployment.yaml', 'ingress.yaml', 'service.yaml'].map(
    (file) => `templates/${file}`,
  )
  const paths = ['Chart.yaml', 'values.yaml', 'values.schema.json', ...templates]
  return Object.fromEntries(paths.map((path) => [`chart/${path}`, text(`charts/preview/${path}`)]))
}
