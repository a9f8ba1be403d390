import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { observeApplication } from '../../src/agent/argocd/observe-application.ts'
import { asCommit } from '../../src/agent/observe/own-sha.ts'
import type { KubernetesObject } from '../../src/agent/cluster.ts'
import { changed, marked, olderSha, sample, wantedSha } from '../support/agent-samples.ts'

const first = 'b171431a9d41707a46f50d8021048c04839ef726'
const second = '2d1f46f77a0a9680f231ee7c82e91a2e8344ca90'

/** What each real Application says when its own commit is the wanted one. */
const told: Readonly<Record<string, object>> = {
  'argocd-healthy': { kind: 'ready', serving: first, since: at('11:00:22') },
  'argocd-healthy-persisted-health': { kind: 'ready', serving: second, since: at('11:03:41') },
  'argocd-progressing': {
    kind: 'deploying',
    serving: null,
    why: 'Argo CD is syncing it',
    details: [],
    since: at('11:00:24'),
  },
  'argocd-progressing-persisted-health': {
    kind: 'deploying',
    serving: null,
    why: 'Deployment `smp-progressing`: Waiting for rollout to finish: 0 of 1 updated replicas are available',
    details: [],
    since: at('11:03:43'),
  },
  'argocd-degraded-image-pull': {
    kind: 'degraded',
    serving: null,
    why: 'it is not healthy, and Argo CD does not tell which resource',
    details: [],
    since: at('11:00:30'),
  },
  'argocd-degraded-image-pull-persisted-health': {
    kind: 'degraded',
    serving: null,
    why: 'Deployment `smp-degraded-image-pull` exceeded its progress deadline',
    details: [],
    since: at('11:03:50'),
  },
  'argocd-degraded-crash': {
    kind: 'degraded',
    serving: null,
    why: 'it is not healthy, and Argo CD does not tell which resource',
    details: [],
    since: at('11:00:37'),
  },
  'argocd-degraded-crash-persisted-health': {
    kind: 'degraded',
    serving: null,
    why: 'Deployment `smp-degraded-crash` exceeded its progress deadline',
    details: [],
    since: at('11:03:57'),
  },
  'argocd-degraded-job': {
    kind: 'degraded',
    serving: null,
    why: 'it is not healthy, and Argo CD does not tell which resource',
    details: [],
    since: at('11:00:40'),
  },
  'argocd-degraded-job-persisted-health': {
    kind: 'degraded',
    serving: null,
    why: 'Job `migrate`: Job has reached the specified backoff limit',
    details: [],
    since: at('11:04:00'),
  },
  'argocd-drift': {
    kind: 'deploying',
    serving: second,
    why: 'the cluster differs from Git',
    details: ['Deployment `smp-healthy` differs from Git'],
    since: null,
  },
  'argocd-presync-hook-failed': {
    kind: 'failed',
    serving: null,
    why: 'PreSync hook Job `migrate`: Job has reached the specified backoff limit',
    details: [],
    since: at('11:01:19'),
  },
  'argocd-sync-failed': {
    kind: 'failed',
    serving: null,
    why: 'Deployment `web` is invalid: spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`',
    details: [],
    since: at('11:02:13'),
  },
  'argocd-sync-failed-retrying': {
    kind: 'deploying',
    serving: null,
    why: 'Argo CD tries again: Deployment `web` is invalid: spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`',
    details: [],
    since: at('11:01:42'),
  },
  'argocd-destination-not-permitted': {
    kind: 'failed',
    serving: null,
    why: "Argo CD refuses the Application: application destination server 'https://kubernetes.default.svc' and namespace 'kube-public' do not match any of the allowed destinations in project 'previews'",
    details: [],
    since: at('11:01:21'),
  },
  'argocd-project-missing': {
    kind: 'failed',
    serving: null,
    why: 'Argo CD refuses the Application: Application referencing project nope which does not exist',
    details: [],
    since: at('11:01:24'),
  },
  'argocd-path-missing': {
    kind: 'failed',
    serving: null,
    why: 'Argo CD cannot render it: nowhere: app path does not exist',
    details: [],
    since: at('11:01:26'),
  },
  'argocd-revision-missing': {
    kind: 'failed',
    serving: null,
    why: 'Argo CD cannot render it: Failed to checkout revision 0000000000000000000000000000000000000000: fatal: remote error: upload-pack: not our ref 0000000000000000000000000000000000000000',
    details: [],
    since: at('11:01:29'),
  },
  'argocd-repository-missing': {
    kind: 'failed',
    serving: null,
    why: "Argo CD cannot render it: Failed to fetch default: fatal: could not read Username for 'http://127.0.0.1:33345': terminal prompts disabled",
    details: [],
    since: at('11:01:32'),
  },
  'argocd-malformed-yaml': {
    kind: 'failed',
    serving: null,
    why: "Argo CD cannot render it: Failed to unmarshal \"x.yaml\": failed to unmarshal manifest: error converting YAML to JSON: yaml: line 3: did not find expected ',' or '}'",
    details: [],
    since: at('11:01:35'),
  },
  'argocd-helm-template-error': {
    kind: 'failed',
    serving: null,
    why: 'Argo CD cannot render it: Error: template: x/templates/x.yaml:1:10: executing "x/templates/x.yaml" at <.Values.nope.deeper>: nil pointer evaluating interface {}.deeper',
    details: [],
    since: at('11:01:39'),
  },
  'argocd-app-deletion-hangs': {
    kind: 'removing',
    why: 'Argo CD cannot delete the Application: error getting app project "nope": appproject.argoproj.io "nope" not found',
    details: [],
    held: true,
    since: at('11:05:38'),
  },
}

