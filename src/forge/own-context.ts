/** Whether a commit status is one of Mayfly's own, of whatever installation: `mayfly/<application>`. */
export function isOwnContext(context: string): boolean {
  return context.startsWith('mayfly/')
}
