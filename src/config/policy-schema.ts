import { z } from 'zod'
import { list, text } from './scalars.ts'

const kinds = [
  'Namespace',
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy',
  'ConfigMap',
  'ServiceAccount',
  'Application',
  'Kustomization',
  'HelmRelease',
  'GitRepository',
  'HelmRepository',
  'OCIRepository',
  'ExternalSecret',
  'SealedSecret',
]
const kind = text(
  'the kind of an object',
  'for example `ConfigMap`, or `Certificate.cert-manager.io` for one of an API group',
  /^[A-Z][A-Za-z0-9]*(\.[a-z0-9][-.a-z0-9]*)?$/,
)

const lists = {
  kinds: list(kind, 'a list of kinds').describe(
    'Kinds of objects that a manifest may contain, or `Kind.group` for one of an API group. `Secret` never.',
  ),
  projects: list(text('a glob of projects'), 'a list of globs')
    .optional()
    .describe('Globs of Argo CD projects. Left out: any. `default` never.'),
  repositories: list(text('a glob of URLs'), 'a list of globs').describe(
    'Globs of repository URLs, beside the environment repository and the application’s own.',
  ),
  destinations: list(text('a cluster'), 'a list of clusters').describe('Clusters, by server URL or by name.'),
}

/** What a rendered manifest may contain. */
export const policySchema = z
  .strictObject({
    ...lists,
    kinds: lists.kinds.default(kinds),
    repositories: lists.repositories.default([]),
    destinations: lists.destinations.default(['https://kubernetes.default.svc', 'in-cluster']),
    untrusted: z
      .strictObject(lists)
      .partial()
      .optional()
      .describe('The same for commits that needed an approval; what it leaves out is as in `policy`.'),
  })
  .prefault({})
  .describe(
    'What a rendered manifest may contain; what is outside is refused and the merge request is told why.',
  )
