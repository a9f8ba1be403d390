import { describe, expect, it } from 'vitest'
import { previewId } from '../../src/preview/preview-id.ts'
import type { PreviewStatus } from '../../src/preview/status.ts'
import { codeSpan } from '../../src/report/code-span.ts'
import { writeComment } from '../../src/report/comment.ts'
import { prose } from '../../src/report/prose.ts'
import { lifetime } from '../../src/report/words.ts'
import { shaA, shaB } from '../preview/fixtures.ts'

const place = { branch: 'dynamic-envs' }

function status(change: Partial<PreviewStatus> = {}): PreviewStatus {
  return {
    preview: previewId('shop', 142),
    application: 'shop',
    number: 142,
    name: 'shop-142-cart',
    namespace: 'preview-shop-142-cart',
    url: 'https://shop-142-cart.preview.acme.dev',
    state: 'deploying',
    message: 'this installation does not watch an agent, so readiness is not known',
    details: [],
    advice: '',
    sha: shaB,
    servingSha: null,
    manifest: { path: 'apps/shop-142-cart.yml', commit: shaA },
    watched: false,
    since: new Date('2026-11-21T10:42:07Z'),
    removal: null,
    ...change,
  }
}

const gone = { url: null, manifest: null, state: 'removed', message: 'the merge request was merged' } as const

const untouched = 'it changes none of docs/**'
const overfull = 'gitea lists 2 of the files that merge request 142 of acme/shop changes, at least 3'

/** One of several applications. */
function of(application: string, change: Partial<PreviewStatus>): PreviewStatus {
  return status({
    preview: previewId(application, 142),
    application,
    name: `${application}-142-cart`,
    namespace: `preview-${application}-142-cart`,
    url: `https://${application}-142-cart.preview.acme.dev`,
    manifest: { path: `apps/${application}-142-cart.yml`, commit: shaA },
    ...change,
  })
}

function ready(application: string): PreviewStatus {
  return of(application, { state: 'ready', watched: true, servingSha: shaB, message: 'running and healthy' })
}

function deploying(application: string): PreviewStatus {
  return of(application, {
    watched: true,
    servingSha: shaA,
    message: `waiting for the Deployment ${application}`,
  })
}

function removed(application: string, message: string = gone.message): PreviewStatus {
  const removal = { cause: 'not-eligible', commit: shaA, livedMs: 273_600_000, deploys: 7 } as const
  return of(application, { ...gone, message, removal })
}

function never(application: string): PreviewStatus {
  const removal = { cause: 'merged', commit: null, livedMs: null, deploys: null } as const
  return of(application, { ...gone, removal })
}

const cases: Readonly<Record<string, readonly PreviewStatus[]>> = {
  'deploying-unwatched': [status()],
  'deploying-serving-older': [
    status({ watched: true, servingSha: shaA, message: 'waiting for the Deployment web' }),
  ],
  ready: [status({ state: 'ready', watched: true, servingSha: shaB, message: 'running and healthy' })],
  'refused-policy': [
    status({
      state: 'refused',
      message: 'spec.project is default, which is never allowed: name a project of your own',
      details: ['document 5, spec.project: default is never allowed (rule project)'],
      advice: 'Whoever owns the template can mend it; Mayfly looks again on every push.',
    }),
  ],
  'refused-fork': [
    status({
      state: 'refused',
      manifest: null,
      message: 'the merge request comes from a fork',
      advice: 'A maintainer may push the branch to the repository itself after reading the diff.',
    }),
  ],
  failed: [
    status({
      state: 'failed',
      message: 'remote: the branch dynamic-envs is protected',
      servingSha: shaA,
      manifest: null,
    }),
  ],
  waiting: [status({ state: 'waiting', message: 'the environment repository does not answer' })],
  removed: [
    status({ ...gone, removal: { cause: 'merged', commit: shaA, livedMs: 273_600_000, deploys: 7 } }),
  ],
  'removed-short-history': [
    status({ ...gone, removal: { cause: 'merged', commit: shaA, livedMs: null, deploys: null } }),
  ],
  'several-applications': [ready('web'), deploying('api')],
  'several-one-left': [ready('web'), removed('docs', untouched), never('api')],
  'several-on-their-way-out': [
    ready('web'),
    deploying('api'),
    of('docs', { state: 'removing', watched: true, message: 'the agent has not seen the removal yet' }),
  ],
  'several-in-trouble': [
    ready('web'),
    of('api', {
      state: 'refused',
      since: null,
      message: 'spec.project is default, which is never allowed: name a project of your own',
      details: ['document 5, spec.project: default is never allowed (rule project)'],
      advice: 'Whoever owns the template can mend it; Mayfly looks again on every push.',
    }),
    of('docs', { state: 'waiting', message: overfull, manifest: null, since: null }),
    of('help', { state: 'waiting', message: overfull, manifest: null, since: null }),
  ],
  'several-removed': [removed('web'), removed('api'), never('docs')],
  'several-removed-for-their-own-reasons': [removed('web', untouched), removed('api', 'its author is a bot')],
  'several-that-never-were': [never('web'), never('docs')],
}

