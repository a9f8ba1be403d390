const form = /^([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))(?:([KMGTPE]i)|([numkMGTPE])|[eE]([+-]?[0-9]{1,3}))?$/
const decimals: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const binaries = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']

/** A quantity of Kubernetes (`500m`, `2Gi`, `1e3`) as a number; undefined when the API server would not take it for one. */
export function parseQuantity(value: unknown): number | undefined {
  const [, digits, binary, decimal, exponent] = form.exec(String(value)) ?? []
  if (digits === undefined) return undefined
  const number = Number(digits)
  if (binary !== undefined) return number * 1024 ** (binaries.indexOf(binary) + 1)
  const power = decimal === undefined ? Number(exponent ?? 0) : (decimals[decimal] ?? 0)
  // Divided, not multiplied: 4100m is 4.1 then, to the last bit.
  return power < 0 ? number / 10 ** -power : number * 10 ** power
}
