import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { argocdRootWarnings, type ArgocdRoot } from '../../src/agent/argocd/root.ts'
import type { KubernetesObject } from '../../src/agent/cluster.ts'
import { changed, sample } from '../support/agent-samples.ts'

/** A real root, with what the measured ones did not have yet: no retry, and a project of its own. */
const good = withPolicy(sample('argocd-root-bad-no-kind'))

function withPolicy(root: KubernetesObject): KubernetesObject {
  const policy = [
    [['spec', 'syncPolicy', 'retry'], { limit: 0 }],
    [['spec', 'syncPolicy', 'syncOptions'], ['ApplyOutOfSyncOnly=true']],
    [['spec', 'project'], 'previews'],
  ] as const
  return policy.reduce((made, [path, value]) => changed(made, [...path], value), root)
}

function warnings(root: KubernetesObject | null, change: Partial<ArgocdRoot> = {}): readonly string[] {
  return argocdRootWarnings({
    name: 'argocd/previews',
    root,
    project: null,
    children: [],
    directory: 'apps',
    branch: 'dynamic-envs',
    ...change,
  })
}

test('a good root gives no warning', () => {
  expect(warnings(good)).toEqual([])
})

test('law 12: a root that applies everything each time says what that costs at the present number', () => {
  const costly = changed(good, ['spec', 'syncPolicy', 'syncOptions'], ['CreateNamespace=false'])
  const children = Array.from({ length: 150 }, () => sample('argocd-healthy'))
  expect(warnings(costly)).toEqual([
    expect.stringMatching(/beside the 0 of now, .* 1.4 s instead of 1.1 s\. Add Apply/),
  ])
  expect(warnings(costly, { children })).toContainEqual(
    expect.stringMatching(/beside the 150 of now, one more takes about 44.9 s instead of 3.5 s/),
  )
})

test('law 12: a refusal is told for as long as the root is out of step, and not once all is as Git says', () => {
  const failed = {
    phase: 'Failed',
    message: 'one or more objects failed to apply',
    syncResult: {
      resources: [
        {
          kind: 'ConfigMap',
          name: 'by-hand',
          status: 'SyncFailed',
          message: 'configmaps "by-hand" not found',
        },
      ],
    },
  }
  const condition = {
    type: 'SyncError',
    message: 'Failed last sync attempt: one or more objects failed to apply',
  }
  const told = changed(
    changed(good, ['status', 'operationState'], failed),
    ['status', 'conditions'],
    [condition],
  )
  const inStep = (status: string) => changed(told, ['status', 'sync', 'status'], status)
  expect(warnings(inStep('OutOfSync'))).toEqual([
    expect.stringMatching(/could not apply ConfigMap `by-hand`: .*not found: correct the manifest/),
  ])
  expect(warnings(inStep('Synced'))).toEqual([])
})

describe('the spec', () => {
  test.each([
    [
      'no retry policy',
      ['spec', 'syncPolicy', 'retry'],
      undefined,
      /tries a failed commit again 5 times .* limit: 0/,
    ],
    ['retries', ['spec', 'syncPolicy', 'retry'], { limit: 3 }, /again 3 times/],
    ['endless retries', ['spec', 'syncPolicy', 'retry'], { limit: -1 }, /again without end/],
    ['no automated sync', ['spec', 'syncPolicy', 'automated'], undefined, /is paused .* previews wait: set/],
    ['automated sync off', ['spec', 'syncPolicy', 'automated', 'enabled'], false, /is paused/],
    ['no prune', ['spec', 'syncPolicy', 'automated', 'prune'], false, /does not prune, .*\.prune to true/],
    ['another directory', ['spec', 'source', 'path'], 'envs', /applies envs, and Mayfly writes to apps: set/],
    [
      'another branch',
      ['spec', 'source', 'targetRevision'],
      'main',
      /follows main, and Mayfly writes to dynamic-envs: set/,
    ],
    ['no branch', ['spec', 'source', 'targetRevision'], undefined, /follows the default branch/],
    ['the project default', ['spec', 'project'], 'default', /project default, which allows everything/],
    ['no project', ['spec', 'project'], undefined, /project default/],
    [
      'a finalizer',
      ['metadata', 'finalizers'],
      ['resources-finalizer.argocd.argoproj.io'],
      /deleting it deletes every preview/,
    ],
    ['a deletion', ['metadata', 'deletionTimestamp'], '2026-11-21T11:00:00Z', /is being deleted/],
  ])('%s', (_what, path, value, words) => {
    expect(warnings(changed(good, path, value))).toEqual([expect.stringMatching(words)])
  })

  test('ways to write the same place are the same place', () => {
    const root = changed(good, ['spec', 'source', 'targetRevision'], 'refs/heads/dynamic-envs')
    expect(warnings(changed(root, ['spec', 'source', 'path'], './apps/'))).toEqual([])
    expect(warnings(changed(root, ['spec', 'syncPolicy', 'retry'], { backoff: {} }))).toEqual([])
  })
})