describe('the comment', () => {
  it.each(Object.entries(cases))('says it: %s', async (name, statuses) => {
    await expect(writeComment('default', statuses, place)).toMatchFileSnapshot(`golden/comment-${name}.md`)
  })

  it('answers in its first visible line, under the marker', () => {
    const [marker, answer] = writeComment('default', [status()], place).split('\n')
    expect(marker).toBe('<!-- mayfly:default -->')
    expect(answer).toContain('Deploying: https://shop-142-cart.preview.acme.dev')
  })

  it.each(Object.entries(cases))(
    'law 6: the same statuses in another order give the same bytes: %s',
    (_, statuses) => {
      expect(writeComment('default', statuses.toReversed(), place)).toBe(
        writeComment('default', statuses, place),
      )
    },
  )

  it.each([
    '@everyone look',
    'see #12 and acme/shop#13 or GH-14',
    'https://evil.example.org www.evil.example.org',
    '[click](https://evil.example.org)',
    '![x](https://evil.example.org/x.png)',
    '<img src=x onerror=alert(1)> <!-- mayfly:default -->',
    '` @x ` `` #1',
    '```\n@x\n```',
    '--> <b>bold</b>',
    '| a | b |\n|--|--|',
    'deadbeef a1b2c3d4e5',
    'line one\u2028# heading\r\n- list',
    ':tada: **bold** _it_ ~~gone~~',
  ])('holds hostile words in code spans: %j', (message) => {
    const text = prose(message)
    const outside = text.replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
    expect(outside).toMatch(/^[\p{L}\p{N}\s,.:;?!()'’-]*$/u)
    expect(outside).not.toMatch(/@|#|<|>|\[|https?:|www|\*|_|GH-\d|deadbeef/)
  })

  it('keeps the state block inside its HTML comment whatever a name says', () => {
    const hostile = status({ name: 'a--b --> <script>', url: 'https://x/-->' })
    const block = writeComment('default', [hostile], place)
      .split('\n')
      .findLast((line) => line.startsWith('<!-- mayfly:state'))
    expect(block?.match(/-->/g)).toHaveLength(1)
    const json = block?.slice('<!-- mayfly:state '.length, -' -->'.length) ?? ''
    expect(JSON.parse(json)).toMatchObject({ v: 1, previews: [{ name: 'a--b --> <script>' }] })
  })

  it.each(['several-removed', 'several-removed-for-their-own-reasons', 'several-that-never-were'])(
    'ends as one line: %s',
    (name) => {
      const lines = writeComment('default', cases[name] ?? [], place).split('\n')
      expect(lines.filter((line) => line !== '' && !line.startsWith('<!--'))).toHaveLength(1)
    },
  )

  it('counts and lists only those that are or were there', () => {
    const two = writeComment('default', [ready('web'), deploying('api')], place)
    expect(
      writeComment('default', [never('docs'), ready('web'), never('help'), deploying('api')], place),
    ).toBe(two)
    expect(writeComment('default', [ready('web'), never('api')], place)).toBe(
      writeComment('default', [ready('web')], place),
    )
  })

  it('fences a code span longer than any run of backticks in it', () => {
    expect(codeSpan('a``b')).toBe('```a``b```')
    expect(codeSpan('`a')).toBe('`` `a ``')
    expect(codeSpan('\n\u0000')).toBe('`?`')
  })

  it.each([
    [0, '0 s'],
    [48_000, '48 s'],
    [108_000, '1 min 48 s'],
    [7_200_000, '2 h'],
    [273_600_000, '3 d 4 h'],
  ])('lifetime of %d ms is %s', (ms, text) => {
    expect(lifetime(ms)).toBe(text)
  })
})