describe('an Application as Argo CD left it', () => {
  test.each(Object.entries(told))('%s', (name, observation) => {
    expect(own(sample(name)).observation).toEqual(observation)
  })
})

describe('what the wanted commit has to do with it', () => {
  const healthy = sample('argocd-healthy')

  test('an older healthy one is not ready for a new push, and serves', () => {
    expect(observeApplication(ownMarked(healthy), { sha: wantedSha }).observation).toEqual({
      kind: 'deploying',
      serving: first,
      why: 'Argo CD has not applied the newest manifest yet',
      details: [],
      since: null,
    })
  })

  test('what an older one that is broken says is not told of the new push', () => {
    const older = ownMarked(sample('argocd-sync-failed'))
    expect(observeApplication(older, { sha: wantedSha }).observation).toMatchObject({
      kind: 'deploying',
      serving: null,
      why: 'Argo CD has not applied the newest manifest yet',
      details: [],
    })
  })

  test('one without the mark is never ready', () => {
    expect(observeApplication(healthy, { sha: wantedSha }).observation).toMatchObject({
      kind: 'deploying',
      why: 'the Application in the cluster does not say for which commit it was written',
    })
  })

  test('after the removal of its manifest it is not ready', () => {
    expect(observeApplication(ownMarked(healthy), { sha: null }).observation.kind).toBe('deploying')
  })

  test('a health from before the new spec is not about the wanted commit', () => {
    const pushed = changed(marked(healthy, wantedSha), ['spec', 'source', 'targetRevision'], wantedSha)
    expect(observeApplication(pushed, { sha: wantedSha })).toEqual({
      applied: false,
      observation: {
        kind: 'deploying',
        serving: first,
        why: 'Argo CD has not looked at this commit yet',
        details: [],
        since: null,
      },
    })
  })

  test('a render error from before the new spec is not about the wanted commit', () => {
    const broken = sample('argocd-path-missing')
    const pushed = changed(marked(broken, wantedSha), ['spec', 'source', 'targetRevision'], wantedSha)
    expect(observeApplication(pushed, { sha: wantedSha }).observation).toMatchObject({
      kind: 'deploying',
      details: [],
    })
  })

  test('a refused spec is told although Argo CD never compares it', () => {
    const refused = changed(
      healthy,
      ['status', 'conditions'],
      [{ type: 'InvalidSpecError', message: 'no', lastTransitionTime: '2026-11-21T11:09:00Z' }],
    )
    const pushed = changed(refused, ['spec', 'destination', 'namespace'], 'kube-public')
    expect(own(pushed).observation).toMatchObject({
      kind: 'failed',
      why: 'Argo CD refuses the Application: no',
    })
  })

  test('a commit of digits only is a commit', () => {
    const digits = '1234567890123456789012345678901234567890'
    const all = JSON.parse(JSON.stringify(healthy).replaceAll(first, digits)) as KubernetesObject
    expect(own(all).observation).toMatchObject({ kind: 'ready', serving: digits })
  })

  test('a source that is not pinned is ready by its own revision', () => {
    const chart = edited(healthy, (text) =>
      text.replaceAll(`"targetRevision":"${first}"`, '"targetRevision":"1.2.3"'),
    )
    const object = marked(chart, wantedSha)
    expect(observeApplication(object, { sha: wantedSha }).observation).toMatchObject({
      kind: 'ready',
      serving: wantedSha,
    })
  })

  test('several sources are ready when each is at its commit', () => {
    const several = withSeveralSources(healthy, [first, first])
    expect(own(several, first).observation).toMatchObject({ kind: 'ready', serving: first })
    const behind = withSeveralSources(healthy, [first, second])
    expect(own(behind, first).observation).toMatchObject({ kind: 'deploying' })
  })

  test('defaults that Argo CD adds make no other spec', () => {
    const seen = changed(healthy, ['status', 'sync', 'comparedTo', 'destination', 'name'], 'in-cluster')
    const more = changed(seen, ['status', 'sync', 'comparedTo', 'source', 'directory'], {
      recurse: false,
      jsonnet: {},
    })
    expect(own(more).observation.kind).toBe('ready')
  })
})

