import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { render } from '../../src/render/render.ts'
import { eventually } from '../support/eventually.ts'
import { renderRequest, someVariables } from '../support/render-request.ts'
import { type Cluster, startCluster } from './support/cluster/cluster.ts'
import { fluxNamespace } from './support/cluster/flux.ts'
import { addGiteaCredentials } from './support/cluster/gitea-credentials.ts'
import { kinds } from './support/cluster/object.ts'
import { type GiteaServer, startGitea } from './support/gitea.ts'
import { createOrganisation, createRepository, pushFiles } from './support/gitea-repository.ts'

const soon = { withinMs: 90_000, everyMs: 200 }

/** A chart that shows what it was given. */
const chart = {
  'app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 0.1.0\n',
  'app/values.yaml': 'app: { title: none }\nimage: { repository: registry.acme.dev/shop }\n',
  'app/templates/shown.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: "{{ .Release.Name }}-shown" }
data:
  title: {{ .Values.app.title | toString | quote }}
  image: {{ .Values.image.repository | quote }}
`,
}

/** Templates in which a text of the first object is read again, and a title that is structure there. */
const readAgain = [
  {
    what: 'valuesFrom with targetPath',
    data: 'title: "{{title}}"',
    reference: ', valuesKey: title, targetPath: app.title',
    hostile: 'x,image.repository=evil.example/miner',
  },
  {
    what: 'valuesFrom as a file',
    data: 'values.yaml: "app:\\n  title: {{title}}"',
    reference: '',
    hostile: 'x\nimage:\n  repository: evil.example/miner',
  },
] as const

describe('law 8: texts that a real helm-controller reads again', { timeout: 200_000 }, () => {
  let gitea: GiteaServer
  let cluster: Cluster

  beforeAll(async () => {
    gitea = await startGitea()
    cluster = await startCluster('second-parsers')
    await createOrganisation(gitea.operator, 'acme')
    await createRepository(gitea.operator, { repository: 'acme/charts', writers: [gitea.bot] })
    await pushFiles(gitea.operator, 'acme/charts', { branch: 'main', files: chart })
    await addGiteaCredentials(cluster.client, gitea.bot)
    await cluster.client.apply(`apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: charts, namespace: ${fluxNamespace} }
spec: { interval: 10m, url: ${gitea.url}/acme/charts.git, ref: { branch: main } }
`)
  }, 180_000)

  afterAll(async () => {
    await cluster.stop()
    await gitea.stop()
  }, 60_000)

  /** What the chart was given in the end. */
  async function shown(release: string): Promise<unknown> {
    return await eventually(async () => {
      const name = { name: `${release}-shown`, namespace: fluxNamespace }
      const object = await cluster.client.get(kinds.configMap, name)
      expect(object, 'installed by the helm-controller').toBeDefined()
      return object?.['data']
    }, soon)
  }

  it.each(readAgain)('$what: what is refused would have been structure', async (example) => {
    const { hostile } = example
    expect(refusals(example, hostile)).toEqual([
      expect.stringContaining('is read again by HelmRelease shop-142-feature-login'),
    ])
    await cluster.client.apply(byHand(example, `hostile-${readAgain.indexOf(example)}`, hostile))
    expect(await shown(`hostile-${readAgain.indexOf(example)}`)).toEqual({
      title: 'x',
      image: 'evil.example/miner',
    })
  })

  it.each(readAgain)('$what: what is let through arrives as it is', async (example) => {
    const title = 'a-plain.title/1:2@3'
    expect(refusals(example, title)).toEqual([])
    await cluster.client.apply(byHand(example, `plain-${readAgain.indexOf(example)}`, title))
    expect(await shown(`plain-${readAgain.indexOf(example)}`)).toEqual({
      title,
      image: 'registry.acme.dev/shop',
    })
  })
})

type Example = (typeof readAgain)[number]

function refusals(example: Example, title: string): readonly string[] {
  const text = documents(example, { name: '{{name}}', namespace: '{{namespace}}' })
  const result = render(renderRequest(text, { variables: { ...someVariables, title } }))
  if (result.kind === 'rendered') return []
  return result.refusals.filter(({ rule }) => rule === 'second parser').map(({ message }) => message)
}

/** As the cluster would get it if no rule held it back. */
function byHand(example: Example, name: string, title: string): string {
  const inQuotes = JSON.stringify(title).slice(1, -1)
  return documents(example, { name, namespace: fluxNamespace }).replace('{{title}}', inQuotes)
}

function documents(
  { data, reference }: Example,
  { name, namespace }: { readonly name: string; readonly namespace: string },
): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: { name: "${name}-values", namespace: "${namespace}" }
data:
  ${data}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: "${name}", namespace: "${namespace}" }
spec:
  interval: 10m
  releaseName: "${name}"
  chart: { spec: { chart: app, sourceRef: { kind: GitRepository, name: charts } } }
  valuesFrom:
    - { kind: ConfigMap, name: "${name}-values"${reference} }
`
}