describe('the state, as real roots had it', () => {
  test.each([
    [
      'argocd-root-bad-malformed-yaml',
      /says ComparisonError: Failed to unmarshal "bad.yml": .* no preview is created, changed or removed/,
    ],
    ['argocd-root-path-missing', /says ComparisonError: apps: app path does not exist/],
    [
      'argocd-root-would-empty',
      /says SyncError: .*auto-sync will wipe out all resources\. .*the ConfigMap that Mayfly writes/,
    ],
    [
      'argocd-root-waits-for-prune',
      /is waiting for deletion of \/Namespace\/preview-stuck-569241-p, and all other previews wait with it/,
    ],
    [
      'argocd-root-bad-same-object-as-a-good-file',
      /says RepeatedResourceWarning: .* Take the object out of all manifests but one/,
    ],
    [
      'argocd-root-bad-unknown-kind',
      /could not apply Nope `bad`: The Kubernetes API could not find acme\.example\/Nope/,
    ],
    ['argocd-root-bad-invalid-name', /could not apply Application `Bad_Name` is invalid: metadata\.name/],
    ['argocd-root-bad-invalid-namespace-name', /could not apply Namespace `Preview_Bad` is invalid/],
    [
      'argocd-root-bad-label-value-too-long',
      /could not apply Application `bad` is invalid: metadata\.labels/,
    ],
    ['argocd-root-bad-missing-required-field', /could not apply Application `bad` is invalid/],
    [
      'argocd-root-bad-wrong-type',
      /could not apply Application `bad` is invalid: spec\.syncPolicy\.automated/,
    ],
  ])('%s', (name, words) => {
    expect(warnings(withPolicy(sample(name)))).toEqual([expect.stringMatching(words)])
  })

  // Argo CD itself says nothing of these; the children or the output policy do.
  test.each([
    'argocd-root-bad-no-kind',
    'argocd-root-bad-unknown-field',
    'argocd-root-bad-project-does-not-exist',
  ])('%s: nothing is wrong with the root', (name) => {
    expect(warnings(withPolicy(sample(name)))).toEqual([])
  })

  test('as they were measured, each is in the project default, retries, and applies everything', () => {
    expect(warnings(sample('argocd-root-bad-no-kind'))).toEqual([
      expect.stringMatching(/again 5 times/),
      expect.stringMatching(/applies every object/),
      expect.stringMatching(/project default/),
    ])
  })
})

describe('what stands beside it', () => {
  test('no root at all', () => {
    expect(warnings(null)).toEqual([expect.stringMatching(/There is no Application argocd\/previews/)])
  })

  test('a project that does not let namespaces in', () => {
    const project = {
      metadata: { name: 'previews' },
      spec: { sourceRepos: ['https://forge.acme.dev/envs.git'] },
    }
    expect(warnings(good, { project })).toEqual([expect.stringMatching(/does not allow the kind Namespace/)])
    const open = changed(project, ['spec', 'clusterResourceWhitelist'], [{ group: '', kind: 'Namespace' }])
    expect(warnings(good, { project: open })).toEqual([])
  })

  test('a project as wide as default', () => {
    const spec = {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    }
    const project = { metadata: { name: 'previews' }, spec }
    expect(warnings(good, { project })).toEqual([
      expect.stringMatching(/every repository and every destination/),
    ])
  })

  test('children whose namespaces would stay for ever', () => {
    const leaking = changed(
      sample('argocd-healthy'),
      ['spec', 'syncPolicy', 'syncOptions'],
      ['CreateNamespace=true'],
    )
    expect(warnings(good, { children: [sample('argocd-healthy'), leaking] })).toEqual([
      expect.stringMatching(
        /The namespaces of smp-healthy will stay for ever, .* put a Namespace into the template/,
      ),
    ])
  })
})

test('objects of any form give words and never throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const odd = one as unknown as KubernetesObject
      const child = other as unknown as KubernetesObject
      return warnings(odd, { children: [child], project: child }).length > 0
    }),
  )
})
