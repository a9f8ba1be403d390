import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import { type Judged, judged } from './judged.ts'
import { proofHeaders } from '../support/sign-webhook.ts'
import { deliveries, deliveryNamed, dialects, families } from './payloads.ts'

const key = 'a-webhook-secret-of-acme'
const now = new Date('2026-11-21T10:42:00Z')

/** Where the forges document the newest commit of the branch. */
function headOf(body: object): string {
  const { pull_request: github, object_attributes: gitlab } = body as {
    pull_request?: { head: { sha: string } }
    object_attributes?: { last_commit: { id: string } }
  }
  return github?.head.sha ?? gitlab?.last_commit.id ?? 'nowhere'
}

for (const family of families) {
  describe(`${family}: each documented delivery`, () => {
    it.each(deliveries(family))('$name', ({ headers, body, expected }) => {
      const text = JSON.stringify(body)
      const all = { ...headers, ...proofHeaders(family, key, text, now) }
      const received = judged(dialects[family], all, Buffer.from(text), [secret(key)], now)
      // A comment tells nothing of commits.
      if (expected.kind !== 'event') expect(received).toEqual(expected)
      else
        expect(received).toEqual({ ...expected, sha: expected.event === 'commented' ? null : headOf(body) })
    })
  })
}

it('covers the same happenings for every forge', () => {
  const common = [
    'opened',
    'opened by a deleted fork',
    'reopened',
    'pushed',
    'closed',
    'merged',
    'labelled',
    'unlabelled',
  ]
  const changes = ['title changed', 'target changed', 'made a draft', 'ready for review']
  const rest = [
    'an action nobody knows yet',
    'no action',
    'comment of a person',
    'comment without a command',
    'comment with a command in its second line',
    'comment with a command in a quote',
    'comment edited',
    'comment on an issue',
    'test delivery',
  ]
  const branches = ['branch pushed', 'branch deleted', 'an event nobody knows yet']
  for (const family of families)
    expect(deliveries(family).map(({ name }) => name)).toEqual(
      expect.arrayContaining([...common, ...changes, ...rest, ...branches]),
    )
})

describe('github: the examples that GitHub publishes', () => {
  const path = new URL(
    '../../node_modules/@octokit/webhooks-examples/api.github.com/index.json',
    import.meta.url,
  )
  const events = JSON.parse(readFileSync(path, 'utf8')) as readonly {
    name: string
    examples: readonly object[]
  }[]

  it('come to the golden table, and none is malformed', () => {
    const rows = events.flatMap(({ name, examples }) => examples.map((example) => rowOf(name, example)))
    const table = [...new Set(rows)].toSorted()
    expect(rows.length).toBeGreaterThan(250)
    expect(table.filter((row) => row.includes('refused'))).toEqual([])
    const told = [
      'pull_request',
      'issue_comment',
      'status',
      'check_run',
      'check_suite',
      'workflow_run',
      'package',
    ]
    expect(table.filter((row) => told.some((name) => row.startsWith(`${name} `)))).toEqual(golden)
    const acts = (row: string) => /-> (?:event|commit)/.test(row)
    expect(table.filter(acts)).toEqual(golden.filter(acts))
  })

  function rowOf(name: string, example: object): string {
    const text = JSON.stringify(example)
    const headers = { 'x-github-event': name, ...proofHeaders('github', key, text, now) }
    const received = judged(dialects.github, headers, Buffer.from(text), [secret(key)], now)
    const action = 'action' in example ? String(example.action) : ''
    return `${name} ${action} -> ${wordsFor(received)}`
  }

  function wordsFor(received: Judged): string {
    if (received.kind === 'event')
      return `event ${received.event} ${received.repository.fullName}#${received.number}`
    if (received.kind !== 'commit-event') return received.kind
    return `commit ${received.event} ${received.repository.fullName}@${received.sha.slice(0, 7)}`
  }

  const golden = [
    'check_run completed -> commit check Codertocat/Hello-World@ec26c3e',
    'check_run created -> ignored',
    'check_run requested_action -> ignored',
    'check_run rerequested -> ignored',
    'check_suite completed -> commit check Codertocat/Hello-World@ec26c3e',
    'check_suite requested -> ignored',
    'check_suite rerequested -> ignored',
    'issue_comment created -> ignored',
    'issue_comment deleted -> ignored',
    'issue_comment edited -> ignored',
    'package published -> ignored',
    'pull_request assigned -> ignored',
    'pull_request closed -> event closed Codertocat/Hello-World#2',
    'pull_request converted_to_draft -> event edited Codertocat/Hello-World#2',
    'pull_request labeled -> event labelled Codertocat/Hello-World#2',
    'pull_request locked -> ignored',
    'pull_request opened -> event opened Codertocat/Hello-World#2',
    'pull_request ready_for_review -> event edited Codertocat/Hello-World#2',
    'pull_request reopened -> event reopened Codertocat/Hello-World#2',
    'pull_request review_request_removed -> ignored',
    'pull_request review_requested -> ignored',
    'pull_request synchronize -> event pushed Codertocat/Hello-World#2',
    'pull_request unassigned -> ignored',
    'pull_request unlabeled -> event labelled Codertocat/Hello-World#2',
    'pull_request unlocked -> ignored',
    'status  -> commit status Codertocat/Hello-World@6113728',
    'workflow_run completed -> commit pipeline Codertocat/Hello-World@5779607',
    'workflow_run completed -> commit pipeline octo-org/octo-repo@3484a3f',
    'workflow_run requested -> ignored',
  ]
})

