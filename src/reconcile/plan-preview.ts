import { manifestPath } from '../environment-repository/manifest-path.ts'
import type { Manifest, View } from '../environment-repository/port.ts'
import type { DesiredState } from '../preview/desired-state.ts'
import { Stalled } from '../preview/errors.ts'
import { parseMergeRequestKey } from '../preview/key.ts'
import type { MergeRequestReading } from '../preview/merge-request.ts'
import { type PreviewNames, previewNames } from '../preview/name.ts'
import { type PlannedChange, planRemoval, planWrite } from '../preview/plan.ts'
import { previewId } from '../preview/preview-id.ts'
import type { Refusal } from '../render/render.ts'
import type { Installation } from './installation.ts'
import { renderPreview } from './render-preview.ts'
import type { PreviewContext } from './preview-context.ts'

/** What would be done about one preview at one tip of the branch. Nothing has happened yet. */
export interface Plan {
  readonly change: PlannedChange
  readonly standing: readonly Manifest[]
  /** Null when no preview is wanted. */
  readonly names: PreviewNames | null
  readonly url: string | null
  /** Not empty: the manifest was refused, the plan is to do nothing. */
  readonly refusals: readonly Refusal[]
  /** The blob id of the template used; null when none was. */
  readonly template: string | null
}

/** @throws Stalled when the branch's manifest speaks of another repository than the forge does. */
export async function planPreview(
  installation: Installation,
  asked: PreviewContext,
  wish: DesiredState,
  view: View,
): Promise<Plan> {
  const { number } = parseMergeRequestKey(asked.key)
  const standing = view.manifestsOf(previewId(asked.application.name, number))
  if (wish.kind === 'present') return planPresent(installation, asked, wish, view, standing)
  requireSameRepository(asked, standing)
  const plan = planRemoval(wish, standing, { prompt: asked.trigger })
  return { change: plan, standing, names: null, url: null, refusals: [], template: null }
}

async function planPresent(
  installation: Installation,
  asked: PreviewContext,
  wish: Extract<DesiredState, { kind: 'present' }>,
  view: View,
  standing: readonly Manifest[],
): Promise<Plan> {
  const { application, trigger: prompt } = asked
  const { mergeRequest } = wish
  const names = previewNames(application.name, mergeRequest.number, mergeRequest.branch, installation.naming)
  const path = manifestPath(installation.environment, names.name)
  const made = await renderPreview(installation, { application, mergeRequest, names, path, view, standing })
  const { url, template } = made
  if (made.refusals.length > 0)
    return { change: { kind: 'nothing' }, standing, names, url, refusals: made.refusals, template }
  const wanted = { path, content: made.content, name: names.name, sha: mergeRequest.sha }
  const removedBefore = view.trail(previewId(application.name, mergeRequest.number))?.removed ?? false
  const plan = planWrite(wanted, standing, { prompt, removedBefore })
  return { change: plan, standing, names, url, refusals: [], template }
}

/** Law 3: an answer about a repository that only took over the name is no answer about this merge request. */
function requireSameRepository({ key, reading }: PreviewContext, standing: readonly Manifest[]): void {
  const { id, fullName } = repositoryOf(reading)
  const other = standing.find(({ annotations }) => (annotations['repository-id'] ?? id) !== id)
  if (other === undefined) return
  throw new Stalled(
    `${other.path} was written for repository number ${other.annotations['repository-id'] ?? ''}, but ${fullName} is now number ${id}: what it says about ${key} is about another merge request. Nothing was removed. If the old repository is gone for good, delete ${other.path} from the branch`,
  )
}

function repositoryOf(reading: MergeRequestReading) {
  return reading.kind === 'found' ? reading.mergeRequest.repository : reading.repository
}
