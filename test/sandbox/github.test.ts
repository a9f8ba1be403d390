import { generateKeyPairSync, sign } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { failOnUnknown, sandboxToken, userCalled } from '../support/forge-harness.ts'
import { startTestGithub, type TestGithub, type TestGithubOptions } from '../support/github-harness.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'
import { registerApp } from '../stand-ins/github/app-key.ts'

const shop = '/repos/acme/shop'
const hour = 60 * 60_000
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly json: unknown
  readonly text: string
}

interface Asking {
  readonly method?: string
  readonly body?: object
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

type Ask = (path: string, asking?: Asking) => Promise<Answer>

async function start(options: TestGithubOptions = {}): Promise<TestGithub & { readonly ask: Ask }> {
  const github = await startTestGithub(options)
  closing.push(() => github.sandbox.close())
  return { ...github, ask: (path, asking) => ask(`${github.sandbox.api}${path}`, asking) }
}

async function ask(url: string, asking: Asking = {}): Promise<Answer> {
  const { method = 'GET', body, token = sandboxToken, headers = {} } = asking
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json: unknown = text === '' ? null : JSON.parse(text)
  return { status: response.status, headers: response.headers, json, text }
}

function open({ sandbox }: TestGithub, branch = 'cart'): number {
  return sandbox.actions.openMergeRequest('acme/shop', { branch, author: userCalled(sandbox, 'dev') }).number
}

describe('answers as GitHub describes them', () => {
  it('a fork that is gone, an author who is gone, a bot, a label, a draft, a merge', async () => {
    const github = await start()
    const { actions } = github.sandbox
    const person = userCalled(github.sandbox, 'dev')
    const bot = { ...person, login: 'dependabot[bot]', kind: 'bot' } as const
    const ghost = { ...person, login: 'gone', kind: 'ghost' } as const
    actions.openMergeRequest('acme/shop', { branch: 'one', author: bot, source: 'deleted fork' })
    actions.openMergeRequest('acme/shop', { branch: 'two', author: ghost, labels: ['preview'] })
    actions.openMergeRequest('acme/shop', { branch: 'three', author: person, source: 'fork' })
    actions.comment('acme/shop', 2, ghost, 'was here')
    actions.setDraft('acme/shop', 2, true)
    actions.setState('acme/shop', 3, 'merged')
    expect(await github.ask(`${shop}/pulls/1`)).toMatchObject({
      json: { user: { type: 'Bot', login: 'dependabot[bot]' }, head: { ref: 'one', repo: null } },
    })
    expect(await github.ask(`${shop}/pulls/2`)).toMatchObject({
      json: { user: null, draft: true, title: 'two', labels: [{ name: 'preview' }] },
    })
    expect(await github.ask(`${shop}/pulls/3`)).toMatchObject({
      json: { state: 'closed', merged: true, head: { repo: { full_name: 'dev/shop', fork: true } } },
    })
    expect(await github.ask(`${shop}/pulls?state=all`)).toMatchObject({
      json: [{ number: 3 }, { number: 2 }, { number: 1 }],
    })
    expect(await github.ask(`${shop}/issues/2/comments`)).toMatchObject({ json: [{ user: null }] })
    expect(await github.ask('/user')).toMatchObject({ json: { login: 'mayfly-bot' } })
    failOnUnknown(github.sandbox)
  })

  it('changed files, with the former path of a renamed one', async () => {
    const github = await start()
    const number = open(github)
    const [pull] = github.sandbox.state.repositories[0]?.mergeRequests ?? []
    if (pull !== undefined) pull.files = [{ path: 'shop/new name.ts', previousPath: 'shop/old.ts' }]
    expect(await github.ask(`${shop}/pulls/${number}/files`)).toMatchObject({
      json: [{ filename: 'shop/new name.ts', previous_filename: 'shop/old.ts', status: 'renamed' }],
    })
    failOnUnknown(github.sandbox)
  })

  it.each(['', '/api/v3'] as const)('pages with links and no count, with the base %j', async (base) => {
    const github = await start({ github: { base } })
    for (let n = 1; n <= 5; n++) open(github, `branch-${n}`)
    const middle = await github.ask(`${shop}/pulls?per_page=2&page=2&direction=asc`)
    expect(middle.json).toMatchObject([{ number: 3 }, { number: 4 }])
    expect(middle.headers.has('x-total-count')).toBe(false)
    const link = middle.headers.get('link') ?? ''
    const there = `${github.sandbox.api}/repositories/1/pulls?per_page=2`
    expect(link.split(', ')).toEqual([
      `<${there}&page=1&direction=asc>; rel="prev"`,
      `<${there}&page=3&direction=asc>; rel="next"`,
      `<${there}&page=3&direction=asc>; rel="last"`,
      `<${there}&page=1&direction=asc>; rel="first"`,
    ])
    expect((await ask(`${there}&page=3&direction=asc`)).json).toMatchObject([{ number: 5 }])
    failOnUnknown(github.sandbox)
  })
})

describe('what costs nothing, and what costs too much', () => {
  it('a GET that changed nothing is a 304 without a body, and is not counted', async () => {
    const github = await start()
    const path = `${shop}/pulls/${open(github)}`
    const first = await github.ask(path)
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
    expect(first.headers.get('x-ratelimit-remaining')).toBe('4999')
    const second = await github.ask(path, { headers })
    expect(second).toMatchObject({ status: 304, text: '' })
    expect(second.headers.get('x-ratelimit-remaining')).toBe('4999')
    expect(await github.ask(path, { headers, token: 'token-of-dev' })).toMatchObject({ status: 200 })
    github.sandbox.actions.push('acme/shop', 1)
    expect(await github.ask(path, { headers })).toMatchObject({ status: 200 })
    expect(github.dialect.counted()).toBe(3)
  })

  it('a spent budget refuses everything, writes too, until its hour is over', async () => {
    const clock = createVirtualClock()
    const github = await start({ clock, github: { rateLimit: 2 } })
    const comment = { method: 'POST', body: { body: 'hello' } }
    const path = `${shop}/issues/${open(github)}/comments`
    for (const status of [201, 201, 403]) expect(await github.ask(path, comment)).toMatchObject({ status })
    const spent = await github.ask('/user')
    expect(spent.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(Number(spent.headers.get('x-ratelimit-reset')) * 1000).toBe(clock.now().getTime() + hour)
    await clock.advance(hour)
    expect(await github.ask(path)).toMatchObject({ status: 200, json: [{ id: 2 }, { id: 3 }] })
  })
})

describe('refuses as GitHub does', () => {
  it('a former name: 301 to read, 307 to write, both to the id of the repository', async () => {
    const github = await start()
    const number = open(github)
    github.sandbox.actions.renameRepository('acme/shop', 'acme/store')
    const byId = `${github.sandbox.api}/repositories/1`
    const read = await github.ask(`${shop}/pulls?state=all`)
    expect(read).toMatchObject({ status: 301, json: { message: 'Moved Permanently' } })
    expect(read.headers.get('location')).toBe(`${byId}/pulls?state=all`)
    expect((await ask(`${byId}/pulls?state=all`)).json).toMatchObject([{ number }])
    const written = { method: 'POST', body: { body: 'hello' } }
    const write = await github.ask(`${shop}/issues/1/comments`, written)
    expect(write).toMatchObject({ status: 307, json: { message: 'Temporary Redirect' } })
    expect(await ask(write.headers.get('location') ?? '', written)).toMatchObject({ status: 201 })
    failOnUnknown(github.sandbox)
  })

  it('comments that are locked, blank or too long', async () => {
    const github = await start()
    const path = `${shop}/issues/${open(github)}/comments`
    const say = (body: string) => github.ask(path, { method: 'POST', body: { body } })
    for (const body of ['', ' \n', 'x'.repeat(65_537)])
      expect(await say(body)).toMatchObject({ status: 422, json: { message: 'Validation Failed' } })
    const [pull] = github.sandbox.state.repositories[0]?.mergeRequests ?? []
    if (pull !== undefined) pull.locked = true
    expect(await say('hello')).toMatchObject({
      status: 403,
      json: { message: 'Unable to create comment because issue is locked.' },
    })
    failOnUnknown(github.sandbox)
  })

  it('statuses of a commit it does not have, of odd words, and the 1001st', async () => {
    const github = await start()
    open(github)
    const sha = github.sandbox.state.repositories[0]?.mergeRequests[0]?.commits[0] ?? ''
    const gone = 'c0ffee'.padEnd(40, '0')
    const set = (at: string, body: object) =>
      github.ask(`${shop}/statuses/${at}`, { method: 'POST', body: { state: 'pending', ...body } })
    expect(await github.ask(`${shop}/commits/${gone}/statuses`)).toMatchObject({ status: 200, json: [] })
    expect(await set(gone, {})).toMatchObject({
      status: 422,
      json: { message: `No commit found for SHA: ${gone}` },
    })
    expect(await set(sha, { description: 'x'.repeat(141) })).toMatchObject({ status: 422 })
    expect(await set(sha, { target_url: 'ftp://acme.example' })).toMatchObject({ status: 422 })
    for (let n = 1; n <= 1000; n++)
      github.sandbox.state.repositories[0]?.statuses.push({
        ...{ id: n, sha, context: 'mayfly/shop', state: 'pending', description: '', targetUrl: '' },
      })
    expect(await set(sha, { context: 'mayfly/shop' })).toMatchObject({ status: 422 })
    expect(await set(sha, { context: 'mayfly/docs' })).toMatchObject({ status: 201 })
    failOnUnknown(github.sandbox)
  })

  it('what a token may not: see, comment, set statuses; it names the right', async () => {
    const github = await start()
    const path = `${shop}/issues/${open(github)}/comments`
    github.sandbox.actions.grant('acme/shop', 'mayfly-bot', ['read'])
    const refused = await github.ask(path, { method: 'POST', body: { body: 'hello' } })
    expect(refused).toMatchObject({
      status: 403,
      json: { message: 'Resource not accessible by personal access token' },
    })
    expect(refused.headers.get('x-accepted-github-permissions')).toBe('issues=write; pull_requests=write')
    expect(await github.ask(path)).toMatchObject({ status: 200 })
    github.sandbox.actions.grant('acme/shop', 'mayfly-bot', [])
    expect(await github.ask(path)).toMatchObject({ status: 404, json: { message: 'Not Found' } })
  })

  it('strangers, other versions of the API, and what it has no route for', async () => {
    const github = await start()
    expect(await github.ask('/user', { token: 'wrong' })).toMatchObject({ status: 401 })
    const headers = { 'x-github-api-version': '1999-12-31' }
    expect(await github.ask('/user', { headers })).toMatchObject({ status: 400 })
    expect(await github.ask('/rate_limit')).toMatchObject({ status: 404 })
    expect(github.sandbox.unknownRequests).toEqual(['GET /api/v3/rate_limit'])
    expect(() => {
      failOnUnknown(github.sandbox)
    }).toThrow('/rate_limit')
  })
})

describe('notes what GitHub does not describe', () => {
  it.each([
    [`${shop}/pulls?limit=3`, {}, 'no query parameter limit'],
    [`${shop}/pulls?per_page=101`, {}, 'per_page is above 100'],
    [`${shop}/pulls?state=opened`, {}, 'must be equal to one of the allowed values'],
    [`${shop}/pulls/x`, {}, 'must be integer'],
    [`${shop}/issues/1/comments`, { method: 'POST', body: { text: 'hello' } }, 'no field text'],
    [`${shop}/issues/1/comments`, { method: 'POST', body: { body: 5 } }, 'must be string'],
  ] as const)('in a request: %s %j', async (path, asking, problem) => {
    const github = await start()
    open(github)
    await github.ask(path, asking)
    expect(github.sandbox.problems.join()).toContain(problem)
  })

  it('in its own answers', async () => {
    const github = await start()
    open(github)
    Object.assign(github.sandbox.state.repositories[0]?.mergeRequests[0] ?? {}, { title: 5 })
    await github.ask(`${shop}/pulls/1`)
    expect(github.sandbox.problems).toEqual([
      'answer 200 of GET /repos/{owner}/{repo}/pulls/{pull_number}: /title must be string',
    ])
  })
})

describe('an App', () => {
  const { app, privateKey } = registerApp(['acme'])
  const clock = createVirtualClock()
  const now = () => Math.floor(clock.now().getTime() / 1000)
  const claims = () => ({ iss: app.id, iat: now() - 60, exp: now() + 540 })

  function jwt(payload: object, key = privateKey, alg = 'RS256'): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const text = `${part({ alg, typ: 'JWT' })}.${part(payload)}`
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`
  }

  async function minted(github: { readonly ask: Ask }, body: object = {}): Promise<string> {
    const token = jwt(claims())
    const { json } = await github.ask(`${shop}/installation`, { token })
    const path = `/app/installations/${(json as { id: number }).id}/access_tokens`
    const answer = await github.ask(path, { method: 'POST', token, body })
    expect(answer).toMatchObject({ status: 201, json: { token: expect.stringMatching(/^ghs_/) as string } })
    return (answer.json as { token: string }).token
  }

  it('works through tokens of its installation, for an hour, under the name of its bot', async () => {
    const github = await start({ clock, github: { app } })
    const path = `${shop}/issues/${open(github)}/comments`
    expect(await github.ask('/app', { token: jwt(claims()) })).toMatchObject({ json: { slug: app.slug } })
    const token = await minted(github)
    expect(await github.ask(path, { method: 'POST', token, body: { body: 'hello' } })).toMatchObject({
      json: { user: { login: 'acme-previews[bot]', type: 'Bot' } },
    })
    expect(await github.ask('/user', { token })).toMatchObject({ status: 403 })
    await clock.advance(hour)
    expect(await github.ask(path, { token })).toMatchObject({
      status: 401,
      json: { message: 'Bad credentials' },
    })
    const other = await minted(github)
    github.dialect.expireTokens()
    expect(await github.ask(path, { token: other })).toMatchObject({ status: 401 })
    failOnUnknown(github.sandbox)
  })

  it('sees nothing where it is not installed, and does nothing it was not granted', async () => {
    const github = await start({ clock, github: { app } })
    github.sandbox.actions.createRepository('elsewhere/shop')
    github.sandbox.actions.createRepository('acme/docs')
    const path = `${shop}/issues/${open(github)}/comments`
    const token = await minted(github, { repositories: ['shop'], permissions: { pull_requests: 'read' } })
    expect(await github.ask(path, { token })).toMatchObject({ status: 200 })
    expect(await github.ask(path, { method: 'POST', token, body: { body: 'hello' } })).toMatchObject({
      status: 403,
      json: { message: 'Resource not accessible by integration' },
    })
    for (const other of ['elsewhere/shop', 'acme/docs'])
      expect(await github.ask(`/repos/${other}/pulls`, { token })).toMatchObject({ status: 404 })
    expect(await github.ask('/repos/elsewhere/shop/installation', { token: jwt(claims()) })).toMatchObject({
      status: 404,
    })
    failOnUnknown(github.sandbox)
  })

  const stranger = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey

  const wrong: readonly (readonly [string, () => string, number, string])[] = [
    ['by another key', () => jwt(claims(), stranger), 401, 'could not be decoded'],
    ['of another algorithm', () => jwt(claims(), privateKey, 'none'), 401, 'could not be decoded'],
    ['of another App', () => jwt({ ...claims(), iss: 7 }), 404, 'Integration not found'],
    ['issued in the future', () => jwt({ ...claims(), iat: now() + 5 }), 401, "('iat')"],
    ['expired', () => jwt({ ...claims(), exp: now() }), 401, "('exp') must be"],
    ['that lives too long', () => jwt({ ...claims(), exp: now() + 601 }), 401, 'too far in the future'],
    ['that is none', () => sandboxToken, 401, 'could not be decoded'],
  ]
  it.each(wrong)('refuses a web token %s', async (_name, token, status, words) => {
    const github = await start({ clock, github: { app } })
    expect(await github.ask('/app', { token: token() })).toMatchObject({
      status,
      json: { message: expect.stringContaining(words) as string },
    })
  })
})
