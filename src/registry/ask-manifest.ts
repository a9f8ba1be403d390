import { RetryLater } from '../preview/errors.ts'
import type { ImageReference } from './parse-reference.ts'
import { type AuthChallenge, readChallenge } from './read-challenge.ts'
import type { RegistryAnswer, RegistryHttp } from './registry-http.ts'

/** What a registry says of one manifest to somebody. */
export type ManifestAnswer =
  | { readonly kind: 'there'; readonly digest: string | null }
  /** `isRegistry`: whoever answered is known to speak this protocol. */
  | { readonly kind: 'missing'; readonly isRegistry: boolean }
  | { readonly kind: 'refused'; readonly status: number; readonly challenge: AuthChallenge | null }

/** Indexes first: a registry without content negotiation sends the first that it has. */
const accept = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

/**
 * Whether the manifest of an image is there for whoever `authorization` is (OCI distribution 1.1, "Checking if content exists").
 * @throws ForbiddenHost, RetryLater as `RegistryHttp.ask` does, and RetryLater for what no registry answers.
 */
export async function askManifest(
  http: RegistryHttp,
  origin: string,
  { repository, version }: Pick<ImageReference, 'repository' | 'version'>,
  authorization: string | null,
): Promise<ManifestAnswer> {
  const url = new URL(`${origin}/v2/${repository}/manifests/${version}`)
  const headers = authorization === null ? { accept } : { accept, authorization }
  const answer = await http.ask(url, { method: 'HEAD', headers, reads: false })
  // Some know no HEAD; their body is left unread.
  if (answer.status !== 405) return judgeManifest(answer, url)
  return judgeManifest(await http.ask(url, { method: 'GET', headers, reads: false }), url)
}

/** Pages of any web server say 200 and 404 as well: there is only what has a manifest's type or a digest. */
function judgeManifest({ status, headers }: RegistryAnswer, url: URL): ManifestAnswer {
  const said = headers.get('docker-content-digest')?.trim() ?? ''
  const digest = /^sha256:[a-f0-9]{64}$/.test(said) ? said : null
  const hasType = /^application\/vnd\.(oci|docker)\./.test(headers.get('content-type') ?? '')
  if (status === 200 && (digest !== null || hasType)) return { kind: 'there', digest }
  if (status === 404)
    return { kind: 'missing', isRegistry: headers.get('docker-distribution-api-version') !== null }
  if (status === 401 || status === 403)
    return { kind: 'refused', status, challenge: readChallenge(headers.get('www-authenticate')) }
  const what = status === 200 ? ' without a manifest: is it a registry?' : ''
  throw new RetryLater(
    `${url.host} gave an odd answer (${status}) to the question for an image manifest${what}`,
  )
}

/**
 * A 404 counts only where a registry stands (OCI distribution 1.1, "Determining support").
 * @throws RetryLater when none does.
 */
export async function expectRegistry(http: RegistryHttp, origin: string): Promise<void> {
  const url = new URL(`${origin}/v2/`)
  const { status } = await http.ask(url, { method: 'GET', headers: {}, reads: false })
  if ([200, 401, 403].includes(status)) return
  throw new RetryLater(
    `${url.host} does not speak as a registry (${status} at /v2/): check the host of the image`,
  )
}
