/** Why a template or what it renders is not committed. */
export interface Refusal {
  /** Counted from 1 within the manifest; 0 when the template itself is at fault. */
  readonly document: number
  /** The place: `spec.project`, or `preview.yaml.hbs:12` for the template. */
  readonly path: string
  /** What stands there, shortened, as JSON; may be untrusted text. */
  readonly value: string
  /** The name of the rule, one or two words. */
  readonly rule: string
  /** Place, value and the way out in one sentence that stands alone. */
  readonly message: string
}

export interface Fault {
  readonly document: number
  readonly path: string
  readonly value: unknown
  readonly rule: string
  /** What is wrong and the way out, without place and value. */
  readonly advice: string
}

export function refusal({ document, path, value, rule, advice }: Fault): Refusal {
  const shown = excerpt(value)
  const place = document === 0 ? path : `document ${document}, ${path}`
  return {
    document,
    path,
    value: shown,
    rule,
    message: `${place}: ${shown === '' ? '' : `${shown} `}${advice}`,
  }
}

/** Carries refusals out of a stage that cannot go on; caught once, in `render`. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly refusals: readonly Refusal[]

  constructor(refusals: readonly Refusal[]) {
    super(refusals.map(({ message }) => message).join('\n'))
    this.refusals = refusals
  }
}

/** @throws Refused always */
export function refuse(fault: Fault): never {
  throw new Refused([refusal(fault)])
}

function excerpt(value: unknown): string {
  if (value === undefined) return ''
  const text = JSON.stringify(value)
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`
}
