import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KubernetesObject } from '../../src/agent/cluster.ts'
import { fluxRootWarnings, type FluxRoot } from '../../src/agent/flux/root.ts'
import { changed, sample } from '../support/agent-samples.ts'

/** A real root that applied its directory, and its real source. */
const good = changed(sample('flux-ready'), ['spec'], {
  interval: '10m',
  path: './apps',
  prune: true,
  sourceRef: { kind: 'GitRepository', name: 'environments' },
})
const source = sample('flux-gitrepository-ready')

function warnings(kustomization: KubernetesObject | null, change: Partial<FluxRoot> = {}): readonly string[] {
  return fluxRootWarnings({
    name: 'flux-system/previews',
    kustomization,
    source,
    children: [],
    directory: 'apps',
    branch: 'dynamic-envs',
    ...change,
  })
}

test('a good root gives no warning', () => {
  expect(warnings(good)).toEqual([])
})

describe('the spec', () => {
  test.each([
    ['suspended', ['spec', 'suspend'], true, /is suspended, so previews wait: resume it/],
    ['no prune', ['spec', 'prune'], false, /does not prune, .*prune to true/],
    [
      'another directory',
      ['spec', 'path'],
      './envs',
      /applies \.\/envs, and Mayfly writes to apps: set spec\.path to \.\/apps/,
    ],
    ['no directory', ['spec', 'path'], undefined, /applies the whole repository/],
    ['waiting for health', ['spec', 'wait'], true, /one that is not holds up all others/],
    [
      'health checks',
      ['spec', 'healthChecks'],
      [{ kind: 'Deployment' }],
      /one that is not holds up all others/,
    ],
    ['one namespace for all', ['spec', 'targetNamespace'], 'x', /every object into the namespace x/],
    ['a deletion', ['metadata', 'deletionTimestamp'], '2026-11-21T11:00:00Z', /is being deleted/],
  ])('%s', (_what, path, value, words) => {
    expect(warnings(changed(good, path, value))).toEqual([expect.stringMatching(words)])
  })
})

describe('the state, as real roots had it: one bad file stops them all', () => {
  test.each([
    ['flux-root-bad-invalid-name', /: Kustomization `Bad_Name` is invalid: metadata\.name/],
    ['flux-root-bad-invalid-namespace-name', /: Namespace `Preview_Bad` is invalid/],
    ['flux-root-bad-malformed-yaml', /: failed to decode Kubernetes YAML from apps\/bad\.yml/],
    [
      'flux-root-bad-missing-required-field',
      /: Kustomization `bad` is invalid: \[spec\.prune: Required value/,
    ],
    ['flux-root-bad-no-kind', /from apps\/bad\.yml: missing Resource metadata\./],
    ['flux-root-bad-same-object-as-a-good-file', /may not add resource with an already registered id/],
    [
      'flux-root-bad-unknown-field',
      /: Kustomization `bad`: failed to create typed patch object .*\.spec\.colour: field not declared in schema\./,
    ],
    ['flux-root-bad-unknown-kind', /: Nope `bad`: no matches for kind "Nope"/],
    ['flux-root-bad-wrong-type', /\.spec\.prune: expected boolean/],
    ['flux-root-path-missing', /: kustomization path not found: stat apps: no such file or directory/],
  ])('%s', (name, words) => {
    const [only, ...more] = warnings(sample(name))
    expect(only).toMatch(words)
    expect(only).toMatch(/no preview is created, changed or removed\.$/)
    expect(more).toEqual([])
  })
})

describe('what stands beside it', () => {
  test('no root at all', () => {
    expect(warnings(null)).toEqual([expect.stringMatching(/There is no Kustomization flux-system\/previews/)])
  })

  test('a source of another branch', () => {
    const other = changed(source, ['spec', 'ref', 'branch'], 'main')
    expect(warnings(good, { source: other })).toEqual([
      expect.stringMatching(/follows main, and Mayfly writes to dynamic-envs/),
    ])
  })

  test('a source that is suspended', () => {
    const paused = changed(source, ['spec', 'suspend'], true)
    expect(warnings(good, { source: paused })).toEqual([
      expect.stringMatching(/is suspended, so previews wait/),
    ])
  })

  test('a source that cannot be fetched', () => {
    const broken = changed(sample('flux-gitrepository-failed'), ['spec', 'ref', 'branch'], 'dynamic-envs')
    expect(warnings(good, { source: broken })).toEqual([
      expect.stringMatching(/cannot be fetched: .*Unauthorized\. Until/),
    ])
  })

  test('children that Flux never looks into', () => {
    const blind = changed(sample('flux-ready'), ['spec', 'wait'], false)
    expect(warnings(good, { children: [sample('flux-ready'), blind] })).toEqual([
      expect.stringMatching(
        /calls fsmp-ready ready without looking at their workloads: set spec\.wait to true/,
      ),
    ])
  })
})

test('objects of any form give words and never throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const odd = value as unknown as KubernetesObject
      return warnings(odd, { source: odd, children: [odd] }).length > 0
    }),
  )
})
