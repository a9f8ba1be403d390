import { forgeKindNames } from '../../src/forge/kinds.ts'
import { expect, it } from 'vitest'
import { errorOf } from './given.ts'

const twelveMistakes = `server: { port: 99999 }
queue: { redis: \${REDIS_URL} }
forges:
  - name: github
    kind: githib
    url: https://github.com
    token: abc
    webhookSecret: tooshort
environmentRepository:
  url: https://me:secret@github.com/acme/environments.git
  directory: ../apps
  templtes: templates
sweep: { every: 10 }
applications:
  - name: Shop
    forge: github
    repository: acme/shop
    template: /preview.yaml.hbs
  - name: web
    forge: gitlub
    repository: acme
    template: preview.yaml.hbs
    url: https://{{nmae}}.preview.acme.dev
`

const report = `mayfly.yaml has 12 problems:
  mayfly.yaml:1: server.port: expected a whole number from 0 to 65535, found a whole number 99999; left out it is \`8080\`
  mayfly.yaml:2: queue.redis: the environment variable \`REDIS_URL\` is not set; set it, or write \`$\${REDIS_URL}\` when the text itself is meant
  mayfly.yaml:5: forges[0].kind: expected one of ${forgeKindNames.map((kind) => `\`${kind}\``).join(', ')}, found text \`githib\`; did you mean \`github\`?
  mayfly.yaml:8: forges[0].webhookSecret: expected a secret of at least 16 characters, or a list of such while rotating, found text of 8 characters; a webhook without a secret would let anybody speak for the forge
  mayfly.yaml:10: environmentRepository.url: the URL holds credentials; take them out and use \`environmentRepository.token\`
  mayfly.yaml:11: environmentRepository.directory: \`../apps\` cannot be used: it holds \`.\` or \`..\`; write a directory of the branch, for example \`apps\` or \`clusters/dev/apps\`
  mayfly.yaml:12: environmentRepository.templtes: unknown key; did you mean \`templates\`?
  mayfly.yaml:13: sweep.every: expected a duration, found a whole number 10; write a number and one of ms, s, m, h, d: for example \`30s\`, \`10m\`, \`72h\`, \`7d\`
  mayfly.yaml:15: applications[0].name: expected small letters and digits in words joined by single dashes, no word beginning with a digit, found text \`Shop\`; for example \`shop\` or \`web-shop\`
  mayfly.yaml:18: applications[0].template: \`/preview.yaml.hbs\` cannot be used: it begins with a slash; write a file of the templates directory, for example \`preview.yaml.hbs\`
  mayfly.yaml:20: applications[1].forge: there is no forge \`gitlub\`; did you mean \`github\`?
  mayfly.yaml:21: applications[1].repository: \`acme\` is no repository: the owner is missing; write \`owner/name\``

it('a file with twelve mistakes is told of twelve, in order of line', () => {
  const error = errorOf(twelveMistakes.replace('nmae', 'name'))
  expect(error.message).toBe(report)
  expect(error.problems).toHaveLength(12)
})

it('a thirteenth does not hide behind the others', () => {
  expect(errorOf(twelveMistakes).problems.at(-1)).toEqual({
    path: 'applications[1].url',
    message: 'there is no variable `{{nmae}}`',
    hint: 'did you mean `{{name}}`?',
    line: 23,
  })
})
