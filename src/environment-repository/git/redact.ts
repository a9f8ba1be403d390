/** Takes known secrets, passwords in URLs and authorization headers out of a text that people will read. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '[secret]')
  return clean
    .replace(/:\/\/[^/\s@]*@/g, '://[secret]@')
    .replace(/(authorization:\s*\w+\s+)\S+/gi, '$1[secret]')
}
