import { describe, expect, it } from 'vitest'
import { giteaConversation } from '../../src/forge/gitea/conversation.ts'
import { githubConversation } from '../../src/forge/github/conversation.ts'
import { gitlabConversation } from '../../src/forge/gitlab/conversation.ts'
import type { ForgeCall } from '../../src/forge/http/call.ts'
import { Stalled } from '../../src/preview/errors.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const target = { repository: 'acme/shop', number: 7 }
const dev = { id: 2, login: 'dev', bot: false }
const gitlab = gitlabConversation(createVirtualClock())
const written = '2026-11-20T10:00:00Z'

/** What an answer comes to; null: it is odd, and decides nothing. */
function read<T>(call: ForgeCall<T>, answer: unknown): T | null {
  const result = call.schema.safeParse(answer)
  return result.success ? result.data : null
}

const shapes = {
  github: {
    conversation: githubConversation,
    remark: {
      id: 5,
      body: 'hi',
      created_at: written,
      updated_at: written,
      user: { id: 2, login: 'dev', type: 'User' },
    },
    permission: { permission: 'write', user: { id: 2 } },
  },
  gitlab: {
    conversation: gitlab,
    remark: {
      id: 5,
      body: 'hi',
      system: false,
      created_at: '2026-11-20T11:00:00.000+01:00',
      updated_at: written,
      author: { id: 2, username: 'dev' },
    },
    permission: { id: 2, access_level: 30, state: 'active', expires_at: null },
  },
  gitea: {
    conversation: giteaConversation,
    remark: {
      id: 5,
      body: 'hi',
      created_at: written,
      updated_at: written,
      user: { id: 2, login: 'dev' },
      original_author: '',
    },
    permission: { permission: 'write', user: { id: 2 } },
  },
} as const
type Kind = keyof typeof shapes

const remark = (kind: Kind, change: object = {}) =>
  read(shapes[kind].conversation.calls.remarks(target), [{ ...shapes[kind].remark, ...change }])?.[0] ?? null
const permission = (kind: Kind, change: object = {}) =>
  read(shapes[kind].conversation.calls.permission('acme/shop', dev), {
    ...shapes[kind].permission,
    ...change,
  })

describe.each(['github', 'gitlab', 'gitea'] as const)('%s', (kind) => {
  it('a remark in our words', () => {
    const at = new Date(written)
    expect(remark(kind)).toEqual({ id: 5, author: dev, body: 'hi', createdAt: at, updatedAt: at })
  })

  it.each(Object.keys(shapes[kind].remark).filter((field) => field !== 'original_author'))(
    'a remark without its %s is odd',
    (field) => {
      expect(remark(kind, { [field]: undefined })).toBeNull()
    },
  )

  it.each([
    'yesterday',
    '2026-11-20',
    '',
    5,
    null,
    '0001-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
  ])('a remark of the time %j is odd', (time) => {
    expect(remark(kind, { created_at: time })).toBeNull()
    expect(remark(kind, { updated_at: time })).toBeNull()
  })

  it('a permission in our words', () => {
    expect(permission(kind)).toEqual({ permission: 'write', userId: 2 })
  })

  it.each(Object.keys(shapes[kind].permission).filter((field) => field !== 'user'))(
    'a permission without its %s is odd',
    (field) => {
      expect(permission(kind, { [field]: undefined })).toBeNull()
    },
  )
})

describe('github', () => {
  it.each([
    ['admin', 'write'],
    ['maintain', 'write'],
    ['write', 'write'],
    ['triage', 'read'],
    ['read', 'read'],
    ['none', 'none'],
  ])('%s is %s', (word, expected) => {
    expect(permission('github', { permission: word })).toMatchObject({ permission: expected })
  })

  it.each(['security-officer', 'toString', '', 'ADMIN'])('the word %j is odd', (word) => {
    expect(permission('github', { permission: word })).toBeNull()
  })

  it('tells bots, and accounts that are gone', () => {
    const author = (user: object | null) => remark('github', { user })?.author
    expect(author({ id: 3, login: 'renovate[bot]', type: 'Bot' })).toMatchObject({ bot: true })
    expect(author({ id: 3, login: 'ci', type: 'Bot' })).toMatchObject({ bot: true })
    expect(author(null)).toBeNull()
  })

  it('does not look at author_association', () => {
    expect(remark('github', { author_association: 'OWNER' })).toEqual(remark('github'))
  })
})

