import { z } from 'zod'
import { repositoryId } from './event-fields.ts'
import { ignored, type WebhookReading } from './webhook-dialect.ts'

// A field that is missing, null or of an odd type reads as null.
const tagged = z
  .object({
    package_version: z.object({
      container_metadata: z.object({ tag: z.object({ name: z.string() }) }),
    }),
  })
  .nullable()
  .catch(null)

const PackageEvent = z.object({
  repository: z
    .object({ id: repositoryId, full_name: z.string().min(1) })
    .nullable()
    .catch(null),
  /** GitHub's; Gitea's has its tag as the version. */
  package: z
    .union([tagged.unwrap(), z.object({ type: z.literal('container'), version: z.string() })])
    .nullable()
    .catch(null),
  registry_package: tagged,
})

/**
 * Reads an event about a package: an image was pushed. Only a tag that names a commit, whole or abbreviated, tells whom it is about, for
 * example `d4e5f6a` or `sha-d4e5f6a`.
 */
export function readPackageEvent(name: string, body: unknown): WebhookReading {
  const { repository, package: plain, registry_package: registry } = PackageEvent.parse(body)
  const tag = tagOf(registry ?? plain)
  const [, sha] = /(?:^|[^0-9a-z])([0-9a-f]{7,64})$/.exec(tag) ?? []
  if (repository === null) return ignored(`${name}: it belongs to no repository`)
  if (sha === undefined) return ignored(`${name}: its tag names no commit, so a look by the clock finds it`)
  const from = { id: repository.id, fullName: repository.full_name }
  return { kind: 'commit-event', event: 'image', repository: from, sha }
}

type Named = z.infer<typeof PackageEvent>['package']

function tagOf(named: Named): string {
  if (named === null) return ''
  return 'version' in named ? named.version : named.package_version.container_metadata.tag.name
}
