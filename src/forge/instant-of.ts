/** A forge's time; null when it is missing or no time. */
export function instantOf(text: string | null | undefined): Date | null {
  const at = new Date(text ?? '')
  return Number.isNaN(at.getTime()) ? null : at
}
