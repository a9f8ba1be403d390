import { z } from 'zod'
import { duration, flag, list, statusRange, text } from './scalars.ts'

function labels(what: string) {
  return list(text('the name of a label'), 'a list of labels').default([]).describe(what)
}

const when = z
  .strictObject({
    labels: z
      .strictObject({
        any: labels('At least one of these. Empty: no demand.'),
        all: labels('Every one of these.'),
        none: labels('Not one of these.'),
      })
      .prefault({})
      .describe('Labels of the merge request.'),
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
    drafts: flag().default(true).describe('Whether drafts get a preview too.'),
    bots: flag().default(true).describe('Whether merge requests that a bot wrote get a preview too.'),
  })
  .prefault({})
  .describe('Which open merge requests get a preview. Those from forks never do.')

const probe = z
  .strictObject({
    path: text('a path')
      .default('/')
      .meta({ examples: ['/healthz'] })
      .describe('Put behind the path of `url`; begins with a slash.'),
    status: statusRange()
      .default([200, 399])
      .describe('The least and the greatest status that count as an answer. No redirect is followed.'),
    timeout: duration().default('5s').describe('Longest wait for one answer; at most 30s.'),
  })
  .optional()
  .describe(
    'What `url` must answer before a preview is called ready, beside what the agent says. Left out: nothing is asked. Never asked are loopback, link-local and metadata addresses.',
  )

/** An application: a source repository and its template. */
export const applicationSchema = z
  .strictObject({
    name: text(
      'small letters and digits in words joined by single dashes, no word beginning with a digit',
      'for example `shop` or `web-shop`',
      /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/,
    )
      .meta({ examples: ['shop'] })
      .describe('First part of the names of its previews: `<name>-<number>-<branch>`. Unique.'),
    forge: text('the name of a forge')
      .meta({ examples: ['github'] })
      .describe('Name of one of `forges`.'),
    repository: z
      .union([z.string().min(1), z.int().positive()])
      .meta({ errorMessage: 'expected a repository', hint: 'write `owner/name`', examples: ['acme/shop'] })
      .describe(
        '`owner/name`; on GitLab with subgroups, or the number of the project. Several applications may share one.',
      ),
    repositoryId: z
      .union([z.string().regex(/^[1-9][0-9]*$/), z.int().positive()])
      .meta({ errorMessage: 'expected the number of a repository', examples: [1001] })
      .optional()
      .describe(
        'The number that the forge gives to the repository. Left out: the one in the manifests on the branch counts. Only needed when a human decides that previews follow another repository of that name.',
      ),
    template: text('the name of a file')
      .meta({ examples: ['preview.yaml.hbs'] })
      .describe('File of the templates directory of the environment branch.'),
    url: text('a URL template')
      .meta({ examples: ['https://{{name}}.preview.acme.dev'] })
      .optional()
      .describe('Where a preview can be opened. Variables in `{{ }}`.'),
    image: text('an image template')
      .meta({ examples: ['registry.acme.dev/shop:{{sha}}'] })
      .optional()
      .describe('What `{{image}}` gives in templates. Variables in `{{ }}`.'),
    values: z
      .record(z.string(), z.unknown())
      .meta({ errorMessage: 'expected a mapping of values of your own', examples: [{ project: 'previews' }] })
      .default({})
      .describe('Your own values for templates: `{{values.project}}`.'),
    when,
    probe,
  })
  .describe('A source repository whose merge requests get previews.')
