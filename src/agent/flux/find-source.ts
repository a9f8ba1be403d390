import type { CommitSha } from '../../preview/brand.ts'
import type { KubernetesObject } from '../cluster.ts'
import { asCommit } from '../observe/own-sha.ts'
import { FluxSource, type FluxObject, type Reference } from './schema.ts'

/** The preview's own source that an object refers to; null: it is somebody else's, or of an odd form. */
export function findSource(
  sources: readonly KubernetesObject[],
  { metadata }: FluxObject,
  reference: Reference | null | undefined,
): FluxSource | null {
  if (!reference) return null
  const namespace = reference.namespace ?? metadata.namespace
  const readable = sources.flatMap((source) => FluxSource.safeParse(source).data ?? [])
  const isMeant = (source: FluxSource) =>
    source.kind === reference.kind &&
    source.metadata.name === reference.name &&
    source.metadata.namespace === namespace
  return readable.find(isMeant) ?? null
}

/** The commit in a revision such as `main@sha1:<40 hex>`; null: it names none. */
export function commitOf(revision: string | null | undefined): CommitSha | null {
  return asCommit(/(?:^|@)sha(?:1|256):([0-9a-f]+)$/.exec(revision ?? '')?.[1])
}

/** Whether the template pins the source to a commit of the merge request, so that its revisions are such commits. */
export function isPinned(source: FluxSource | null): boolean {
  return asCommit(source?.spec.ref?.commit) !== null
}
