import type { ConfigProblem } from './finding.ts'
import type { Path } from './path.ts'
import type { SourceView } from './source-view.ts'
import { parseUrl } from './url.ts'

/** What is wrong with the http(s) URL at `path`: at most one finding. A draft that has none there is fine. */
export function httpUrlFaults(
  text: string | undefined,
  path: Path,
  view: SourceView,
): readonly ConfigProblem[] {
  if (text === undefined) return []
  const url = parseUrl(text)
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    return [
      { path, message: `${view.shown(path)} is no http(s) URL`, hint: 'write it in full, with `https://`' },
    ]
  if (url.username !== '' || url.password !== '')
    return [
      { path, message: 'the URL holds credentials', hint: 'take them out; `token` is the place for them' },
    ]
  if (url.search !== '' || url.hash !== '')
    return [
      {
        path,
        message: `${view.shown(path)} ends in a query`,
        hint: 'take out everything from `?` or `#` on',
      },
    ]
  return []
}
