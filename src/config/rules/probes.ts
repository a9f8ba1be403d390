import type { PartialConfig } from '../draft.ts'
import { parseDuration } from '../duration.ts'
import type { ConfigProblem } from '../finding.ts'
import type { Path } from '../path.ts'
import type { ConfigRule } from '../rule.ts'
import type { SourceView } from '../source-view.ts'

export const probeRules: readonly ConfigRule[] = [
  probesHaveAnAddress,
  pathsAreProbed,
  rangesAreRanges,
  waitsAreShort,
]

type Probes = readonly { readonly path: Path; readonly probe: ProbeDraft; readonly url: string | undefined }[]
type ProbeDraft = NonNullable<NonNullable<NonNullable<PartialConfig['applications']>[number]>['probe']>

function probesOf({ applications = [] }: PartialConfig): Probes {
  return applications.flatMap((application, index) =>
    application?.probe === undefined
      ? []
      : [{ path: ['applications', index, 'probe'], probe: application.probe, url: application.url }],
  )
}

/** A probe asks the address of the preview and no other. */
function probesHaveAnAddress(draft: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return probesOf(draft).flatMap(({ path, url }) => {
    const isWritten = view.value([...path.slice(0, -1), 'url']) !== undefined
    if (url !== undefined || isWritten) return []
    return [
      { path, message: 'has no address to ask', hint: 'write the `url` of the application, or leave it out' },
    ]
  })
}

function pathsAreProbed(draft: PartialConfig, view: SourceView): readonly ConfigProblem[] {
  return probesOf(draft).flatMap(({ path, probe }) => {
    const place = [...path, 'path']
    if (probe.path === undefined || /^\/[^\s?#\\{}]*$/.test(probe.path)) return []
    const hint = 'it begins with a slash and holds no `?`, `#` or `{{ }}`: for example `/healthz`'
    return [{ path: place, message: `${view.shown(place)} is no path of a URL`, hint }]
  })
}

function rangesAreRanges(draft: PartialConfig): readonly ConfigProblem[] {
  return probesOf(draft).flatMap(({ path, probe }) => {
    const [least, most] = probe.status ?? []
    if (least === undefined || most === undefined || Number(least) <= Number(most)) return []
    const message = 'the least status is above the greatest'
    return [{ path: [...path, 'status'], message, hint: 'for example `[200, 399]`' }]
  })
}

/** A look waits for its probes, and they come again. */
const longestMs = 30_000

function waitsAreShort(draft: PartialConfig): readonly ConfigProblem[] {
  return probesOf(draft).flatMap(({ path, probe }) => {
    const ms = probe.timeout === undefined ? 1 : (parseDuration(probe.timeout) ?? 1)
    if (ms > 0 && ms <= longestMs) return []
    const message = ms === 0 ? 'no answer can come within no time' : 'is longer than 30 s'
    return [{ path: [...path, 'timeout'], message, hint: 'Mayfly asks again by itself: for example `5s`' }]
  })
}

/** A caution: without an agent nobody knows which commit it is that answers. */
export function probesAreAsked(draft: PartialConfig): readonly ConfigProblem[] {
  if ((draft.agent?.kind ?? 'none') !== 'none') return []
  return probesOf(draft).map(({ path }) => ({
    path,
    message: 'is never asked without an agent',
    hint: 'an answer does not tell which commit it comes from: configure `agent`, or leave the probe out',
  }))
}
