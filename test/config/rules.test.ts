import { describe, expect, it } from 'vitest'
import type { Path } from '../../src/config/path.ts'
import { fileWith, load, problemsIn } from './given.ts'

type Case = readonly [path: Path, value: unknown, message: string, hint: string, at?: string]

const secret = 'sixteen-or-more-characters'
const forge = { name: 'github', kind: 'github', url: 'https://github.com', webhookSecret: secret }
const app = { id: 1, privateKey: 'k' }
const actions = 'https://token.actions.githubusercontent.com'
const ofActions = { issuer: actions, audience: 'mayfly', forge: 'github' }
const shop = { name: 'shop', forge: 'github', repository: 'acme/shop', template: 'x.hbs' }

function probed(probe: object): object {
  return { ...shop, url: 'https://{{name}}.acme.dev', probe }
}

const refused: readonly Case[] = [
  [['server', 'prot'], 1, 'unknown key', 'did you mean `port`?'],
  [['server', 'zzz'], 1, 'unknown key', 'known here: port, host'],
  [['server'], 'text', 'expected a mapping of settings, found text `text`', 'HTTP server'],
  [['server', 'port'], 65_536, 'expected a whole number from 0 to 65535, found a whole number 65536', '8080'],
  [['server', 'port'], 1.5, 'found a number 1.5', '8080'],
  [['server', 'publicUrl'], 'mayfly.acme.dev', 'is no http(s) URL', '`https://`'],
  [['server', 'maxBody'], '1mb', 'expected a size', '`1MiB`'],
  ...(
    [
      [{ tokens: ['fifteen-chars-x'] }, 'at least 16 characters', 'openssl', 'tokens[0]'],
      [{ tokens: [`${secret}\n`] }, 'that a header can carry', 'line break', 'tokens[0]'],
      [{ tokens: secret }, 'expected a list of secrets', '- ', 'tokens'],
      [{ oidc: [{ ...ofActions, issuer: 'gitlab.com' }] }, 'is no http(s) URL', 'https://', 'oidc[0].issuer'],
      [
        { oidc: [{ ...ofActions, issuer: 'http://lab.acme.dev' }] },
        'plain http',
        'https://',
        'oidc[0].issuer',
      ],
      [{ oidc: [{ ...ofActions, issuer: 'https://a:b@x.dev' }] }, 'holds credentials', '', 'oidc[0].issuer'],
      [{ oidc: [{ ...ofActions, audience: '' }] }, 'expected a word', '', 'oidc[0].audience'],
      [{ oidc: [{ ...ofActions, forge: 'githib' }] }, 'no forge `githib`', '`github`', 'oidc[0].forge'],
      [{ oidc: [ofActions, { ...ofActions, issuer: `${actions}/` }] }, 'already', 'one audience', 'oidc[1]'],
      [{ oidc: [{ ...ofActions, subject: 'x' }] }, 'unknown key', 'issuer', 'oidc[0].subject'],
    ] as const
  ).map(([auth, message, hint, at]): Case => [['server', 'auth'], auth, message, hint, `server.auth.${at}`]),
  [['queue', 'redis'], 'http://redis', 'is no URL of a Redis', 'rediss://'],
  [['queue', 'concurrency'], 0, 'expected a whole number from 1', '256'],
  [['forges'], [], 'expected a list of at least one forge', 'mayfly.example.yaml'],
  [['forges', 0, 'name'], 'Git_Hub', 'expected small letters, digits and dashes', 'webhook'],
  [['forges', 0, 'name'], '../x', 'expected small letters, digits and dashes', 'webhook'],
  [['forges', 1, 'name'], 'github', 'another forge is called `github` too', 'its own'],
  [['forges', 0, 'kind'], 'githib', 'expected one of `github`', 'did you mean `github`?'],
  [['forges', 0, 'url'], 'ssh://github.com', 'is no http(s) URL', '`https://`'],
  [['forges', 0, 'url'], 'https://a:b@github.com', 'the URL holds credentials', '`token`'],
  [['forges', 0, 'api'], 'https://api.github.com/?x=1', 'ends in a query', 'take out'],
  [['forges', 0, 'token'], undefined, 'has no `token`', 'app', 'forges[0]'],
  [['forges', 0, 'token'], '', 'expected a secret, found an empty text', '${NAME}'],
  [['forges', 0, 'token'], 'abc\n', 'begins or ends with white space', 'line break'],
  [['forges', 0], { ...forge, token: 't', app }, 'has a `token` and an `app`', 'keep the one', 'forges[0]'],
  [
    ['forges', 1],
    { ...forge, kind: 'gitea', name: 'tea', app },
    'only GitHub has apps',
    'token',
    'forges[1].app',
  ],
  [['forges', 0, 'webhookSecret'], undefined, 'is missing', 'let anybody speak'],
  [['forges', 0, 'webhookSecret'], 'fifteen-chars-x', 'at least 16 characters', 'anybody'],
  [['forges', 0, 'webhookSecret'], [], 'at least 16 characters', 'anybody'],
  [['forges', 0, 'webhookSecret'], false, 'at least 16 characters', 'anybody'],
  [
    ['forges', 0, 'webhookSecret'],
    [secret, 'short'],
    'text of 5 characters',
    'openssl',
    'forges[0].webhookSecret[1]',
  ],
  [
    ['forges', 0, 'webhookSecret'],
    [`${secret}\n`],
    'white space',
    'line break',
    'forges[0].webhookSecret[0]',
  ],
  [
    ['applications', 0],
    probed({ path: 'healthz' }),
    'is no path of a URL',
    '/healthz',
    'applications[0].probe.path',
  ],
  [
    ['applications', 0],
    probed({ path: '/{{name}}' }),
    'is no path of a URL',
    '/healthz',
    'applications[0].probe.path',
  ],
  [
    ['applications', 0],
    probed({ path: '/x?y' }),
    'is no path of a URL',
    '/healthz',
    'applications[0].probe.path',
  ],
  [
    ['applications', 0],
    probed({ status: 200 }),
    'expected two statuses of HTTP',
    '[200, 399]',
    'applications[0].probe.status',
  ],
  [
    ['applications', 0],
    probed({ status: [200] }),
    'expected two statuses of HTTP',
    '[200, 399]',
    'applications[0].probe.status',
  ],
  [
    ['applications', 0],
    probed({ status: [399, 200] }),
    'the least status is above the greatest',
    '[200, 399]',
    'applications[0].probe.status',
  ],
  [
    ['applications', 0],
    probed({ status: [99, 200] }),
    'expected a whole number from 100 to 599',
    '',
    'applications[0].probe.status[0]',
  ],
  [
    ['applications', 0],
    probed({ timeout: '1m' }),
    'is longer than 30 s',
    '5s',
    'applications[0].probe.timeout',
  ],
  [
    ['applications', 0],
    probed({ timeout: '0s' }),
    'no answer can come within no time',
    '5s',
    'applications[0].probe.timeout',
  ],
  [['applications', 0], probed({ follow: true }), 'unknown key', 'path', 'applications[0].probe.follow'],
  [['environmentRepository', 'layout'], 'folders', 'expected one of `files`, `directories`', ''],
  [['applications', 0, 'probe'], {}, 'has no address to ask', 'url'],
  [['environmentRepository', 'url'], undefined, 'is missing', 'https://github.com/acme/environments.git'],
  [
    ['environmentRepository', 'url'],
    'https://x@github.com/a/b',
    'holds credentials',
    'environmentRepository.token',
  ],
  [
    ['environmentRepository', 'url'],
    'ssh://git:pw@github.com/a/b',
    'holds credentials',
    'environmentRepository.token',
  ],
  [['environmentRepository', 'url'], '/srv/e.git', 'is no URL of a Git repository', 'file:///'],
  [['environmentRepository', 'url'], 'ext::sh -c x', 'is no URL of a Git repository', 'ssh'],
  [['environmentRepository', 'url'], '--upload-pack=x', 'is no URL of a Git repository', 'ssh'],
  [['environmentRepository', 'url'], 'ssh://-oProxyCommand=x/y', 'is no URL of a Git repository', 'ssh'],
  [['environmentRepository', 'url'], 'git@-oProxyCommand=x:y', 'is no URL of a Git repository', 'ssh'],
  ...[
    '-x',
    'a..b',
    'a b',
    'refs/heads/x',
    'HEAD',
    '/a',
    'a/',
    'a.lock',
    '.a',
    'a//b',
    'a@{1}',
    'a~1',
    'a:b',
    'a*',
    'a\\b',
    'a.',
  ].map(
    (branch): Case => [['environmentRepository', 'branch'], branch, 'is no name of a branch', 'dynamic-envs'],
  ),
  ...['../x', 'a/../b', '/apps', '.', 'a//b', '.git', 'x/.GIT/y', 'a b', 'a\\b', '-x', '/', 'a*'].flatMap(
    (path): readonly Case[] => [
      [['environmentRepository', 'directory'], path, 'cannot be used', 'a directory of the branch'],
      [['applications', 0, 'template'], path, 'cannot be used', 'preview.yaml.hbs'],
    ],
  ),
  [['environmentRepository', 'templates'], 'apps', 'stand in one another', 'beside it'],
  [['environmentRepository', 'templates'], 'apps/templates/', 'stand in one another', 'beside it'],
  [['environmentRepository', 'committer'], 'Mayfly', 'expected `Name <email>`', 'Mayfly <mayfly@localhost>'],
  [
    ['environmentRepository', 'committer'],
    'A\nB <a@b>',
    'expected `Name <email>`',
    'Mayfly <mayfly@localhost>',
  ],
  [['agent', 'kind'], 'argo', 'expected one of `argocd`', 'did you mean `argocd`?'],
  [['agent'], { namespace: 'x' }, 'is missing', 'agent', 'agent.kind'],
  [
    ['agent'],
    { kind: 'argocd', context: 'previews' },
    '`agent.kubeconfig` names none',
    'leave it out',
    'agent.context',
  ],
  [['sweep', 'every'], 10, 'expected a duration, found a whole number 10', '`10m`'],
  [['sweep', 'every'], '0s', 'without a pause', '`10m`'],
  [['sweep', 'every'], '25d', 'is longer than 24 days', '`10m`'],
  [['report', 'comment'], 'sometimes', 'expected `on`, `failures-only` or `off`', 'on'],
  [['report', 'deployments'], 'on', 'not there yet', 'leave it out'],
  [['names', 'namespacePrefix'], 'Preview_', 'expected small letters', 'preview-'],
  [['names', 'namespacePrefix'], '-x', 'expected small letters', 'preview-'],
  [['names', 'namespacePrefix'], 'kube-', 'begin with `kube-`', 'Kubernetes'],
  [['names', 'budget'], 19, 'expected a whole number from 20 to 63', '53'],
  [['names', 'budget'], 64, 'expected a whole number from 20 to 63', '53'],
  [
    ['policy', 'kinds'],
    ['ConfigMap', 'Secret'],
    '`Secret` is never allowed',
    'ExternalSecret',
    'policy.kinds[1]',
  ],
  [
    ['policy', 'projects'],
    ['default'],
    'the project `default` is never allowed',
    'project',
    'policy.projects[0]',
  ],
  [['applications'], [], 'expected a list of at least one application', 'mayfly.example.yaml'],
  ...['Shop', '1shop', 'shop-', '-shop', 'shop--web', 'shop-1', 'shop_web', 'sh.op', ''].map(
    (name): Case => [
      ['applications', 0, 'name'],
      name,
      'expected small letters and digits in words',
      '`shop`',
    ],
  ),
  [['applications', 0, 'name'], 'a'.repeat(39), 'leaves no room for a number', 'at most 38 characters'],
  [['applications', 1], shop, 'another application is called `shop` too', 'its own', 'applications[1].name'],
  [['applications', 0, 'forge'], 'githib', 'there is no forge `githib`', 'did you mean `github`?'],
  [['applications', 0, 'forge'], 'bitbucket', 'there is no forge `bitbucket`', 'there is: `github`, `lab`'],
  ...[
    'shop',
    'acme/',
    '/shop',
    'acme/shop.git',
    'https://github.com/acme/shop',
    'a/b/c',
    '../shop',
    'acme/sh op',
    12,
  ].map(
    (repository): Case => [['applications', 0, 'repository'], repository, 'is no repository', '`owner/name`'],
  ),
  [
    ['applications', 1],
    { ...shop, name: 'web', repository: 'Acme/Shop' },
    'in another spelling',
    'alike',
    'applications[1].repository',
  ],
  [['applications', 0, 'url'], '{{name}}.acme.dev', 'gives no http(s) URL', 'https://{{name}}'],
  [['applications', 0, 'url'], 'javascript:{{name}}', 'gives no http(s) URL', 'https://{{name}}'],
  [['applications', 0, 'url'], '{{name}}://acme.dev', 'gives no http(s) URL', 'https://{{name}}'],
  [['applications', 0, 'url'], 'https://{{nmae}}.dev', 'there is no variable `{{nmae}}`', '`{{name}}`'],
  [
    ['applications', 0, 'url'],
    'https://{{values.zone}}',
    'there is no variable `{{values.zone}}`',
    'values.*',
  ],
  [['applications', 0, 'url'], 'https://{{branch}}.dev', 'is free text', '{{slug}}'],
  [['applications', 0, 'url'], 'https://{{name}.dev', 'has a brace without its partner', '{{name}}'],
  [
    ['applications', 0],
    { ...shop, url: 'https://{{values.a}}', values: { a: [] } },
    'is no text',
    'list',
    'applications[0].url',
  ],
  [
    ['applications', 0, 'url'],
    'https://{{truncat name 9}}.dev',
    'there is no helper `truncat`',
    '`truncate`',
  ],
  [['applications', 0, 'url'], 'https://{{lower branch}}.dev', 'is free text', '{{slug}}'],
  [
    ['applications', 0, 'url'],
    'https://{{truncate nmae 9}}.dev',
    'there is no variable `{{nmae}}`',
    '`{{name}}`',
  ],
  [['applications', 0, 'image'], 'shop:{{sah}}', 'there is no variable `{{sah}}`', '`{{sha}}`'],
  [['applications', 0, 'image'], 'a shop:{{sha}}', 'gives no name of an image', '{{sha}}'],
  [
    ['applications', 0, 'when'],
    { labels: { any: 'preview' } },
    'expected a list of labels, found text',
    '- ',
    'applications[0].when.labels.any',
  ],
  [
    ['applications', 0, 'when'],
    { labels: { all: ['a'], none: ['a'] } },
    'demanded by `all`',
    'no merge request',
    'applications[0].when.labels.none[0]',
  ],
  [
    ['applications', 0, 'when'],
    { targetBranches: ['refs/heads/main'] },
    'no branch can match',
    'release/*',
    'applications[0].when.targetBranches[0]',
  ],
  [
    ['applications', 0, 'when'],
    { targetBranches: ['{refs/heads/main,release/}'] },
    'no branch can match',
    'release/*',
    'applications[0].when.targetBranches[0]',
  ],
  [
    ['applications', 0, 'when'],
    { labels: { any: ['a', 'b'], none: ['b', 'a', 'c'] } },
    'every label of `any` is refused',
    'no merge request',
    'applications[0].when.labels.any',
  ],
  ...[
    ['{web,api/**', 'needs its `}`'],
    ['web}/**', 'needs its `}`'],
    ['{/web,./api}/**', 'from the root'],
    ['{a,b,c,d,e,f,g,h,i,j,k}/{a,b,c,d,e,f,g,h,i,j}', 'at most 100'],
    ['/web/**', 'from the root'],
    ['./web/**', 'from the root'],
    ['web/../api/**', 'from the root'],
    ['web//a', 'from the root'],
    ['web/', 'write `/**` at the end'],
    [String.raw`web\**`, 'write `/`'],
    ['!docs/**', 'nothing can be taken away'],
  ].map(
    ([glob, hint = '']): Case => [
      ['applications', 0, 'when'],
      { paths: ['web/**', glob] },
      'no changed file can match',
      hint,
      'applications[0].when.paths[1]',
    ],
  ),
  [
    ['applications', 0, 'when'],
    { bots: 'maybe' },
    'expected true or false',
    'true',
    'applications[0].when.bots',
  ],
  [
    ['applications', 0, 'when'],
    { drafts: 'maybe' },
    'expected true or false',
    'true',
    'applications[0].when.drafts',
  ],
]