describe('gitlab', () => {
  it.each([
    [60, 'write'],
    [50, 'write'],
    [40, 'write'],
    [30, 'write'],
    [29, 'read'],
    [20, 'read'],
    [10, 'read'],
    [5, 'none'],
    [0, 'none'],
  ])('the access level %i is %s', (level, expected) => {
    expect(permission('gitlab', { access_level: level })).toMatchObject({ permission: expected })
  })

  it.each([
    [{ state: 'blocked' }, 'none'],
    [{ state: 'deactivated' }, 'none'],
    [{ membership_state: 'awaiting' }, 'none'],
    [{ membership_state: 'active' }, 'write'],
    // Today is 2026-11-21.
    [{ expires_at: '2026-11-20' }, 'none'],
    [{ expires_at: '2026-11-21' }, 'none'],
    [{ expires_at: '2026-11-22' }, 'write'],
  ])('a member with %j is %s', (change, expected) => {
    expect(permission('gitlab', change)).toMatchObject({ permission: expected })
  })

  it.each([{ expires_at: 'soon' }, { expires_at: '' }, { access_level: '30' }])('%j is odd', (change) => {
    expect(permission('gitlab', change)).toBeNull()
  })

  it('leaves out what nobody answers for: its own notes, imported ones, those of nobody', () => {
    expect(remark('gitlab', { system: true })?.author).toBeNull()
    expect(remark('gitlab', { imported: true })?.author).toBeNull()
    expect(remark('gitlab', { author: null })?.author).toBeNull()
  })

  it('tells bots', () => {
    const author = (given: object) => remark('gitlab', { author: given })?.author
    expect(author({ id: 3, username: 'project_7_bot_0a1b' })).toMatchObject({ bot: true })
    expect(author({ id: 3, username: 'ci', bot: true })).toMatchObject({ bot: true })
  })

  it('takes for a user only who has just this name', () => {
    const find = gitlab.calls.usersCalled
    if (find === null) throw new Error('GitLab asks for ids')
    expect(find('Dev')).toMatchObject({ path: ['users'], query: { username: 'Dev' } })
    const users = [
      { id: 2, username: 'dev' },
      { id: 3, username: 'developer' },
    ]
    expect(read(find('Dev'), users)).toEqual([2])
  })
})

describe('gitea', () => {
  it.each([
    ['owner', 'write'],
    ['admin', 'write'],
    ['write', 'write'],
    ['read', 'read'],
    ['none', 'none'],
  ])('%s is %s', (word, expected) => {
    expect(permission('gitea', { permission: word })).toMatchObject({ permission: expected })
  })

  it('leaves out what nobody answers for: accounts that are gone, and what was migrated under the name of another', () => {
    expect(remark('gitea', { user: { id: -1, login: 'Ghost' } })?.author).toBeNull()
    expect(remark('gitea', { user: null })?.author).toBeNull()
    expect(remark('gitea', { original_author: 'somebody' })?.author).toBeNull()
  })

  it('says the way out to a bot that may not ask, and that a token lacks its scope as of any other call', () => {
    const said = (words: string, status = 403) =>
      giteaConversation.readRefusedPermission({ kind: 'status', status, said: words, error: new Stalled('') })
    expect(said('Only admins can query all permissions')).toMatch(/give the bot Administrator/)
    expect(said('')).toMatch(/give the bot Administrator/)
    expect(
      said('token does not have at least one of required scope(s), required=[read:repository]'),
    ).toBeNull()
    expect(said('user does not exist', 404)).toBeNull()
  })

  it('takes its own users for bots', () => {
    expect(remark('gitea', { user: { id: -2, login: 'gitea-actions' } })?.author).toMatchObject({ bot: true })
  })

  it('asks about no user whose name would lead to another place', () => {
    for (const login of ['..', '.', '', 'dev/../..', 'dev x'])
      expect(() => giteaConversation.calls.permission('acme/shop', { ...dev, login })).toThrow(
        'as nobody can be called',
      )
  })
})
