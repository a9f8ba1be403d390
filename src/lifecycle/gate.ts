import type { Gate } from '../preview/application.ts'
import { type CommitSha, shortSha } from '../preview/brand.ts'
import type { Held, Ruling } from './ruling.ts'

/** What CI says of one check. */
export interface CheckWord {
  readonly name: string
  readonly state: 'passed' | 'failed' | 'pending' | 'missing'
  /** One line of the forge, or null. */
  readonly description: string | null
}

/** What a registry says of one image. */
export interface ImageWord {
  readonly reference: string
  readonly reading:
    | { readonly kind: 'there' }
    | { readonly kind: 'missing' }
    /** `why` is a sentence that names the image. */
    | { readonly kind: 'forbidden' | 'invalid'; readonly why: string }
}

export interface GateInput {
  readonly gate: Gate
  readonly sha: CommitSha
  readonly checks: readonly CheckWord[]
  /** Null: not asked, for a check has not passed. */
  readonly images: readonly ImageWord[] | null
  /** Since this commit was first held up, in ms. */
  readonly waitedMs: number
}

/** `held` null: the gate is open. */
export interface GateVerdict {
  readonly held: Held | null
  readonly rulings: readonly Ruling[]
}

/** Whether a commit may be written: first its checks, then its images. Pure. */
export function judgeGate(input: GateInput): GateVerdict {
  const checks = input.checks.filter(({ state }) => state !== 'passed')
  const images = (input.images ?? []).filter(({ reading }) => reading.kind !== 'there')
  const rulings = [checkRuling(input, checks), imageRuling(input, images)]
  return { held: heldByChecks(input, checks) ?? heldByImages(input, images), rulings }
}

function checkRuling({ checks, sha }: GateInput, closed: readonly CheckWord[]): Ruling {
  if (checks.length === 0) return { rule: 'checks', answer: 'not-asked', saw: 'no check is configured' }
  const saw = checks.map((check) => checkWords(check)).join('; ')
  return { rule: 'checks', answer: closed.length === 0 ? 'yes' : 'no', saw: `${saw} (at ${shortSha(sha)})` }
}

function imageRuling({ gate, images }: GateInput, closed: readonly ImageWord[]): Ruling {
  if (!gate.image) return { rule: 'image', answer: 'not-asked', saw: 'no image is asked for' }
  if (images === null) return { rule: 'image', answer: 'not-asked', saw: 'asked once the checks have passed' }
  return {
    rule: 'image',
    answer: closed.length === 0 ? 'yes' : 'no',
    saw: images.map(imageWords).join('; '),
  }
}

function heldByChecks(input: GateInput, closed: readonly CheckWord[]): Held | null {
  const failed = closed.filter(({ state }) => state === 'failed')
  const [first] = failed.length > 0 ? failed : closed
  if (first === undefined) return null
  const lines = closed.map(checkWords)
  if (failed.length > 0)
    return {
      ...heldAs('failed', checkWords(first), lines),
      advice: 'A push, or the check run once more, lets Mayfly look again.',
    }
  return waits(
    input,
    checkWords(first),
    lines,
    'Whoever runs the CI can tell why it did not pass; its exact name stands in gate.checks.',
  )
}

function heldByImages(input: GateInput, closed: readonly ImageWord[]): Held | null {
  const barred = closed.filter(({ reading }) => reading.kind !== 'missing')
  const [first] = barred.length > 0 ? barred : closed
  if (first === undefined) return null
  const lines = closed.map(imageWords)
  if (barred.length > 0)
    return {
      ...heldAs('failed', imageWords(first), lines),
      advice:
        'Whoever runs Mayfly can give it the right to look: `registries` in mayfly.yaml. It looks again by itself.',
    }
  return waits(
    input,
    imageWords(first),
    lines,
    'Whoever runs the build can tell why it was not pushed under this tag.',
  )
}

/** Until it takes too long; then it is asked again at the next push, event or sweep. */
function waits(
  { gate, waitedMs }: GateInput,
  message: string,
  lines: readonly string[],
  advice: string,
): Held {
  if (waitedMs < gate.timeoutMs)
    return { ...heldAs('waiting', message, lines), againMs: againAfter(waitedMs) }
  return {
    ...heldAs('failed', `${message}, after ${minutes(gate.timeoutMs)}`, lines),
    advice: `${advice} Mayfly looks again on every push, at every word of the forge about this commit, and with each sweep.`,
  }
}

const soonestMs = 10_000
const latestMs = 2 * 60_000

/** After as long as it has lasted. */
function againAfter(waitedMs: number): number {
  return Math.min(Math.max(waitedMs, soonestMs), latestMs)
}

function heldAs(state: Held['state'], message: string, lines: readonly string[]): Held {
  return {
    state,
    message,
    details: lines.length > 1 ? lines : [],
    advice: '',
    againMs: null,
    forPeople: false,
  }
}

function minutes(ms: number): string {
  return ms >= 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1000)} s`
}

function checkWords({ name, state, description }: CheckWord): string {
  const more = description === null || description === '' ? '' : `: ${description}`
  switch (state) {
    case 'passed':
      return `the check ${name} has passed`
    case 'failed':
      return `the check ${name} failed${more}`
    case 'pending':
      return `the check ${name} has not ended yet`
    case 'missing':
      return `there is no check called ${name} yet`
  }
}

function imageWords({ reference, reading }: ImageWord): string {
  switch (reading.kind) {
    case 'there':
      return `the image ${reference} is there`
    case 'missing':
      return `the image ${reference} is not there yet`
    case 'forbidden':
      return reading.why
    case 'invalid':
      return `the image ${reference} cannot be looked for, because ${reading.why}`
  }
}
