/** Whether headers announce JSON in UTF-8, not compressed: the only thing a webhook may be. */
export function isPlainJson(headers: Readonly<Record<string, readonly string[] | undefined>>): boolean {
  const [type, secondType] = headers['content-type'] ?? []
  if (type === undefined || secondType !== undefined) return false
  if (!/^application\/json\s*(;\s*charset=("utf-8"|utf-8)\s*)?$/i.test(type)) return false
  return (headers['content-encoding'] ?? []).every((encoding) => encoding.toLowerCase() === 'identity')
}