describe('what still serves', () => {
  const entry = (revision: string, deployedAt: string) => ({
    revision,
    deployedAt,
    source: { repoURL: 'http://127.0.0.1:33345/acme/shop.git', path: 'deploy', targetRevision: revision },
  })
  const withOlder = (name: string) =>
    changed(
      sample(name),
      ['status', 'history'],
      [entry(olderSha, '2026-11-20T10:00:00Z'), entry(first, '2026-11-21T11:00:26Z')],
    )

  test('the sync before one that is not healthy', () => {
    expect(own(withOlder('argocd-degraded-image-pull')).observation).toMatchObject({
      kind: 'degraded',
      serving: olderSha,
    })
    expect(own(withOlder('argocd-progressing')).observation).toMatchObject({
      kind: 'deploying',
      serving: olderSha,
    })
  })

  test('nothing known when that was pinned to something else', () => {
    const branch = changed(
      withOlder('argocd-degraded-image-pull'),
      ['status', 'history', 0, 'source', 'targetRevision'],
      'main',
    )
    expect(own(branch).observation).toMatchObject({ kind: 'degraded', serving: null })
  })

  test('the last sync, while a new commit cannot be rendered', () => {
    const before = changed(
      sample('argocd-path-missing'),
      ['status', 'history'],
      [entry(olderSha, '2026-11-20T10:00:00Z')],
    )
    expect(own(before).observation).toMatchObject({ kind: 'failed', serving: olderSha })
  })
})

