import type { Clock } from '../../pace/clock.ts'
import type { PreviewId } from '../../preview/preview-id.ts'

const TOGETHER_MS = 200

/** Tells of previews that changed: what changes within a moment of the first change is told once. */
export function createHints({ clock, closed }: { readonly clock: Clock; readonly closed: AbortSignal }) {
  const hearers: ((preview: PreviewId) => void)[] = []
  const changed = new Set<PreviewId>()

  function tellAll(): void {
    const previews = [...changed]
    changed.clear()
    for (const preview of previews) for (const hear of hearers) hear(preview)
  }

  return {
    hear: (hearer: (preview: PreviewId) => void): void => void hearers.push(hearer),
    add(preview: PreviewId): void {
      changed.add(preview)
      // The first of them brings the others along.
      if (changed.size === 1) clock.sleep(TOGETHER_MS, closed).then(tellAll, () => undefined)
    },
  }
}
