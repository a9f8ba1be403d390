import type { ChangeResult, PlaceWish, View } from '../environment-repository/port.ts'
import { heldByPlace } from '../lifecycle/place-words.ts'
import type { Held } from '../lifecycle/ruling.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import type { Plan } from './plan-preview.ts'
import type { PreviewContext } from './preview-context.ts'
import { authorOf } from './preview-author.ts'
import type { Settings } from './settings.ts'

/** Whether anything is limited: where nothing is, nobody is counted and nothing more is written. */
export function hasLimits({ limits }: Pick<Settings, 'limits'>): boolean {
  const { total, perApplication, perAuthor, perRepository } = limits
  return [total, perApplication, perAuthor, perRepository].some((most) => most !== null)
}

/** A creation takes a place; an update of what stands is never counted. */
export function placeWish(context: PreviewContext, { desired, standing }: Plan): PlaceWish {
  const { settings, application, preview, ref } = context
  if (desired.kind !== 'present' || standing.length > 0 || !hasLimits(settings)) return { kind: 'none' }
  const { mergeRequest } = desired
  const repositories = new Map(
    settings.applications.map(({ name, forge, repository }) => [name, `${forge}:${repository}`]),
  )
  const repositoryOf = (name: string): string => repositories.get(name) ?? ''
  return {
    kind: 'claim',
    limits: settings.limits,
    repositoryOf,
    claim: {
      preview,
      application: application.name,
      repository: repositoryOf(application.name),
      author: authorOf(ref.forge, mergeRequest),
      at: mergeRequest.openedAt ?? context.ports.clock.now(),
    },
  }
}

/** What people read where every place is taken, with the names of those that hold them. */
export function placeHeld(
  { settings }: PreviewContext,
  full: Extract<ChangeResult, { kind: 'full' }>,
  view: View,
): Held {
  const holders = full.holders
    .map((preview) => ({
      name: view.manifestsOf(preview as PreviewId)[0]?.name ?? preview,
      at: view.historyOf(preview as PreviewId)?.at ?? null,
    }))
    .toSorted((one, other) => (one.at?.getTime() ?? 0) - (other.at?.getTime() ?? 0))
  return heldByPlace(full, settings.limits.whenFull, holders, settings.commands?.prefix ?? null)
}