describe('words', () => {
  test('of a warning stand beside the reason', () => {
    const warned = changed(
      sample('argocd-degraded-image-pull'),
      ['status', 'conditions'],
      [{ type: 'OrphanedResourceWarning', message: 'Application has 1 orphaned resources' }],
    )
    expect(own(warned).observation).toMatchObject({
      kind: 'degraded',
      details: ['OrphanedResourceWarning: Application has 1 orphaned resources'],
    })
  })

  test('a warning alone keeps nothing from being ready', () => {
    const warned = changed(
      sample('argocd-healthy'),
      ['status', 'conditions'],
      [{ type: 'RepeatedResourceWarning', message: 'twice' }],
    )
    expect(own(warned).observation.kind).toBe('ready')
  })

  test('are one line, without colours, passwords and more than ten of them', () => {
    const message = (at: number) =>
      `\u001B[31mfailed\u001B[0m ${at}\nto fetch https://bot:hunter2@forge.acme.dev/x.git?private_token=abc`
    const resources = Array.from({ length: 30 }, (_, at) => ({
      kind: 'Deployment',
      name: `web-${at}`,
      status: 'SyncFailed',
      message: message(at),
    }))
    const failed = changed(
      sample('argocd-sync-failed'),
      ['status', 'operationState', 'syncResult', 'resources'],
      resources,
    )
    const { observation } = own(failed)
    if (observation.kind !== 'failed') throw new Error(observation.kind)
    expect(observation.why).toBe(
      'Deployment `web-0`: failed 0 to fetch https://forge.acme.dev/x.git?private_token=(hidden)',
    )
    expect([observation.why, ...observation.details]).toHaveLength(10)
  })

  test('that a resource is gone already holds up no deletion', () => {
    const path = ['status', 'conditions']
    const says = (message: string) => {
      const object = changed(sample('argocd-app-deletion-hangs'), path, [{ type: 'DeletionError', message }])
      return observeApplication(object, { sha: null }).observation
    }
    expect(says('deployments.apps "web" not found')).toMatchObject({
      why: 'Argo CD is deleting what the Application made',
      held: false,
    })
    expect(says('appprojects "nope" is forbidden')).toMatchObject({ held: true })
  })

  test('a hook that failed after the sync is a failure', () => {
    const hook = changed(
      sample('argocd-healthy'),
      ['status', 'operationState', 'syncResult', 'resources', 0],
      {
        kind: 'Job',
        name: 'smoke',
        hookType: 'PostSync',
        hookPhase: 'Failed',
        message: 'Job has reached the specified backoff limit',
      },
    )
    const failed = changed(hook, ['status', 'operationState', 'phase'], 'Failed')
    expect(own(failed)).toMatchObject({
      applied: true,
      observation: {
        kind: 'failed',
        why: 'PostSync hook Job `smoke`: Job has reached the specified backoff limit',
      },
    })
  })

  test('a child without automated sync says so', () => {
    const paused = changed(sample('argocd-drift'), ['spec', 'syncPolicy', 'automated', 'enabled'], false)
    expect(own(paused).observation).toMatchObject({
      kind: 'deploying',
      why: 'Argo CD does not sync it by itself: its automated sync is off',
    })
  })
})

