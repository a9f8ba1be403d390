import { z } from 'zod'

const Message = z.object({ message: z.unknown().optional(), error: z.unknown().optional() })
const Abuse = z.object({ errors: z.array(z.object({ code: z.literal('abuse') })).min(1) })

/** What the forge itself says about a refusal, without the secret and cut; empty when it says nothing usable. */
export function wordsOf(text: string, secret: string): string {
  const message = messageOf(text)
  return (secret === '' ? message : message.replaceAll(secret, '[secret]')).slice(0, 200)
}

/** GitHub answers a burst of comments with 422 and this code instead of 403. */
export function isAbuse(text: string): boolean {
  return Abuse.safeParse(jsonOf(text)).success
}

/** GitHub's secondary limit may come as a 403 without any header: then only its words tell it from a missing right. */
export function isSecondaryLimit(text: string): boolean {
  return /\bsecondary rate limit\b|\babuse detection\b/i.test(messageOf(text))
}

/** GitLab words a refusal as a text, an object or a list. */
function messageOf(text: string): string {
  const parsed = Message.safeParse(jsonOf(text))
  if (!parsed.success) return ''
  const { message, error } = parsed.data
  const said = message ?? error ?? ''
  return typeof said === 'string' ? said.trim() : JSON.stringify(said)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