describe('an event that lacks what a key needs', () => {
  it.each([
    [
      'github',
      { number: null, pull_request: null },
      'number: a pull_request event needs a whole number above 0 here.',
    ],
    [
      'github',
      { number: '142', pull_request: { number: -1 } },
      'number: a pull_request event needs a whole number above 0 here.',
    ],
    ['github', { repository: null }, 'repository.full_name: a pull_request event needs owner/name here.'],
    [
      'github',
      { repository: { full_name: '' } },
      'repository.full_name: a pull_request event needs owner/name here.',
    ],
    [
      'gitea',
      { number: 1e15, pull_request: null },
      'number: a pull_request event needs a whole number above 0 here.',
    ],
    ['forgejo', { repository: [] }, 'repository.full_name: a pull_request event needs owner/name here.'],
    [
      'gitlab',
      { object_attributes: null },
      'object_attributes.iid: a merge_request event needs a whole number above 0 here.',
    ],
    ['gitlab', { project: {} }, 'project.path_with_namespace: a merge_request event needs group/name here.'],
    [
      'gitlab',
      { object_kind: 'pipeline', object_attributes: { sha: 'abc', status: 'success' } },
      'object_attributes.sha: a pipeline event needs a full commit id here.',
    ],
    [
      'gitlab',
      { object_kind: 'build', sha: 'a'.repeat(40), project: null },
      'project.path_with_namespace: a build event needs owner/name here.',
    ],
    ['gitlab', { object_kind: 5 }, 'object_kind: the kind of event is missing.'],
  ] as const)('%s %j says where', (family, patch, error) => {
    const [opened] = deliveries(family)
    const text = JSON.stringify({ ...opened?.body, ...patch })
    const headers = { ...opened?.headers, ...proofHeaders(family, key, text, now) }
    const received = judged(dialects[family], headers, Buffer.from(text), [secret(key)], now)
    expect(received).toEqual({ kind: 'refused', status: 400, error })
  })

  it.each([
    ['github', 'status', { sha: null }, 'sha: a status event needs a full commit id here.'],
    ['github', 'status', { sha: 'HEAD' }, 'sha: a status event needs a full commit id here.'],
    ['gitea', 'status', { repository: null }, 'repository.full_name: a status event needs owner/name here.'],
    [
      'github',
      'check_run',
      { action: 'completed', check_run: { head_sha: 7 } },
      'check_run.head_sha: a check_run event needs a full commit id here.',
    ],
    [
      'github',
      'workflow_run',
      { action: 'completed', workflow_run: null },
      'workflow_run.head_sha: a workflow_run event needs a full commit id here.',
    ],
  ] as const)('%s %s %j says where', (family, name, patch, error) => {
    const { body } = deliveryNamed(family, 'status set')
    const text = JSON.stringify({ ...body, ...patch })
    const headers = { [`x-${family}-event`]: name, ...proofHeaders(family, key, text, now) }
    const received = judged(dialects[family], headers, Buffer.from(text), [secret(key)], now)
    expect(received).toEqual({ kind: 'refused', status: 400, error })
  })

  it.each(['github', 'gitea'] as const)('%s without an event header', (family) => {
    const received = judged(
      dialects[family],
      proofHeaders(family, key, '{}', now),
      Buffer.from('{}'),
      [secret(key)],
      now,
    )
    expect(received).toMatchObject({ kind: 'refused', status: 400 })
    expect(JSON.stringify(received)).toContain('-event: this header must be there once')
  })
})

describe('a comment with a command', () => {
  it.each([
    ['github', { issue: { number: 0 } }, 'issue.number: a comment event needs a whole number above 0 here.'],
    ['gitea', { issue: null }, 'issue.number: a comment event needs a whole number above 0 here.'],
    [
      'forgejo',
      { repository: null },
      "repository.full_name: a comment event needs the repository's full name here.",
    ],
    [
      'gitlab',
      { merge_request: null },
      'merge_request.iid: a comment event needs a whole number above 0 here.',
    ],
    [
      'gitlab',
      { project: {} },
      "project.path_with_namespace: a comment event needs the repository's full name here.",
    ],
  ] as const)('%s %j says what is missing', (family, patch, error) => {
    const { headers, body } = deliveryNamed(family, 'comment of a person')
    const mended =
      family === 'github' ? { ...patch, issue: { ...patch.issue, pull_request: {} } } : { ...patch }
    expect(dialects[family].read(headers, { ...body, ...mended })).toEqual({
      kind: 'refused',
      status: 400,
      error,
    })
  })

  it.each(families)('%s: one of any length is only looked at for its first characters', (family) => {
    const { headers, body } = deliveryNamed(family, 'comment of a person')
    const asks = (text: string) => {
      const said =
        family === 'gitlab'
          ? { object_attributes: { ...(body['object_attributes'] as object), note: text } }
          : { comment: { body: text } }
      return dialects[family].read(headers, { ...body, ...said }).kind
    }
    expect(asks(`/preview redeploy ${'x'.repeat(1_000_000)}`)).toBe('event')
    expect(asks(`${'\n'.repeat(150)}/preview redeploy`)).toBe('event')
    expect(asks(`${'\n'.repeat(1_000_000)}/preview redeploy`)).toBe('ignored')
    expect(asks(`${' \t'.repeat(500_000)}/preview redeploy`)).toBe('ignored')
    expect(asks('    /preview redeploy')).toBe('ignored')
  })
})