describe('law 12: ready needs every single fact', () => {
  const flips: readonly (readonly [fact: string, path: readonly (string | number)[], value: unknown])[] = [
    ['the mark of another commit', ['metadata', 'annotations', 'mayfly.dev/sha'], olderSha],
    ['being deleted', ['metadata', 'deletionTimestamp'], '2026-11-21T11:05:38Z'],
    ['another path in the spec', ['spec', 'source', 'path'], 'other'],
    ['another revision in the spec', ['spec', 'source', 'targetRevision'], olderSha],
    ['another chart value in the spec', ['spec', 'source', 'helm', 'parameters', 0, 'value'], 'other'],
    ['another namespace in the spec', ['spec', 'destination', 'namespace'], 'other'],
    ['nothing compared', ['status', 'sync', 'comparedTo'], undefined],
    ['compared to another source', ['status', 'sync', 'comparedTo', 'source', 'path'], 'other'],
    ['compared to another place', ['status', 'sync', 'comparedTo', 'destination', 'namespace'], 'other'],
    ['out of sync', ['status', 'sync', 'status'], 'OutOfSync'],
    ['healthy, and sync unknown', ['status', 'sync', 'status'], 'Unknown'],
    ['no sync status', ['status', 'sync', 'status'], undefined],
    ['rendered at another revision', ['status', 'sync', 'revision'], olderSha],
    ['rendered at no revision', ['status', 'sync', 'revision'], undefined],
    ['coming up', ['status', 'health', 'status'], 'Progressing'],
    ['degraded', ['status', 'health', 'status'], 'Degraded'],
    ['a health of another world', ['status', 'health', 'status'], 'Wonderful'],
    ['no health', ['status', 'health'], undefined],
    ...['ComparisonError', 'InvalidSpecError', 'SyncError', 'DeletionError', 'UnknownError'].map(
      (type) => [type, ['status', 'conditions'], [{ type, message: 'no' }]] as const,
    ),
    ['an operation that was asked for', ['operation'], { sync: {} }],
    ['an operation that runs', ['status', 'operationState', 'phase'], 'Running'],
    ['an operation that is being ended', ['status', 'operationState', 'phase'], 'Terminating'],
    ['no status at all', ['status'], undefined],
    ['conditions of another form', ['status', 'conditions'], 'none'],
    ['a revision that is a number', ['spec', 'source', 'targetRevision'], 1234],
  ]

  test.each(flips)('not with: %s', (_fact, path, value) => {
    const ready = marked(sample('argocd-healthy'), commit(first))
    expect(observeApplication(ready, { sha: commit(first) }).observation.kind).toBe('ready')
    const flipped = changed(ready, path, value)
    expect(observeApplication(flipped, { sha: commit(first) }).observation.kind).not.toBe('ready')
  })
})

test('an object of any form gives words and never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const { observation } = observeApplication(value as unknown as KubernetesObject, { sha: wantedSha })
      return observation.kind === 'deploying'
    }),
  )
})

test('an Application with any odd status gives words and never throws', () => {
  const places = [
    ['spec'],
    ['status'],
    ['status', 'sync'],
    ['status', 'operationState'],
    ['status', 'history'],
    ['metadata'],
  ]
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue(), (path, value) => {
      const odd = changed(marked(sample('argocd-healthy'), commit(first)), path, value)
      const { observation } = observeApplication(odd, { sha: commit(first) })
      return ['deploying', 'ready', 'failed', 'degraded'].includes(observation.kind)
    }),
  )
})

function at(time: string): Date {
  return new Date(`2026-11-21T${time}Z`)
}

function commit(text: unknown) {
  const sha = asCommit(String(text))
  if (sha === null) throw new Error(`no commit: ${String(text)}`)
  return sha
}

/** Observed for the commit that its own spec is pinned to. */
function own(object: KubernetesObject, sha: string = pinnedTo(object)) {
  return observeApplication(marked(object, commit(sha)), { sha: commit(sha) })
}

/** Marked with the commit that its own spec is pinned to. */
function ownMarked(object: KubernetesObject): KubernetesObject {
  return marked(object, commit(pinnedTo(object)))
}

function pinnedTo(object: KubernetesObject): string {
  const { source } = object['spec'] as { source: { targetRevision: string } }
  return source.targetRevision
}

function edited(object: KubernetesObject, edit: (text: string) => string): KubernetesObject {
  return JSON.parse(edit(JSON.stringify(object))) as KubernetesObject
}

function withSeveralSources(object: KubernetesObject, revisions: readonly string[]): KubernetesObject {
  const { source } = object['spec'] as { source: object }
  const sources = [source, { ...source, path: 'second' }]
  const wanted = changed(
    changed(object, ['spec', 'sources'], sources),
    ['status', 'sync', 'revisions'],
    revisions,
  )
  const seen = changed(wanted, ['status', 'sync', 'comparedTo', 'sources'], sources)
  return changed(seen, ['status', 'operationState', 'operation', 'sync', 'sources'], sources)
}
