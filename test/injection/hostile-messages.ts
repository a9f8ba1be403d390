import { z } from 'zod'
import { publicError } from '../../src/environment-repository/git/classify-git-error.ts'
import { forgeErrorOf } from '../../src/forge/http/refusal.ts'
import { statusOf } from '../../src/preview/status-of.ts'
import { desiredState } from '../../src/preview/desired-state.ts'
import { refusal } from '../../src/render/refusal.ts'
import { renderUrl } from '../../src/render/render-url-and-image.ts'
import { render } from '../../src/render/render.ts'
import type { Variables } from '../../src/render/variables.ts'
import { anApplication, aMergeRequest, everyone } from '../preview/fixtures.ts'
import { finding } from '../report/observed-designs.ts'
import { renderRequest, someVariables } from '../support/render-request.ts'

/** Every way by which a stranger's text gets into a message of Mayfly, through the code that words it. */
export const hostileMessages: Readonly<Record<string, (text: string) => readonly string[]>> = {
  'as it is': (text) => [text],
  'inside a sentence': (text) => [`waiting for ${text} to be ready`, `${text}: is not ready`],
  'the words of the cluster': (text) =>
    [
      statusOf(finding(), { kind: 'degraded', serving: null, why: text, details: [text], since: null }),
      statusOf(finding(), { kind: 'removing', why: text, details: [], held: true, since: null }),
    ].map(({ message }) => message),
  'a label': (text) => {
    const application = anApplication({ when: { ...everyone, labels: { any: [], all: [], none: [text] } } })
    return whyAbsent(
      desiredState(application, { kind: 'found', mergeRequest: aMergeRequest({ labels: [text] }) }, null),
    )
  },
  'a label that is missing': (text) => {
    const application = anApplication({ when: { ...everyone, labels: { any: [text], all: [], none: [] } } })
    return whyAbsent(desiredState(application, { kind: 'found', mergeRequest: aMergeRequest() }, null))
  },
  'a target branch': (text) => {
    const application = anApplication({ when: { ...everyone, targetBranches: [`${text}x`] } })
    return whyAbsent(
      desiredState(
        application,
        { kind: 'found', mergeRequest: aMergeRequest({ targetBranch: 'other' }) },
        null,
      ),
    )
  },
  'a refusal of the output policy': (text) => {
    const fault = { document: 1, path: `metadata.labels.${text}`, value: text, rule: 'label' }
    return [refusal({ ...fault, advice: `is not allowed: write ${text}` }).message]
  },
  'a template with a title where none may be': (text) =>
    refusals({ kind: '{{title}}', variables: { title: text } }),
  'a template that is wrong': (text) => refusals({ kind: `{{${text}}}`, variables: {} }),
  'a label of a Kubernetes object': (text) =>
    refusals({ kind: 'Namespace\nx: {{branch}}', variables: { branch: text } }),
  'a URL with a branch in it': (text) => [
    thrown(() => renderUrl('https://{{branch}}.acme.dev', { ...someVariables, branch: `${text}/` })),
  ],
  'a URL that is none': (text) => [thrown(() => renderUrl(`${text.replaceAll('{', '')} x`, someVariables))],
  'the words of a forge': (text) =>
    [403, 422].map((status) => {
      const raw = { status, headers: new Headers(), text: JSON.stringify({ message: text }) }
      return forgeErrorOf(raw, call, { forge: 'acme-git', now: new Date(0), secret: 'secret' })?.message ?? ''
    }),
  'the words of a git server': (text) => {
    const failure = { verb: 'push', code: 1, timedOut: false }
    const words = { stderr: `remote: ${text}`, stdout: `!\trefs/heads/x\t[remote rejected] (${text})` }
    return [
      publicError('refused', { ...failure, ...words }, 'the branch dynamic-envs').message,
      publicError('away', { ...failure, ...words }, `the branch ${text}`).message,
    ]
  },
}

const call = {
  operation: 'create-comment',
  purpose: 'comment on merge request 1 of acme/shop',
  right: 'write:issue',
  method: 'POST',
  path: ['repos', 'acme', 'shop', 'issues', '1', 'comments'],
  schema: z.unknown(),
} as const

function whyAbsent(wish: ReturnType<typeof desiredState>): readonly string[] {
  if (wish.kind === 'present') throw new Error('the rule did not hold')
  return [wish.why]
}

function refusals({ kind, variables }: { kind: string; variables: Partial<Variables> }): readonly string[] {
  const rendered = render(
    renderRequest(`apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: x\n`, { variables }),
  )
  return rendered.kind === 'refused' ? rendered.refusals.map(({ message }) => message) : []
}

function thrown(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('it was taken')
}
