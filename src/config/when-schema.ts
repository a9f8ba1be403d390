import { z } from 'zod'
import { flag, list, text } from './scalars.ts'

function labels(what: string) {
  return list(text('the name of a label'), 'a list of labels').default([]).describe(what)
}

/** Which merge requests an application is for. */
export const whenSchema = z
  .strictObject({
    labels: z
      .strictObject({
        any: labels('At least one of these. Empty: no demand.'),
        all: labels('Every one of these.'),
        none: labels('Not one of these.'),
      })
      .prefault({})
      .describe('Labels of the merge request; `*` in one stands for anything.'),
    targetBranches: list(text('a glob of branches'), 'a list of globs')
      .default([])
      .describe(
        'Globs of target branches: `*` within a segment, `**` across, `?` one character, `{a,b}` one of these. Empty: every branch.',
      ),
    paths: list(text('a glob of changed files'), 'a list of globs')
      .default([])
      .meta({ examples: [['web/**', 'package.json']] })
      .describe(
        'Globs of the files it changes, from the root of the repository: `*` within a segment, `**` across, `?` one character, `{a,b}` one of these, all else as it stands. One match is enough; a renamed file counts under both names. Empty: every change.',
      ),
    branches: list(text('a glob of branches'), 'a list of globs')
      .default([])
      .describe('Globs of source branches. Empty: every branch.'),
    titles: list(text('a glob of titles'), 'a list of globs')
      .default([])
      .meta({ examples: [['*[preview]*']] })
      .describe('Globs of titles, where `*` stands for anything. Empty: every title.'),
    drafts: flag().default(true).describe('Whether drafts get a preview too.'),
    bots: flag().default(true).describe('Whether merge requests that a bot wrote get a preview too.'),
    forks: z
      .enum(['never', 'approved'])
      .meta({ errorMessage: 'expected `never` or `approved`' })
      .default('never')
      .describe(
        'Whether merge requests from forks get one: never, or each commit once somebody who may write says `/preview approve <commit>`.',
      ),
    authors: z
      .union([z.literal('any'), z.strictObject({ permission: z.literal('write') })])
      .meta({ errorMessage: 'expected `any` or `{ permission: write }`' })
      .default('any')
      .describe(
        'Whose merge requests get one by themselves. `{ permission: write }`: of those who may write to the repository; the commits of all others need an approval.',
      ),
    allow: list(text('a login'), 'a list of logins')
      .default([])
      .describe('Authors who need no approval, whatever they may.'),
    deny: list(text('a login'), 'a list of logins')
      .default([])
      .describe('Authors whose merge requests never get one.'),
  })
  .prefault({})
  .describe('Which open merge requests get a preview.')
