import { describe, expect, it } from 'vitest'
import {
  changedFileOf,
  commentOf,
  mergeRequestOf,
  readMergeRequestOf,
  repositoryOf,
  postedStatusOf,
} from '../../src/forge/gitlab/map.ts'
import { projectPath } from '../../src/forge/gitlab/calls.ts'
import {
  GitlabDiff,
  GitlabMergeRequest,
  GitlabNote,
  GitlabProject,
  GitlabStatus,
} from '../../src/forge/gitlab/schema.ts'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import { decidesNothing } from './decides-nothing.ts'

const url = 'https://git.acme.dev'
const sha = 'e82eb4a098e32c796079ca3915e07487fc4db24c'

/** As https://docs.gitlab.com/api/merge_requests/#retrieve-a-merge-request shows one, with the names of acme. */
const documented = {
  id: 155016530,
  iid: 133,
  project_id: 15513260,
  title: 'Manual job rules',
  description: '',
  state: 'opened',
  imported: false,
  imported_from: 'none',
  created_at: '2022-05-13T07:26:38.402Z',
  updated_at: '2022-05-14T03:38:31.354Z',
  merged_by: null,
  merge_user: null,
  merged_at: null,
  merge_after: '2018-09-07T11:16:00.000Z',
  prepared_at: '2018-09-04T11:16:17.520Z',
  closed_by: null,
  closed_at: null,
  target_branch: 'main',
  source_branch: 'manual-job-rules',
  user_notes_count: 0,
  upvotes: 0,
  downvotes: 0,
  author: {
    id: 4155490,
    username: 'a.developer',
    name: 'A developer',
    state: 'active',
    avatar_url: `${url}/uploads/-/system/user/avatar/4155490/avatar.png`,
    web_url: `${url}/a.developer`,
  },
  assignees: [],
  assignee: null,
  reviewers: [],
  source_project_id: 15513260,
  target_project_id: 15513260,
  labels: ['preview', 'workflow::in review'],
  draft: false,
  work_in_progress: false,
  milestone: null,
  merge_when_pipeline_succeeds: false,
  merge_status: 'can_be_merged',
  detailed_merge_status: 'can_be_merged',
  sha,
  merge_commit_sha: null,
  squash_commit_sha: null,
  discussion_locked: null,
  should_remove_source_branch: null,
  force_remove_source_branch: true,
  reference: '!133',
  references: { short: '!133', relative: '!133', full: 'acme/web/frontend/shop!133' },
  web_url: `${url}/acme/web/frontend/shop/-/merge_requests/133`,
  time_stats: { time_estimate: 0, total_time_spent: 0, human_time_estimate: null },
  squash: false,
  task_completion_status: { count: 0, completed_count: 0 },
  has_conflicts: false,
  blocking_discussions_resolved: true,
  subscribed: true,
  changes_count: '1',
  latest_build_started_at: null,
  first_deployed_to_production_at: null,
  pipeline: null,
  diff_refs: { base_sha: '1162f719d711319a2efb2a35566f3bfdadee8bab', head_sha: sha, start_sha: sha },
  merge_error: null,
  first_contribution: false,
  user: { can_merge: true },
}

function read(change: object = {}) {
  return readMergeRequestOf(GitlabMergeRequest.parse({ ...documented, ...change }), url)
}

describe('a merge request as GitLab documents it', () => {
  it('is read in our words, in the deepest of subgroups', () => {
    expect(read()).toEqual({
      locked: false,
      changedFiles: 1,
      mergeRequest: {
        number: 133,
        state: 'open',
        openedAt: new Date('2022-05-13T07:26:38.402Z'),
        title: 'Manual job rules',
        author: {
          login: 'a.developer',
          name: 'A developer',
          email: '4155490-a.developer@users.noreply.git.acme.dev',
          bot: false,
        },
        branch: 'manual-job-rules',
        targetBranch: 'main',
        sha,
        labels: ['preview', 'workflow::in review'],
        labelsIgnoreCase: false,
        draft: false,
        fork: false,
        url: documented.web_url,
        repository: {
          id: '15513260',
          fullName: 'acme/web/frontend/shop',
          cloneUrl: `${url}/acme/web/frontend/shop.git`,
        },
      },
    })
  })

  it('needs nothing of what GitLab may leave empty', () => {
    const { author, discussion_locked, changes_count, ...rest } = documented
    expect([author, discussion_locked, changes_count]).toHaveLength(3)
    const { mergeRequest } = readMergeRequestOf(GitlabMergeRequest.parse({ ...rest, author: null }), url)
    expect(mergeRequest).toMatchObject({ author: { login: 'ghost', bot: false } })
    expect(mergeRequest.author.email).toBe('ghost@users.noreply.git.acme.dev')
  })

  it('is an odd answer when it does not say where it lives', () => {
    for (const full of ['!133', 'shop!133', 'acme/shop', 'acme/shop#133', '<img>'])
      expect(() => read({ references: { full } })).toThrow(RetryLater)
  })
})

