import { type MergeRequestKey } from '../preview/key.ts'
import { keyOfPreview } from '../preview/preview-id.ts'
import { hasLimits } from './place-wish.ts'
import type { PreviewResult } from './reconcile-preview.ts'
import type { Ports, Settings } from './settings.ts'

/** The first of those that wait: one place was given free, and some of them may have gone meanwhile. */
const woken = 20

/** A place that comes free is given at once: those in front of the queue are looked at now. */
export async function wakeQueue(
  {
    settings,
    ports,
    wake,
  }: { readonly settings: Settings; readonly ports: Ports; readonly wake: (key: MergeRequestKey) => void },
  previews: readonly PreviewResult[],
): Promise<void> {
  const isFreed = previews.some(({ did, status }) => did !== null && isEnd(status?.state))
  if (!isFreed || !hasLimits(settings)) return
  const view = await ports.repository.view()
  for (const preview of view.queue().slice(0, woken)) {
    const key = keyOfPreview(settings.applications, preview)
    if (key !== null) wake(key)
  }
}

function isEnd(state: string | undefined): boolean {
  return state === 'removing' || state === 'removed'
}
