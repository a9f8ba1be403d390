import { RetryLater } from '../../preview/errors.ts'
import { type ForgeCall, placeOf } from './call.ts'
import type { RawAnswer } from './exchange.ts'

const json = /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

/** The content of a success, of the shape that was asked for. Anything else is odd and says where: `RetryLater`. */
export function parseAnswer<T>(raw: RawAnswer, call: ForgeCall<T>, forge: string): T {
  const result = call.schema.safeParse(contentOf(raw, call, forge))
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const at =
    issue === undefined || issue.path.length === 0 ? 'the whole answer' : `\`${issue.path.join('.')}\``
  throw odd(forge, call, `${at}: ${issue?.message ?? 'wrong shape'}`)
}

function contentOf(raw: RawAnswer, call: ForgeCall<unknown>, forge: string): unknown {
  if (raw.status === 204) return undefined
  const type = raw.headers.get('content-type') ?? ''
  if (!json.test(type))
    throw odd(forge, call, `content type ${JSON.stringify(type.slice(0, 80))} instead of JSON`)
  if (raw.text.trim() === '') throw odd(forge, call, 'an empty body')
  try {
    return JSON.parse(raw.text) as unknown
  } catch {
    throw odd(forge, call, `JSON that ends or breaks within ${raw.text.length} characters`)
  }
}

function odd(forge: string, call: ForgeCall<unknown>, what: string): RetryLater {
  return new RetryLater(`${forge} gave an odd answer to ${placeOf(call)}: ${what}`)
}
