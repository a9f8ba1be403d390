import { z } from 'zod'
import { applicationSchema, defaultsSchema } from './application-schema.ts'
import { environmentRepositorySchema } from './environment-repository-schema.ts'
import { forgeSchema } from './forge-schema.ts'
import { limitsSchema } from './limits-schema.ts'
import { policySchema } from './policy-schema.ts'
import { registrySchema } from './registry-schema.ts'
import { duration, flag, list, onOff, secretText, size, text, wholeNumber } from './scalars.ts'

const example = 'mayfly.example.yaml shows one'

const server = z
  .strictObject({
    port: wholeNumber(0, 65_535)
      .default(8080)
      .describe('Port of webhooks, health, metrics and API. 0: any free one.'),
    host: text('an address').default('0.0.0.0').describe('Address to listen on.'),
    publicUrl: text('a URL')
      .meta({ examples: ['https://mayfly.acme.dev'] })
      .optional()
      .describe('Where people and forges reach Mayfly.'),
    maxBody: size().default('4MiB').describe('Largest body of a webhook, inclusive.'),
    metricsPort: wholeNumber(0, 65_535)
      .optional()
      .describe('A port of its own for `/metrics`. Left out: `port`.'),
  })
  .prefault({})
  .describe('The HTTP server.')

const queue = z
  .strictObject({
    redis: secretText()
      .meta({ examples: ['${REDIS_URL}'] })
      .optional()
      .describe('`redis://` or `rediss://` URL. Left out: the queue is in this process, for one replica.'),
    prefix: text('letters, digits, `-` and `_`', 'for example `mayfly`', /^[A-Za-z0-9_-]+$/)
      .default('mayfly')
      .describe('First part of every key in Redis.'),
    concurrency: wholeNumber(1, 1000)
      .default(256)
      .describe('Merge requests looked at at once, in this process; most of that time they wait for a push.'),
  })
  .prefault({})
  .describe('Where the keys of merge requests wait to be looked at.')

const agent = z
  .strictObject({
    kind: z.enum(['argocd', 'flux', 'none']).describe('Which agent applies the environment repository.'),
    namespace: text('a namespace')
      .optional()
      .describe('Where the agent’s objects stand. Left out: `argocd` or `flux-system`.'),
    rootApplication: text('the name of an object')
      .default('previews')
      .describe('The Application or Kustomization that applies `environmentRepository.directory`.'),
    kubeconfig: text('a path, or `in-cluster`')
      .default('in-cluster')
      .describe('Path of a kubeconfig, or `in-cluster`.'),
    context: text('the name of a context')
      .optional()
      .describe('Context of the kubeconfig, which chooses the cluster. Left out: its current one.'),
  })
  .prefault({ kind: 'none' })
  .describe(
    'The GitOps agent, watched for the truth about previews. Left out: none; readiness is then not known.',
  )

const report = z
  .strictObject({
    comment: z
      .union([z.enum(['on', 'failures-only', 'off']), z.boolean()])
      .meta({ errorMessage: 'expected `on`, `failures-only` or `off`' })
      .default('on')
      .describe('The comment on the merge request.'),
    status: onOff().default('on').describe('The commit status `mayfly/<application>`.'),
    details: z
      .enum(['full', 'brief'])
      .meta({ errorMessage: 'expected `full` or `brief`' })
      .optional()
      .describe(
        'Whether comments and statuses quote the environment repository: its address, and what its server says. Left out: `brief` where the source repository is public or its forge does not say, else `full`. The log and the API have the full text.',
      ),
    deployments: onOff().default('off').describe('Deployment records of the forge. Only `off` for now.'),
  })
  .prefault({})
  .describe('What people see on their merge request.')

const names = z
  .strictObject({
    namespacePrefix: z
      .string()
      .regex(/^([a-z0-9][a-z0-9-]*)?$/)
      .meta({
        errorMessage: 'expected small letters, digits and dashes, or nothing',
        hint: 'for example `preview-`',
      })
      .default('preview-')
      .describe('Put before a preview’s name to give its namespace.'),
    budget: wholeNumber(20, 63)
      .default(53)
      .describe('Most characters of a name and of a namespace. 53 is Helm’s limit.'),
  })
  .prefault({})
  .describe('How names are built: `<application>-<number>-<branch>`.')

const commands = z
  .strictObject({
    prefix: text('a slash and a word', 'for example `/preview`', /^\/[a-z][a-z0-9-]*$/)
      .default('/preview')
      .describe('What a comment begins with that is meant for Mayfly.'),
    allow: list(text('a login'), 'a list of logins')
      .default([])
      .describe(
        'Logins that count as writers, where the forge does not tell Mayfly who may write: a Gitea whose bot is no administrator.',
      ),
  })
  .optional()
  .describe(
    'Commands in comments on a merge request. Left out: none are read, unless an application needs approvals (`when.forks: approved`, `when.authors`); `commands: {}` has them read.',
  )

/** `mayfly.yaml` as it is written. The order is the order of the documentation. */
export const configSchema = z
  .strictObject({
    instance: text(
      'letters and digits, joined by `.`, `-` or `_`',
      'for example `default`',
      /^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/,
    )
      .default('default')
      .describe('Tells two installations on one repository apart; part of the comment’s marker.'),
    server,
    queue,
    forges: z
      .array(forgeSchema)
      .min(1)
      .meta({ errorMessage: 'expected a list of at least one forge', hint: example })
      .describe('Where merge requests are.'),
    environmentRepository: environmentRepositorySchema,
    agent,
    sweep: z
      .strictObject({
        every: duration().default('10m').describe('Time between two full looks at everything; at most 24d.'),
      })
      .prefault({})
      .describe('The periodic full look, which finds what no webhook told.'),
    report,
    names,
    policy: policySchema,
    limits: limitsSchema,
    removalsWhilePaused: flag()
      .default(false)
      .describe('Whether previews of ended merge requests go even while `mayfly.pause` is on the branch.'),
    commands,
    registries: z
      .array(registrySchema)
      .default([])
      .describe('Registries that do not tell everybody whether an image is there.'),
    dockerConfig: text('a path')
      .optional()
      .meta({ examples: ['/etc/mayfly/docker/config.json'] })
      .describe('A mounted `config.json` of Docker with credentials for registries.'),
    defaults: defaultsSchema,
    applications: z
      .array(applicationSchema)
      .min(1)
      .meta({ errorMessage: 'expected a list of at least one application', hint: example })
      .describe('What gets previews.'),
  })
  .describe('Configuration of Mayfly (mayfly.yaml).')

/** The configuration as somebody writes it. */
export type ConfigInput = z.input<typeof configSchema>
/** The same with the defaults filled in. */
export type ConfigDocument = z.output<typeof configSchema>
