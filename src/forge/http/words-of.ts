import { z } from 'zod'

const Message = z.object({ message: z.string() })
const Abuse = z.object({ errors: z.array(z.object({ code: z.literal('abuse') })).min(1) })

/** What the forge itself says about a refusal, quoted and cut, for a person to read; empty when it says nothing usable. */
export function wordsOf(text: string, secret: string): string {
  const parsed = Message.safeParse(jsonOf(text))
  if (!parsed.success || parsed.data.message.trim() === '') return ''
  const shown = secret === '' ? parsed.data.message : parsed.data.message.replaceAll(secret, '[secret]')
  return ` It says: ${JSON.stringify(shown.slice(0, 200))}`
}

/** GitHub answers a burst of comments with 422 and this code instead of 403. */
export function isAbuse(text: string): boolean {
  return Abuse.safeParse(jsonOf(text)).success
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
