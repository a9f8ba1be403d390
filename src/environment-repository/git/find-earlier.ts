import { type CommitSha, commitSha } from '../../preview/brand.ts'
import type { PreviewId } from '../../preview/preview-id.ts'
import { type CommitFacts, readTrailers } from '../history.ts'
import type { EarlierManifest } from '../port.ts'
import { manifestSizeLimit } from '../read-manifest.ts'
import { decodeText } from '../tree-entry.ts'
import type { BranchClient, Checkout } from './branch-client.ts'

/** Looks for an older version of a preview's file in the commits about it, the newest first. */
export async function findEarlier(
  client: BranchClient,
  preview: PreviewId,
  sha: string | null,
): Promise<EarlierManifest | null> {
  return await client.withCheckout(async (checkout) => {
    const [manifest] = checkout.snapshot.tree.previews.get(preview) ?? []
    if (manifest === undefined) return null
    const commits = await checkout.clone.log(checkout.snapshot.commit)
    const found = commits.findLast((facts) => {
      const written = shaIn(facts, preview)
      return written !== null && written !== manifest.sha && written.startsWith(sha ?? '')
    })
    const written = found === undefined ? null : shaIn(found, preview)
    if (found === undefined || written === null) return null
    const content = await contentAt(checkout, found.commit, manifest.path)
    return content === null ? null : { sha: written, content }
  })
}

/** The commit of a merge request that a commit of ours brought; null: it brought none. */
function shaIn({ message }: CommitFacts, preview: PreviewId): CommitSha | null {
  const trailers = readTrailers(message)
  const sha = trailers['Mayfly-Sha'] ?? ''
  const brought = /^preview \S+: (?:create|update|roll) /.test(message)
  if (trailers['Mayfly-Preview'] !== preview || !brought || !/^[0-9a-f]{40,64}$/.test(sha)) return null
  return commitSha(sha)
}

async function contentAt(
  { clone, snapshot }: Checkout,
  commit: CommitSha,
  path: string,
): Promise<string | null> {
  const [file] = await clone.list(commit, [path])
  if (file === undefined) return null
  const bytes = (
    await clone.blobs([file.blob], { tip: snapshot.commit, since: null }, manifestSizeLimit)
  ).get(file.blob)
  const read = bytes === undefined ? null : decodeText(bytes)
  return read !== null && 'text' in read ? read.text : null
}
