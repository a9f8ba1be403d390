import type { PartialConfig } from '../draft.ts'
import type { ConfigProblem } from '../finding.ts'
import type { Path } from '../path.ts'
import { isLoopback, parseUrl } from '../url.ts'

/** On this machine plain http is fine; elsewhere tokens and webhooks travel in the open. */
export function plainHttp({
  server,
  forges = [],
  environmentRepository,
}: PartialConfig): readonly ConfigProblem[] {
  const urls: readonly (readonly [Path, string | undefined])[] = [
    [['server', 'publicUrl'], server?.publicUrl],
    ...forges.flatMap((forge, index) => [
      [['forges', index, 'url'], forge?.url] as const,
      [['forges', index, 'api'], forge?.api] as const,
    ]),
    [['environmentRepository', 'url'], environmentRepository?.url],
  ]
  return urls.flatMap(([path, text]) => {
    const url = text === undefined ? undefined : parseUrl(text)
    if (url?.protocol !== 'http:' || isLoopback(url.hostname)) return []
    return [{ path, message: 'plain http: whoever listens can read and change it', hint: 'use https' }]
  })
}