describe('law 3: without what decides about a preview an answer is odd', () => {
  it.each(['state', 'labels', 'target_branch', 'target_project_id', 'source_project_id'])('%s', (path) => {
    decidesNothing(documented, path, (answer) => readMergeRequestOf(GitlabMergeRequest.parse(answer), url))
  })

  it('whether it is a draft, by either of its names', () => {
    for (const none of [null, undefined])
      expect(() => read({ draft: none, work_in_progress: none })).toThrow(RetryLater)
  })
})

describe('how it stands', () => {
  it.each([
    ['opened', 'open'],
    ['locked', 'open'],
    ['closed', 'closed'],
    ['merged', 'merged'],
  ])('law 3: %s is %s', (state, expected) => {
    expect(read({ state }).mergeRequest.state).toBe(expected)
  })

  it('law 3: any other word is an odd answer', () => {
    expect(GitlabMergeRequest.safeParse({ ...documented, state: 'reopened' }).success).toBe(false)
  })

  it.each([
    [{ draft: true, work_in_progress: true }, true],
    [{ draft: undefined, work_in_progress: true }, true],
    [{ draft: false, work_in_progress: true }, false],
  ])('a draft: %j: %s', (fields, draft) => {
    expect(read(fields).mergeRequest.draft).toBe(draft)
  })

  it.each([
    [true, true],
    [false, false],
    [null, false],
    [undefined, false],
  ])('a discussion that is locked: %s', (discussion_locked, locked) => {
    expect(read({ discussion_locked }).locked).toBe(locked)
  })
})

describe('where the code comes from', () => {
  it.each([
    ['the project itself', documented.target_project_id, false],
    ['a fork', 99, true],
    ['a fork that is gone', null, null],
  ])('%s', (_name, source_project_id, fork) => {
    expect(read({ source_project_id }).mergeRequest).toMatchObject({ fork, branch: 'manual-job-rules' })
  })
})

describe('authors', () => {
  const bots = [
    'project_77_bot',
    'project_77_bot3',
    'project_77_bot_4ffca233d8298ea1',
    'group_109_bot_0c4b5c6d7e8f9a0b',
    'service_account_group_345_6018816a18e515214e0c34c2b33523fc',
  ]
  const people = ['dev', 'project_manager', 'robot', 'project_bot', 'project_77_botany_fan', 'renovate']

  it.each(bots)('%s is a bot', (username) => {
    expect(read({ author: { id: 1, username } }).mergeRequest.author).toMatchObject({
      bot: true,
      login: username,
      name: username,
    })
  })

  it.each(people)('%s is a person', (username) => {
    expect(read({ author: { id: 1, username } }).mergeRequest.author.bot).toBe(false)
  })

  it('law 8: a name cannot leave its address', () => {
    const { author } = read({ author: { id: 1, username: 'x <a@b>\n', name: '  ' } }).mergeRequest
    expect(author.email).toBe('1-x--a-b--@users.noreply.git.acme.dev')
  })

  it('the forge knows best who is a bot', () => {
    const bot = (username: string, isBot: boolean) =>
      read({ author: { id: 1, username, bot: isBot } }).mergeRequest.author.bot
    expect(bot('renovate', true)).toBe(true)
    expect(bot('project_77_bot', false)).toBe(false)
  })
})

