import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { secret } from '../../src/config/secret.ts'
import { giteaWebhook } from '../../src/forge/gitea/webhook.ts'
import { githubWebhook } from '../../src/forge/github/webhook.ts'
import { judged } from './judged.ts'

interface Recorded {
  readonly secret: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const folder = new URL('payloads/gitea-real/', import.meta.url)
const now = new Date('2026-11-21T10:42:00Z')

function recorded(file: string): Recorded {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recorded
}

const golden = {
  'closed.json': 'event closed acme/shop',
  'comment.json': 'ignored issue_comment: a comment without a command',
  'edited-draft.json': 'event edited acme/shop',
  'edited-target.json': 'event edited acme/shop',
  'edited-title.json': 'event edited acme/shop',
  'label-cleared.json': 'event labelled acme/shop',
  'label-removed.json': 'event labelled acme/shop',
  'label-updated.json': 'event labelled acme/shop',
  'merged.json': 'event merged acme/shop',
  'opened-from-fork.json': 'event opened acme/shop',
  'opened.json': 'event opened acme/shop',
  'reopened.json': 'event reopened acme/shop',
  'synchronized.json': 'event pushed acme/shop',
}

it('the deliveries of a real Gitea, with its own signatures, come to the golden table', () => {
  const table = readdirSync(folder).map((file) => {
    const { secret: key, headers, body } = recorded(file)
    const received = judged(giteaWebhook, headers, Buffer.from(body), [secret(key)], now)
    if (received.kind === 'event') return [file, `event ${received.event} ${received.repository.fullName}`]
    if (received.kind === 'commit-event') return [file, `commit ${received.event} ${received.sha}`]
    return [file, received.kind === 'ignored' ? `ignored ${received.reason}` : received.error]
  })
  expect(Object.fromEntries(table)).toEqual(golden)
})

it('every event of a real Gitea has the numeric id of its repository, and a number', () => {
  for (const file of Object.keys(golden).filter((each) => each !== 'comment.json')) {
    const { secret: key, headers, body } = recorded(file)
    const received = judged(giteaWebhook, headers, Buffer.from(body), [secret(key)], now)
    const { repository, number } = JSON.parse(body) as { repository: { id: number }; number: number }
    expect(received).toMatchObject({ repository: { id: String(repository.id) }, number })
  }
})

it('one changed byte makes a real delivery a forged one', () => {
  const { secret: key, headers, body } = recorded('opened.json')
  const changed = body.replace('"opened"', '"closed"')
  expect(judged(giteaWebhook, headers, Buffer.from(changed), [secret(key)], now)).toMatchObject({
    status: 401,
  })
})

it('a real Gitea at the door of GitHub is genuine there too: the path, not the headers, tells them apart', () => {
  const { secret: key, headers, body } = recorded('synchronized.json')
  const received = judged(githubWebhook, headers, Buffer.from(body), [secret(key)], now)
  // `synchronized` is no word of GitHub's: it counts as an action that nobody knows yet.
  expect(received).toMatchObject({ kind: 'event', event: 'other' })
})
