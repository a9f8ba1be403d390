import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { starters } from '../../src/wire/environment-repository.ts'
import { render } from '../../src/render/render.ts'
import { renderRequest } from '../support/render-request.ts'
import { fileText, type Manifest, manifestsOf } from './read-file.ts'

const argocd = objectsOf('argocd')
const flux = objectsOf('flux')
const golden = ['argocd-directory', 'argocd-helm', 'argocd-kustomize']
const fluxGolden = ['flux-helmrelease', 'flux-kustomization']
const kindList = z.array(z.object({ group: z.string(), kind: z.string() }))

function objectsOf(agent: string): readonly Manifest[] {
  const folder = `templates/root/${agent}`
  return readdirSync(join(import.meta.dirname, '../..', folder)).flatMap((file) =>
    manifestsOf(fileText(`${folder}/${file}`)),
  )
}

function one(objects: readonly Manifest[], kind: string, name: string): Manifest {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name)
  if (found === undefined) throw new Error(`There is no ${kind} ${name}.`)
  return found
}

/** As `group/kind`. */
function kindsOf(names: readonly string[]): readonly string[] {
  const objects = names.flatMap((name) => manifestsOf(fileText(`test/render/golden/${name}.yml`)))
  return [...new Set(objects.map(({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}`))]
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : ''
}

function allowed(project: Manifest): readonly string[] {
  const lists = [project.spec['clusterResourceWhitelist'], project.spec['namespaceResourceWhitelist']]
  return lists.flatMap((list) => kindList.parse(list)).map(({ group, kind }) => `${group}/${kind}`)
}

describe('the root for Argo CD', () => {
  it('law 11: prunes, heals, applies only what differs, never retries an old revision, and knows no waves', () => {
    const wanted = { automated: { prune: true, selfHeal: true }, retry: { limit: 0 } }
    const onlyWhatDiffers = ['ApplyOutOfSyncOnly=true']
    expect(one(argocd, 'Application', 'previews').spec['syncPolicy']).toEqual({
      ...wanted,
      syncOptions: onlyWhatDiffers,
    })
    const { template } = z
      .object({ template: z.object({ spec: z.object({ syncPolicy: z.unknown() }) }) })
      .parse(one(argocd, 'ApplicationSet', 'previews').spec)
    expect(template.spec.syncPolicy).toEqual(wanted)
    expect(JSON.stringify(argocd)).not.toMatch(/sync-wave|PruneLast|CreateNamespace/)
  })

  it('may make what the starter templates render, and the inert object', () => {
    const project = one(argocd, 'AppProject', 'previews-root')
    expect(allowed(project)).toEqual(expect.arrayContaining([...kindsOf(golden), '/ConfigMap']))
  })

  it('a merge request may make nothing that fences it in, and nothing outside its namespaces', () => {
    const project = one(argocd, 'AppProject', 'previews')
    const fences = ['/Namespace', '/ResourceQuota', '/LimitRange', 'networking.k8s.io/NetworkPolicy']
    const doors = ['argoproj.io/Application', 'rbac.authorization.k8s.io/RoleBinding']
    for (const kind of [...fences, ...doors]) expect(allowed(project)).not.toContain(kind)
    expect(project.spec['destinations']).toEqual([
      { server: 'https://kubernetes.default.svc', namespace: 'preview-*' },
    ])
  })

  it('deleting the root leaves the previews alone', () => {
    expect(one(argocd, 'Application', 'previews').metadata['finalizers']).toBeUndefined()
  })
})

describe('the root for Flux', () => {
  it('law 11: prunes, and never waits for one preview to be healthy', () => {
    expect(one(flux, 'Kustomization', 'previews').spec).toMatchObject({
      prune: true,
      wait: false,
      deletionPolicy: 'Orphan',
      serviceAccountName: 'previews-root',
    })
  })

  it('may make what the starter templates render, and the inert object', () => {
    const rules = ['ClusterRole', 'Role'].flatMap((kind) => rulesOf(one(flux, kind, 'previews-root')))
    for (const kind of [...kindsOf(fluxGolden), '/ConfigMap'])
      expect(rules.map((rule) => rule.toLowerCase())).toContain(pluralOf(kind))
  })

  it('a merge request may make nothing that fences it in', () => {
    const rules = rulesOf(one(flux, 'ClusterRole', 'previews'))
    for (const plural of ['/namespaces', '/resourcequotas', 'networking.k8s.io/networkpolicies'])
      expect(rules).not.toContain(plural)
    expect(rules.some((rule) => rule.startsWith('rbac.') || rule.includes('fluxcd'))).toBe(false)
  })
})

describe.each(fluxGolden)('the starter %s', (starter) => {
  it('lets a merge request work with an account of its own', () => {
    const text = fileText(`templates/${starter}.yaml.hbs`)
    const rendered = render(renderRequest(text, { variables: { values: { serviceAccount: 'previews' } } }))
    if (rendered.kind !== 'rendered') throw new Error(JSON.stringify(rendered))
    const specs = manifestsOf(rendered.content).map(({ spec }) => spec)
    expect(specs).toContainEqual(expect.objectContaining({ serviceAccountName: 'previews' }))
  })
})

describe('a branch that Mayfly makes', () => {
  it('gets the starter templates, and nothing of the root', () => {
    const paths = starters('templates').map(({ path }) => path)
    expect(paths).toContain('templates/argocd-helm.yaml.hbs')
    expect(paths.filter((path) => path.startsWith('templates/root'))).toEqual([])
  })
})

/** As `group/plural`. */
function rulesOf(role: Manifest): readonly string[] {
  const rule = z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()) })
  return z
    .array(rule)
    .parse(role['rules'])
    .flatMap(({ apiGroups, resources }) =>
      apiGroups.flatMap((group) => resources.map((each) => `${group}/${each}`)),
    )
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase()
  return lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s`
}