describe('the newest commit', () => {
  it('of one that has ended may be lost, of an open one never', () => {
    expect(read({ state: 'closed', sha: null }).mergeRequest.sha).toBe('0'.repeat(40))
    expect(read({ state: 'merged', sha: undefined }).mergeRequest.sha).toBe('0'.repeat(40))
    for (const text of [null, undefined, '', 'main', `${sha}0`, 'main; rm'])
      expect(() => read({ sha: text })).toThrow(RetryLater)
  })
})

describe('how many files it changes', () => {
  it.each([
    ['5', documented.diff_refs, 5],
    ['1000', documented.diff_refs, 1000],
    ['1000+', documented.diff_refs, 'many'],
    ['1000+', null, 'many'],
    [null, documented.diff_refs, 0],
    [null, null, 'not yet'],
    ['', null, 'not yet'],
    [null, { head_sha: 'a'.repeat(40) }, 'not yet'],
    ['five', null, 'not yet'],
  ])('%j, diff %j: %s', (changes_count, diff_refs, expected) => {
    expect(read({ changes_count, diff_refs }).changedFiles).toBe(expected)
  })
})

describe('changed files', () => {
  it.each([
    [
      { new_path: 'b.ts', old_path: 'a.ts', renamed_file: true },
      { path: 'b.ts', formerPath: 'a.ts' },
    ],
    [
      { new_path: 'a.ts', old_path: 'a.ts', renamed_file: false },
      { path: 'a.ts', formerPath: null },
    ],
    [
      { new_path: 'a.ts', old_path: 'a.ts', new_file: true },
      { path: 'a.ts', formerPath: null },
    ],
    [
      { new_path: 'a.ts', old_path: 'a.ts', deleted_file: true },
      { path: 'a.ts', formerPath: 'a.ts' },
    ],
  ])('%j', (diff, expected) => {
    expect(changedFileOf(GitlabDiff.parse(diff))).toEqual(expected)
  })
})

describe('comments', () => {
  const note = { id: 301, body: 'Comment for MR', author: { id: 1, username: 'mayfly-bot' }, system: false }

  it.each([
    [note, { id: 301, author: 'mayfly-bot', body: 'Comment for MR' }],
    [
      { ...note, system: true },
      { id: 301, author: null, body: 'Comment for MR' },
    ],
    [
      { ...note, author: null, body: null },
      { id: 301, author: null, body: '' },
    ],
  ])('%j', (given, expected) => {
    expect(commentOf(GitlabNote.parse(given))).toEqual(expected)
  })
})

describe('commit statuses', () => {
  it.each([
    ['created', 'pending'],
    ['pending', 'pending'],
    ['running', 'pending'],
    ['success', 'success'],
    ['failed', 'failure'],
    ['canceled', 'canceled'],
    ['skipped', 'skipped'],
    ['waiting_for_resource', 'waiting_for_resource'],
  ])('%s is %s', (status, state) => {
    const given = { id: 93, name: 'mayfly/shop', status, description: null, target_url: null }
    expect(postedStatusOf(GitlabStatus.parse(given))).toEqual({
      id: 93,
      context: 'mayfly/shop',
      state,
      description: '',
      targetUrl: '',
    })
  })
})

describe('projects', () => {
  it.each(['acme/shop', 'acme/web/frontend/shop', '15513260', 'a.b/c_d-e', 'acme/...shop'])('%s', (name) => {
    expect(projectPath(name)).toEqual(['projects', name])
  })

  it.each([
    '',
    'shop',
    '/shop',
    'acme/',
    'acme//shop',
    'acme/../shop',
    '..',
    'acme/.',
    '0',
    'a b/c',
    'acme/shop?x',
  ])('%j is none', (name) => {
    expect(() => projectPath(name)).toThrow(Stalled)
    expect(() => projectPath(name)).toThrow('write it as group/project')
  })

  it('no address is taken from an answer', () => {
    const project = {
      id: 7,
      path_with_namespace: 'acme/web/shop',
      http_url_to_repo: 'https://evil.example/x.git',
    }
    expect(repositoryOf(GitlabProject.parse(project), url).cloneUrl).toBe(`${url}/acme/web/shop.git`)
    const moved = { ...documented, web_url: 'https://evil.example/' }
    expect(mergeRequestOf(GitlabMergeRequest.parse(moved), url).url).toBe(documented.web_url)
  })
})
