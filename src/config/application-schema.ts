import { z } from 'zod'
import { duration, statusRange, text } from './scalars.ts'
import { gateSchema } from './gate-schema.ts'
import { whenSchema } from './when-schema.ts'

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

const valuesSchema = z
  .record(z.string(), z.unknown())
  .meta({ errorMessage: 'expected a mapping of values of your own', examples: [{ project: 'previews' }] })
  .describe('Your own values for templates: `{{values.project}}`.')

/** What all applications have that say nothing else of it. */
export const defaultsSchema = z
  .strictObject({
    when: whenSchema,
    gate: gateSchema.optional(),
    probe,
    values: valuesSchema.optional(),
  })
  .optional()
  .describe(
    'The same keys of an application, for all of them. What an application says itself counts, key by key; lists are not joined.',
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
    templateUntrusted: text('the name of a file')
      .optional()
      .describe(
        'The same for commits that needed an approval, for example without secrets and with a stricter network. Left out: `template`.',
      ),
    url: text('a URL template')
      .meta({ examples: ['https://{{name}}.preview.acme.dev'] })
      .optional()
      .describe('Where a preview can be opened. Variables in `{{ }}`.'),
    image: z
      .union([z.string().min(1), z.record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/), z.string().min(1))])
      .meta({
        errorMessage: 'expected an image template, or a mapping of names to such',
        examples: ['registry.acme.dev/shop:{{sha}}'],
      })
      .optional()
      .describe(
        'What `{{image}}` gives in templates; of a mapping `{{image.web}}` and so on. Variables in `{{ }}`.',
      ),
    values: valuesSchema.default({}),
    when: whenSchema,
    gate: gateSchema.optional(),
    probe,
  })
  .describe('A source repository whose merge requests get previews.')
