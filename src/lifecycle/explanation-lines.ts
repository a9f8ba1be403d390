import { shortSha } from '../preview/brand.ts'
import { plainLine } from '../preview/plain-line.ts'
import type {
  DeliveryTold,
  MergeRequestExplanation,
  PassTold,
  PreviewExplanation,
  RulesDecision,
} from './explanation.ts'
import type { Ruling } from './ruling.ts'

/** More of one line helps nobody. */
const longest = 400

/** An explanation for a terminal: aligned, one thing a line, nothing in it that a terminal obeys. Pure. */
export function explanationLines(explanation: MergeRequestExplanation): readonly string[] {
  return [
    ...head(explanation),
    ...explanation.previews.flatMap((preview) => ['', ...aboutPreview(preview)]),
    '',
    row('last pass', lastPass(explanation.lastPass)),
    row('asked next', next(explanation)),
    ...heard(explanation.deliveries),
  ].map((line) => line.trimEnd())
}

function head({ mergeRequest, state, url, author, branch, sha }: MergeRequestExplanation): readonly string[] {
  const facts = [
    state === 'gone' ? 'does not exist any more' : state,
    ...(author === null ? [] : [`by ${author}`]),
    ...(branch === null ? [] : [`branch ${branch}`]),
    ...(sha === null ? [] : [`at ${shortSha(sha)}`]),
  ]
  const first = plainLine(`${mergeRequest}: ${facts.join(', ')}`, longest)
  return url === null ? [first] : [first, plainLine(url, longest)]
}

function aboutPreview(preview: PreviewExplanation): readonly string[] {
  const { name, decision, rulings, whatWouldChange, template, values, state, message } = preview
  const blob = template.blob === null ? 'not on the branch' : `blob ${template.blob.slice(0, 7)}`
  return [
    plainLine(`${name} (${preview.preview}): ${decisionWords(decision)}`, longest),
    ...rulings.map(rulingRow),
    row('to change', whatWouldChange),
    row('state', state === null ? 'no pass of this process has seen it' : `${state}: ${message ?? ''}`),
    row('template', `${template.file} (${blob})`),
    row('values', Object.keys(values).length === 0 ? 'none' : JSON.stringify(values)),
  ]
}

function decisionWords({ answer, rule, message }: RulesDecision): string {
  if (answer === 'yes') return `yes, ${message}`
  return rule === null ? `no, ${message}` : `no, for ${rule}: ${message}`
}

const answers = { yes: 'yes  ', no: 'NO   ', 'not-asked': '-    ' } as const

function rulingRow({ rule, answer, saw }: Ruling): string {
  return row(rule, saw, answers[answer])
}

function lastPass(pass: PassTold | null): string {
  if (pass === null) return 'none in this process'
  return `${pass.at}, ${pass.outcome}${pass.why === null ? '' : `: ${pass.why}`}`
}

function next({ nextAt, nextInMs }: MergeRequestExplanation): string {
  if (nextAt === null || nextInMs === null) return 'at the next event, or with the next sweep'
  return `${nextAt}, in ${Math.ceil(nextInMs / 1000)} s, and at any event before`
}

function heard(deliveries: readonly DeliveryTold[]): readonly string[] {
  if (deliveries.length === 0) return [row('heard', 'nothing of the forge in this process')]
  return deliveries.map(({ id, event, at, answer }, index) =>
    row(index === 0 ? 'heard' : '', `${at} ${event}, ${answer}${id === null ? '' : ` (delivery ${id})`}`),
  )
}

/** `mark` is ours; the text is anybody's. */
function row(title: string, text: string, mark = ''): string {
  return `  ${title.padEnd(11)} ${mark}${plainLine(text, longest)}`
}
