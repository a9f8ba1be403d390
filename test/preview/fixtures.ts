import type { Application, When } from '../../src/preview/application.ts'
import { commitSha } from '../../src/preview/brand.ts'
import type { MergeRequest } from '../../src/preview/merge-request.ts'

export const shaA = commitSha('a1b2c3d4e5f60718293a4b5c6d7e8f9012345678')
export const shaB = commitSha('d4e5f6a7b8c90718293a4b5c6d7e8f9012345678')

/** What `when` is when nothing is said. */
export const everyone: When = {
  labels: { any: [], all: [], none: [] },
  targetBranches: [],
  paths: [],
  drafts: true,
  bots: true,
  branches: [],
  titles: [],
  forks: 'never',
  authors: 'any',
  allow: [],
  deny: [],
}

export function anApplication(change: Partial<Application> = {}): Application {
  return {
    name: 'shop',
    forge: 'gitea',
    repository: 'acme/shop',
    repositoryId: null,
    template: 'preview.yaml.hbs',
    templateUntrusted: null,
    url: 'https://{{name}}.preview.acme.dev',
    image: null,
    values: {},
    shownValues: change.values ?? {},
    when: everyone,
    gate: null,
    probe: null,
    ...change,
  }
}

export function aMergeRequest(change: Partial<MergeRequest> = {}): MergeRequest {
  return {
    number: 142,
    state: 'open',
    openedAt: new Date('2026-11-21T10:00:00Z'),
    title: 'Cart',
    author: { login: 'dev', name: 'Dev', email: 'dev@noreply.acme.dev', bot: false },
    branch: 'cart',
    targetBranch: 'main',
    sha: shaA,
    labels: [],
    labelsIgnoreCase: false,
    draft: false,
    fork: false,
    url: 'https://git.acme.dev/acme/shop/pulls/142',
    repository: { id: '7', fullName: 'acme/shop', cloneUrl: 'https://git.acme.dev/acme/shop.git' },
    ...change,
  }
}
