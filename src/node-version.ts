/** The oldest Node that everything Mayfly runs on supports: `engines` of package.json says the same. */
const oldest = [22, 19] as const

/** One sentence for a Node that is too old; null when it is new enough. `version`: for example `22.19.0`. */
export function nodeTooOld(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return null
  return `Mayfly needs Node.js ${oldest.join('.')} or newer and was started on ${version}: install a newer one, or start it with npm, which brings the right one.`
}
