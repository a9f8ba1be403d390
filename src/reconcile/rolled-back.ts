import type { EarlierManifest, Manifest } from '../environment-repository/port.ts'
import { type CommitSha, shortSha } from '../preview/brand.ts'
import { Stalled } from '../preview/errors.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import type { PlannedChange } from '../preview/plan.ts'
import type { Admission } from './admission.ts'

const annotation = 'mayfly.dev/rolled-back-from'

/** Puts an older version back, with the word that it is meant: until the next push nothing newer is written over it. */
export function planRollback(
  standing: Manifest,
  earlier: EarlierManifest,
  { from, by }: { readonly from: CommitSha; readonly by: string },
): PlannedChange {
  const content = marked(earlier.content, from, by)
  return {
    kind: 'write',
    edits: [{ path: standing.path, content }],
    subject: `preview ${standing.name}: roll back to ${shortSha(earlier.sha)}`,
    cause: 'rolled-back',
    older: earlier.sha,
  }
}

/** Its manifests have their annotations each on a line: the new ones stand beside the first object's own. */
function marked(content: string, from: CommitSha, by: string): string {
  const plain = content.replaceAll(/^ *mayfly\.dev\/rolled-back-(?:from|by): .*\n/gm, '')
  const line = /^( *)mayfly\.dev\/preview: .*$/m.exec(plain)
  if (line === null)
    throw new Stalled('the older version of the manifest has no annotation mayfly.dev/preview')
  const [own, indent = ''] = line
  const more = [`${annotation}: "${from}"`, `mayfly.dev/rolled-back-by: ${JSON.stringify(by)}`]
  return plain.replace(own, [own, ...more.map((text) => `${indent}${text}`)].join('\n'))
}

/** Why the newest commit is not written over a preview that was rolled back from it; null: it was not. `prefix`: of commands, where they are read. */
export function rolledBack(
  standing: readonly Manifest[],
  { sha }: MergeRequest,
  prefix: string | null,
): Admission | null {
  const manifest = standing.find(({ annotations }) => annotations['rolled-back-from'] === sha)
  if (manifest === undefined) return null
  const by = manifest.annotations['rolled-back-by'] ?? 'somebody who may write'
  const kept = manifest.sha === null ? 'an older version' : shortSha(manifest.sha)
  const message = `rolled back to ${kept} by ${by}, until the next push`
  const redeploy = prefix === null ? '' : `, and so does \`${prefix} redeploy\``
  const advice = `A push brings the newest commit again${redeploy}.`
  return {
    held: { state: 'waiting', message, details: [], advice, againMs: null, forPeople: true },
    pinned: {},
    rulings: [{ rule: 'pause', answer: 'no', saw: message }],
    approvedBy: null,
  }
}
