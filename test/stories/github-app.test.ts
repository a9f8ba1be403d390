import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  mergeRequestByNumber,
  repositoryNamed,
  type SandboxMergeRequest,
} from '../../src/sandbox/forge/state.ts'
import { eventually } from '../support/eventually.ts'
import { userCalled } from '../support/forge-harness.ts'
import { type GithubAppWorld, startGithubAppWorld } from '../support/github-app-world.ts'

const repository = 'acme/shop'
const bot = 'acme-previews[bot]'

describe('a GitHub App, for the API and for git', () => {
  let world: GithubAppWorld

  beforeEach(async () => {
    world = await startGithubAppWorld()
  })

  afterEach(() => world.close())

  function open(branch: string): number {
    const author = userCalled(world.sandbox, 'dev')
    return world.sandbox.actions.openMergeRequest(repository, { branch, author }).number
  }

  function pull(number: number): SandboxMergeRequest {
    return mergeRequestByNumber(repositoryNamed(world.sandbox.state, repository), number)
  }

  const pulls = () => repositoryNamed(world.sandbox.state, repository).mergeRequests

  async function stands(path: string, sha: string): Promise<void> {
    await eventually(async () => {
      expect(await world.branch.file(path)).toContain(sha)
    })
    await eventually(() => {
      const [comment, ...more] = pull(1).comments
      expect(more).toEqual([])
      expect(comment).toMatchObject({ author: { login: bot } })
      expect(comment?.body).toContain(sha.slice(0, 7))
      const { statuses } = repositoryNamed(world.sandbox.state, repository)
      expect(statuses.filter((status) => status.sha === sha)).toMatchObject([{ context: 'mayfly/shop' }])
    })
  }

  const minted = () => world.asked.filter((line) => line.endsWith('/access_tokens')).length
  const refused = (by: 'git' | 'api') => world.shown.filter((one) => one.by === by && !one.taken)

  it('writes the manifest, the comment under its own name, and the status, by one token for all', async () => {
    open('cart')
    await stands('apps/shop-1-cart.yml', pull(1).commits[0] ?? '')
    expect(minted()).toBe(1)
    expect(new Set(world.shown.map(({ token }) => token)).size).toBe(1)
    expect(new Set(world.shown.map(({ by }) => by))).toEqual(new Set(['git', 'api']))
    expect(world.shown.filter(({ taken }) => !taken)).toEqual([])
    world.sandbox.actions.setState(repository, 1, 'merged')
    await eventually(async () => {
      expect(await world.branch.files()).toEqual([])
      expect(pull(1).comments[0]?.body).toContain('Removed')
    })
  })

  it('goes on with a new token, minted once, when all of before end at once', async () => {
    open('cart')
    await stands('apps/shop-1-cart.yml', pull(1).commits[0] ?? '')
    world.dialect.expireTokens()
    const sha = world.sandbox.actions.push(repository, 1)
    await stands('apps/shop-1-cart.yml', sha)
    expect(minted()).toBe(2)
    expect(refused('api').length + refused('git').length).toBeGreaterThan(0)
  })

  it('mints one token for all whose token is refused at the same time', async () => {
    for (const branch of ['cart', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) open(branch)
    await stands('apps/shop-1-cart.yml', pull(1).commits[0] ?? '')
    await eventually(async () => {
      expect(await world.branch.files()).toHaveLength(8)
      for (const { comments } of pulls()) expect(comments).toHaveLength(1)
    })
    world.dialect.expireTokens()
    const heads = pulls().map(({ number }) => world.sandbox.actions.push(repository, number))
    await eventually(() => {
      for (const [index, { comments }] of pulls().entries())
        expect(comments[0]?.body).toContain(heads[index]?.slice(0, 7))
    })
    expect(minted()).toBe(2)
  })

  it('law 10: shows neither token nor key in the log or on the branch', async () => {
    open('cart')
    await stands('apps/shop-1-cart.yml', pull(1).commits[0] ?? '')
    world.dialect.expireTokens()
    await stands('apps/shop-1-cart.yml', world.sandbox.actions.push(repository, 1))
    const objects = await world.branch.git('cat-file', '--batch-all-objects', '--batch', '--buffer')
    const comments = pull(1).comments.map(({ body }) => body)
    const key = world.privateKey.split('\n')[1] ?? 'none'
    for (const sink of [world.log.text(), objects, comments.join('\n')]) {
      expect(sink).not.toContain('ghs_')
      expect(sink).not.toContain('x-access-token')
      expect(sink).not.toContain(key)
    }
  })
})
