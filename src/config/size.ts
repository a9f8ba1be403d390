const units = { B: 1, KiB: 1024, MiB: 1024 ** 2 } as const

/** `512KiB`, `1MiB` or a plain number of bytes, in bytes; undefined when `text` is none of that kind. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = 'B'] = /^([1-9][0-9]{0,9})(B|KiB|MiB)?$/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * units[unit as keyof typeof units]
}
