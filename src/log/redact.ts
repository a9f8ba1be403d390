import type { Secret } from '../config/secret.ts'

const shown = '[secret]'

// What looks like a credential, whoever's it is.
const credentials: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, shown],
  [/\bgh[pousr]_[A-Za-z0-9]{10,}/g, shown],
  [/\bgithub_pat_[A-Za-z0-9_]{10,}/g, shown],
  [/\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[\w.-]{8,}/g, shown],
  [/\bwhsec_[A-Za-z0-9+/=]{8,}/g, shown],
  // A JSON Web Token: its header begins with `{"`.
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(\.[\w-]*)?/g, shown],
  [/\b(Bearer\s+)[\w.~+/-]{8,}=*/gi, `$1${shown}`],
  [/\b(Basic\s+)[\w+/-]{16,}=*/gi, `$1${shown}`],
  [/\b(token\s+)[\w.~+/-]{20,}=*/gi, `$1${shown}`],
  [/(:\/\/)[^\s/@"'<>]*@/g, `$1${shown}@`],
]

/**
 * A function that writes `[secret]` in place of the given values, also where they stand in JSON, in a URL or in
 * base64, and in place of everything that looks like a credential.
 */
export function createRedactor(secrets: readonly Secret[]): (text: string) => string {
  const spellings = secrets.flatMap((secret) => spellingsOf(secret.reveal()))
  // The longest first: one secret may be part of another.
  const longestFirst = [...new Set(spellings)].toSorted((a, b) => b.length - a.length)

  return (text) => {
    const exact = longestFirst.reduce((before, value) => before.replaceAll(value, shown), text)
    return credentials.reduce((before, [pattern, instead]) => before.replace(pattern, instead), exact)
  }
}

function spellingsOf(value: string): readonly string[] {
  // Anything shorter stands in every line, and keeps nobody out.
  if (value.trim().length < 4) return []
  const spellings = [
    value,
    value.trim(),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value).toString('base64'),
    Buffer.from(value).toString('base64url'),
  ]
  // A private key is often quoted line by line.
  const keyLines = value.split('\n').filter((line) => line.length >= 40)
  return [...spellings, ...keyLines, ...passwordOf(value)]
}

function passwordOf(value: string): readonly string[] {
  const password = URL.canParse(value) ? new URL(value).password : ''
  return password.length < 4 ? [] : [password, decodeURIComponent(password)]
}