const taken: readonly (readonly [Path, unknown])[] = [
  ...[
    'ssh://git@git.acme.dev:2222/acme/e.git',
    'git@github.com:acme/e.git',
    'file:///srv/git/e.git',
    'http://127.0.0.1:3000/a/e.git',
  ].map((url) => [['environmentRepository', 'url'], url] as const),
  [['environmentRepository', 'branch'], 'envs/dynamic@v1'],
  [['forges', 0, 'webhookSecret'], 'exactly16charact'],
  [
    ['forges', 0, 'webhookSecret'],
    [secret, `${secret}2`],
  ],
  [['applications', 0, 'name'], 'web-shop2-api'],
  [['applications', 0, 'name'], 'a'.repeat(38)],
  [['applications', 0], { ...shop, forge: 'lab', repository: 'acme/web/shop' }],
  [
    ['applications', 0],
    { ...shop, url: 'http://{{ name }}.{{values.zone.name}}:8080/', values: { zone: { name: 'dev' } } },
  ],
  [['applications', 0, 'url'], 'https://{{truncate (slug branch) 20}}-{{default name "x y"}}.dev'],
  [['applications', 0, 'url'], 'https://{{#if (eq number 1)}}one{{else}}{{name}}{{/if}}.dev'],
  [['applications', 0, 'image'], 'registry.acme.dev:5000/shop/web:{{shortSha}}'],
  [['applications', 1], { ...shop, name: 'web' }],
  [['applications', 0], probed({})],
  [['environmentRepository', 'layout'], 'directories'],
  [['applications', 0], probed({ path: '/a/b.json', status: [200, '204'], timeout: '500ms' })],
  [
    ['applications', 0, 'when'],
    { labels: { any: ['a'], none: ['b'] }, targetBranches: ['main', 'release/**'], drafts: false },
  ],
  [
    ['applications', 0, 'when'],
    { paths: ['web/**', '*.md', '**', 'app/[id]/?.tsx', '.github/**', 'a..b/c.'], bots: false },
  ],
  [['names', 'namespacePrefix'], ''],
  [['policy', 'projects'], ['previews-*']],
  [['queue', 'redis'], 'rediss://user:pw@redis:6380/2'],
  [['server', 'port'], 0],
  [['server', 'auth'], { tokens: [secret, `${secret}2`], oidc: [ofActions] }],
  [
    ['server', 'auth', 'oidc'],
    [
      { ...ofActions, issuer: `${actions}/acme` },
      { ...ofActions, forge: 'lab', issuer: 'http://127.0.0.1:1' },
    ],
  ],
  [['report', 'deployments'], 'off'],
]

