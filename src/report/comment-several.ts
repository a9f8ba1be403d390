import type { PreviewState, PreviewStatus, Removal } from '../preview/status.ts'
import { codeSpan } from './code-span.ts'
import { headline } from './comment-headline.ts'
import { afterWords, endFacts } from './comment-end.ts'
import { type EnvironmentBranch, sentence } from './comment-sentence.ts'
import { previewTable } from './comment-table.ts'
import { escapeMarkdown, escapeSentence } from './escape-markdown.ts'
import { formatState } from './format.ts'

/** The answer, the table of the rows that are `shown`, and what each has to say; one line once all previews are gone. */
export function aboutSeveral(
  statuses: readonly PreviewStatus[],
  shown: readonly PreviewStatus[],
  place: EnvironmentBranch,
): readonly string[] {
  if (statuses.every(({ state }) => state === 'removed')) return [`### ${lastLine(statuses)}`]
  return [`### ${summary(statuses)}`, previewTable(shown), notes(shown, place)]
}

const fromWorst: readonly PreviewState[] = [
  'failed',
  'degraded',
  'refused',
  'waiting',
  'deploying',
  'ready',
  'removing',
  'removed',
]

export function worstFirst(statuses: readonly PreviewStatus[]): readonly PreviewStatus[] {
  return fromWorst.flatMap((state) => statuses.filter((status) => status.state === state))
}

/** The worst state speaks for all, so that nothing bad hides behind a green word; those on their way out speak last. */
function summary(statuses: readonly PreviewStatus[]): string {
  const wanted = statuses.filter(({ state }) => state !== 'removing' && state !== 'removed')
  const asked = wanted.length > 0 ? wanted : statuses
  const [worst] = worstFirst(asked)
  if (worst === undefined) throw new RangeError('a comment speaks of at least one preview')
  if (asked.length === 1) return headline(worst)
  const count = asked.filter(({ state }) => state === worst.state).length
  const watched = asked.every((status) => status.watched)
  return `${formatState(worst.state, watched)}: ${count} of ${asked.length} previews`
}

/** Under the table, which has no room for reasons; previews that say the same say it once. */
function notes(statuses: readonly PreviewStatus[], place: EnvironmentBranch): string {
  return together(statuses, (status) => note(status, place))
    .map(({ text, applications }) => `- ${applications}: ${text}`)
    .join('\n')
}

function note(status: PreviewStatus, place: EnvironmentBranch): string | null {
  switch (status.state) {
    case 'ready':
      return null
    case 'deploying':
      return escapeSentence(status.message)
    case 'removed':
      return sentence(status, place)
    case 'removing':
    case 'waiting':
    case 'degraded':
    case 'failed':
    case 'refused':
      return `${escapeSentence(status.message)} ${sentence(status, place)}`
  }
}

function lastLine(statuses: readonly PreviewStatus[]): string {
  const reasons = together(statuses, ({ message }) => escapeMarkdown(message))
  const why = reasons
    .map(({ text, applications }) => (reasons.length === 1 ? text : `${applications}: ${text}`))
    .join('; ')
  const stood = statuses.filter(stoodOnce)
  if (stood.length === 0) return `${formatState('removed')}: ${why}`
  const removals = stood.flatMap(({ removal }) => removal ?? [])
  const watched = stood.every((status) => status.watched)
  const facts = endFacts({
    livedMs: allKnown(
      removals.map(({ livedMs }) => livedMs),
      (ms) => Math.max(...ms),
    ),
    deploys: allKnown(
      removals.map(({ deploys }) => deploys),
      (counts) => counts.reduce((sum, one) => sum + one, 0),
    ),
    commit: null,
  })
  const included = watched ? ', namespaces included' : ''
  const all = `${stood.length} of ${stood.length} previews${included}`
  const after = watched ? afterAll(removals) : ''
  return `${formatState('removed')}${after}: ${all}${after === '' ? `, ${why}` : ''}${facts}`
}

/** The last one to go speaks for all, when they went for the same reason and all ends were seen. */
function afterAll(removals: readonly Removal[]): string {
  const ms = allKnown(
    removals.map(({ goneAfterMs }) => goneAfterMs),
    (known) => Math.max(...known),
  )
  const [cause, ...others] = new Set(removals.map((removal) => removal.cause))
  return ms === null || cause === undefined || others.length > 0 ? '' : afterWords(cause, ms)
}

/** Whether there was a preview at all: of one that never was nobody needs to hear beside others. */
export function stoodOnce({ state, removal }: PreviewStatus): boolean {
  return state !== 'removed' || (removal !== null && removal.commit !== null)
}

function allKnown(
  values: readonly (number | null)[],
  join: (known: readonly number[]) => number,
): number | null {
  const known = values.flatMap((value) => value ?? [])
  return known.length < values.length ? null : join(known)
}

interface Said {
  readonly text: string
  /** As code spans, in order. */
  readonly applications: string
}

function together(
  statuses: readonly PreviewStatus[],
  say: (status: PreviewStatus) => string | null,
): readonly Said[] {
  const applications = new Map<string, string[]>()
  for (const status of statuses) {
    const text = say(status)
    if (text !== null)
      applications.set(text, [...(applications.get(text) ?? []), codeSpan(status.application)])
  }
  return [...applications].map(([text, spans]) => ({ text, applications: spans.join(', ') }))
}
