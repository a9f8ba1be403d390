import type { Manifest, View } from '../environment-repository/port.ts'
import { Stalled } from '../preview/errors.ts'
import type { PreviewContext } from './preview-context.ts'

/** A repository's number as something that lasts has it. */
interface KnownNumber {
  readonly id: string
  /** Where it stands, in words. */
  readonly where: string
}

/**
 * Law 3, for writes as for removals: a repository is the forge's own number, not its name. A name can be taken over by somebody
 * else, whose merge requests have the same numbers. What counts is the number in the configuration, else the one on the branch.
 * @throws Stalled when the forge answers about another repository than the previews were made for.
 */
export function requireSameRepository(
  context: PreviewContext,
  standing: readonly Manifest[],
  view: View,
): void {
  const { application, reading } = context
  const { id, fullName } = reading.kind === 'found' ? reading.mergeRequest.repository : reading.repository
  const known = knownNumbers(context, standing, view).find((one) => one.id !== id)
  if (known === undefined) return
  throw new Stalled(
    `${fullName} is repository number ${id} on ${application.forge} now, but ${known.where} says number ${known.id}: another repository has taken over the name. Nothing is written or removed for it until a human decides: give the application ${application.name} the new name of number ${known.id}, or, if previews shall follow number ${id}, set its repositoryId to "${id}"`,
    { warning: true },
  )
}

/** The one in the configuration is a human's decision and outweighs what stands; else every manifest that may be touched is asked. */
function knownNumbers(
  { application }: PreviewContext,
  standing: readonly Manifest[],
  view: View,
): readonly KnownNumber[] {
  const { name, repositoryId } = application
  if (repositoryId !== null) return [{ id: repositoryId, where: `repositoryId of the application ${name}` }]
  const sibling = view
    .manifests()
    .find(({ preview, annotations }) => preview.startsWith(`${name}/`) && 'repository-id' in annotations)
  return [...standing, ...(sibling === undefined ? [] : [sibling])].flatMap(({ path, annotations }) => {
    const id = annotations['repository-id']
    return id === undefined ? [] : [{ id, where: path }]
  })
}
