import { createHash, randomUUID } from 'node:crypto'

export interface PushTarget {
  /** Without a trailing slash. */
  readonly url: string
  /** The whole header for a push to this repository; null: none is needed. */
  authorization(repository: string): Promise<string | null>
}

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
} as const

/** Pushes an image that nothing else is equal to, by plain calls of OCI distribution, and gives its digest. */
export async function pushImage(target: PushTarget, repository: string, tag: string): Promise<string> {
  const config = { architecture: 'amd64', os: 'linux', config: { Labels: { id: randomUUID() } } }
  const blob = await pushBlob(target, repository, JSON.stringify(config))
  const manifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...blob },
    layers: [],
  }
  return await pushManifest(target, repository, tag, types.manifest, JSON.stringify(manifest))
}

/** Pushes an index over a new image, and gives the index's digest. */
export async function pushIndex(target: PushTarget, repository: string, tag: string): Promise<string> {
  const digest = await pushImage(target, repository, `${tag}-amd64`)
  const head = await call(
    target,
    repository,
    'HEAD',
    `/manifests/${digest}`,
    { accept: types.manifest },
    null,
  )
  const size = Number(head.headers.get('content-length'))
  const platform = { architecture: 'amd64', os: 'linux' }
  const manifests = [{ mediaType: types.manifest, digest, size, platform }]
  const index = { schemaVersion: 2, mediaType: types.index, manifests }
  return await pushManifest(target, repository, tag, types.index, JSON.stringify(index))
}

async function pushBlob(
  target: PushTarget,
  repository: string,
  content: string,
): Promise<{ digest: string; size: number }> {
  const begun = await call(target, repository, 'POST', '/blobs/uploads/', {}, null)
  const place = new URL(begun.headers.get('location') ?? '', target.url)
  const digest = digestOf(content)
  place.searchParams.set('digest', digest)
  const headers = { 'content-type': 'application/octet-stream' }
  await call(target, repository, 'PUT', place, headers, content)
  return { digest, size: Buffer.byteLength(content) }
}

async function pushManifest(
  target: PushTarget,
  repository: string,
  tag: string,
  type: string,
  content: string,
): Promise<string> {
  await call(target, repository, 'PUT', `/manifests/${tag}`, { 'content-type': type }, content)
  return digestOf(content)
}

async function call(
  target: PushTarget,
  repository: string,
  method: string,
  place: string | URL,
  headers: Readonly<Record<string, string>>,
  body: string | null,
): Promise<Response> {
  const url = typeof place === 'string' ? `${target.url}/v2/${repository}${place}` : place
  const authorization = await target.authorization(repository)
  const all = authorization === null ? headers : { ...headers, authorization }
  const response = await fetch(url, { method, headers: all, body })
  if (!response.ok) throw new Error(`${method} ${String(url)}: ${response.status} ${await response.text()}`)
  return response
}

export function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
