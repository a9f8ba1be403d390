const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `2s`, `30m`, `72h`, `7d` or `500ms` in ms; undefined when `text` is none of that kind. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^([0-9]{1,9})(ms|s|m|h|d)$/.exec(text) ?? []
  return unit === undefined ? undefined : Number(digits) * units[unit as keyof typeof units]
}