describe('rules', () => {
  it.each(refused.map(named))('$path: $value is refused: $message', ({ path, value, message, hint, at }) => {
    const problems = problemsIn(fileWith(path, value))
    expect(problems).toHaveLength(1)
    expect(problems[0]?.message).toContain(message)
    expect(problems[0]?.hint).toContain(hint)
    if (at !== undefined) expect(problems[0]?.path).toBe(at)
  })

  it.each(taken)('%j: %j is taken', (path: Path, value) =>
    expect(problemsIn(fileWith(path, value))).toEqual([]),
  )

  it.each([
    [['forges', 0, 'url'], 'http://git.acme.dev', 'plain http'],
    [['server', 'publicUrl'], 'http://mayfly.acme.dev', 'plain http'],
    [['environmentRepository', 'url'], 'http://git.acme.dev/a/e.git', 'plain http'],
    [['environmentRepository'], { url: 'git@github.com:a/e.git', token: 't' }, 'is not used'],
    [['environmentRepository'], { url: 'https://github.com/a/e.git', sshKey: '/k' }, 'is not used'],
    [['applications', 0], probed({}), 'is never asked without an agent'],
    [
      ['server', 'auth', 'oidc'],
      [{ ...ofActions, issuer: 'https://githubusercontent.com' }],
      'not at the address of the forge',
    ],
  ] as const)('%j: %j is taken with a warning', (path, value, message) => {
    const { warnings } = load(fileWith(path, value))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]?.message).toContain(message)
  })

  it.each(['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:3000', 'http://git.localhost'])(
    '%s is this machine: no warning',
    (url) => expect(load(fileWith(['forges', 0, 'url'], url)).warnings).toEqual([]),
  )
})

function named([path, value, message, hint, at]: Case) {
  return { path, value, message, hint, at }
}
