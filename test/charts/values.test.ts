import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'
import { loadConfig } from '../../src/config/load.ts'
import { fileText, manifestsOf, valuesCheck, yamlFile } from './read-file.ts'

const charts = ['mayfly', 'preview'] as const
const examples = charts.flatMap((chart) =>
  readdirSync(join(import.meta.dirname, '../../charts', chart, 'ci')).map((file) => ({
    chart,
    path: `charts/${chart}/ci/${file}`,
  })),
)
const mapping = z.record(z.string(), z.unknown())
const schemaShape = z.object({ properties: mapping })

/** Defaults with somebody's values over them, as helm merges them. */
function merged(defaults: Record<string, unknown>, given: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(given).map(([key, value]): [string, unknown] => {
    const [below, above] = [mapping.safeParse(defaults[key]), mapping.safeParse(value)]
    return [key, below.success && above.success ? merged(below.data, above.data) : value]
  })
  return { ...defaults, ...Object.fromEntries(entries) }
}

/** What a starter's manifest hands to the chart. */
function starterValues(starter: string): Record<string, unknown> {
  const objects = manifestsOf(fileText(`test/render/golden/${starter}.yml`))
  const shape = z.union([
    z.object({ source: z.object({ helm: z.object({ valuesObject: mapping }) }) }),
    z.object({ values: mapping }),
  ])
  const spec = shape.parse(objects.find(({ kind }) => ['Application', 'HelmRelease'].includes(kind))?.spec)
  return 'values' in spec ? spec.values : spec.source.helm.valuesObject
}

describe('the values of the charts', () => {
  it.each(charts)('%s: every default is described by the schema, and the other way round', (chart) => {
    const { properties } = schemaShape.parse(JSON.parse(fileText(`charts/${chart}/values.schema.json`)))
    const described = Object.keys(properties).filter((key) => key !== 'global')
    expect(Object.keys(yamlFile(`charts/${chart}/values.yaml`)).toSorted()).toEqual(described.toSorted())
  })

  it('only the configuration is missing in the defaults of Mayfly', () => {
    const check = valuesCheck('mayfly')
    expect(check(yamlFile('charts/mayfly/values.yaml'))).toBe(false)
    expect(check.errors?.map(({ instancePath }) => instancePath)).toEqual(['/config', '/config', '/config'])
    expect(valuesCheck('preview')(yamlFile('charts/preview/values.yaml'))).toBe(true)
  })

  it.each(examples)('$path fits', ({ chart, path }) => {
    const check = valuesCheck(chart)
    const values = merged(yamlFile(`charts/${chart}/values.yaml`), yamlFile(path))
    check(values)
    expect(check.errors ?? []).toEqual([])
  })

  it.each(examples.filter(({ chart }) => chart === 'mayfly'))(
    '$path holds a configuration that Mayfly takes',
    ({ path }) => {
      const text = stringify(yamlFile(path)['config'])
      const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']): [string, string] => [
        name,
        `value-of-${name}`,
      ])
      const env = { ...Object.fromEntries(names), REDIS_URL: 'redis://redis:6379' }
      expect(() => loadConfig({ path: 'mayfly.yaml', text, env })).not.toThrow()
    },
  )

  it.each([
    ['an unknown value', { replicas: 2 }],
    ['an unknown key below one', { ingress: { hosts: ['a'] } }],
    ['an unknown key of the configuration', { config: { webhooks: {} } }],
    ['a wrong word', { rbac: { explain: 'yes' } }],
    ['a number for a text', { existingSecret: 1 }],
    ['NODE_OPTIONS twice', { env: [{ name: 'NODE_OPTIONS', value: '' }] }],
  ])('%s is refused', (_, given) => {
    const defaults = merged(
      yamlFile('charts/mayfly/values.yaml'),
      yamlFile('charts/mayfly/ci/argocd-values.yaml'),
    )
    expect(valuesCheck('mayfly')(defaults)).toBe(true)
    expect(valuesCheck('mayfly')(merged(defaults, given))).toBe(false)
  })

  it.each(['argocd-helm', 'argocd-helm.hostile', 'flux-helmrelease', 'flux-helmrelease.hostile'])(
    'what the starter %s hands over fits charts/preview',
    (starter) => {
      const check = valuesCheck('preview')
      check(merged(yamlFile('charts/preview/values.yaml'), starterValues(starter)))
      expect(check.errors ?? []).toEqual([])
    },
  )
})
