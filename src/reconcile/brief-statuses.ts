import type { PreviewStatus } from '../preview/status.ts'
import type { PreviewResult } from './reconcile-preview.ts'
import type { Settings } from './settings.ts'

/** For merge requests that strangers may read: without the environment repository's address, and without what its server says. */
export function briefStatuses(
  previews: readonly PreviewResult[],
  { url }: Pick<Settings['environment'], 'url'>,
): readonly PreviewStatus[] {
  return previews.flatMap(({ status, brief }) => {
    if (status === null) return []
    const message = brief ?? withoutAddress(status.message, url)
    const details = status.details.map((line) => withoutAddress(line, url))
    const rulings = status.rulings.map(({ rule, saw }) => ({ rule, saw: withoutAddress(saw, url) }))
    return [{ ...status, message, details, rulings }]
  })
}

/** With and without `.git`, and without the scheme: as agents and servers quote it. */
function withoutAddress(text: string, url: string): string {
  const whole = url.replace(/\/+$/, '').replace(/\.git$/, '')
  const place = whole.replace(/^[a-z]+:\/\/(?:[^/@]*@)?/i, '')
  return [`${whole}.git`, whole, `${place}.git`, place].reduce(
    (said, address) => said.replaceAll(address, 'the environment repository'),
    text,
  )
}
