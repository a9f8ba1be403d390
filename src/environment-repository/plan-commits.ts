import { checkRemoval } from '../preview/breaker.ts'
import type {
  CommitPlan,
  CommitPlanInput,
  Decision,
  NoCommit,
  PlannedCommit,
  ProposedChange,
} from './commit-plan.ts'
import { decidePlace, noteOnBranch, withoutClaim } from './plan-places.ts'
import { commitMessage } from './commit-message.ts'
import type { BranchHistory } from './history.ts'
import { inertEdit } from './inert-object.ts'
import { inertPath, manifestPath, manifestPlace } from './manifest-path.ts'
import type { Edit } from './port.ts'
import { blobId, changeFiles, type FileChange, indexFile, type TreeIndex } from './tree-index.ts'

/** An edit, looked into once. */
interface ReadEdit extends FileChange {
  readonly edit: Edit
}

/** Judges each wish against the tip and the wishes before it: the whole push, decided without touching anything. */
export function planCommits(input: CommitPlanInput): CommitPlan {
  const commits: PlannedCommit[] = []
  const removals: Removals = { dated: [...input.history.sweepRemovals], here: input.breaker.removedHere() }
  let tree = input.tree
  let queue = input.history.queue
  const verdicts = input.changes.map((change): Decision => {
    const decision = decideChange(change, { tree, queue }, removals, input)
    const noted = noteOnBranch(change, decision, queue, input)
    if (noted !== null) {
      commits.push(noted.commit)
      queue = noted.queue
    }
    if (decision.kind === 'held' && !input.history.held.has(change.preview))
      commits.push(holdCommit(change, input))
    if (decision.kind !== 'go') return decision
    if (tree.files.get(inertPath(input.directory)) === undefined) {
      commits.push(inertCommit(input))
      tree = changeFiles(tree, [readEdit(inertEdit(input), input)])
    }
    const edits = decision.edits.map(({ edit }) => edit)
    commits.push({ author: change.author, edits, at: input.now, message: messageOf(change) })
    tree = changeFiles(tree, decision.edits)
    queue = withoutClaim(queue, change.preview)
    if (isSweepRemoval(change)) {
      removals.dated.push(input.now)
      removals.here += 1
    }
    return { kind: 'commit', index: commits.length - 1 }
  })
  return { decisions: verdicts, commits, tree, pause: input.pause }
}

/** Without an event: as the branch dates them, and those of this process. */
interface Removals {
  readonly dated: Date[]
  here: number
}

function decideChange(
  change: ProposedChange,
  { tree, queue }: { readonly tree: TreeIndex; readonly queue: BranchHistory['queue'] },
  removals: Readonly<Removals>,
  input: CommitPlanInput,
): { readonly kind: 'go'; readonly edits: readonly ReadEdit[] } | NoCommit {
  if (input.pause !== null && !(input.removalsWhilePaused && isRemoval(change)))
    return { kind: 'paused', reason: input.pause }
  const edits = change.edits.map((edit) => readEdit(edit, input))
  if (change.template !== null && input.templates.get(change.template.file)?.blob !== change.template.blob)
    return { kind: 'dropped' }
  const mistake = findMistake(change, edits, input)
  if (mistake !== undefined) return { kind: 'mistake', message: mistake }
  const stranger = findStranger(change, edits, tree)
  if (stranger !== undefined) return { kind: 'foreign', path: stranger }
  const open = edits.filter(({ path, file }) => tree.files.get(path)?.blob !== file?.blob)
  if (open.length === 0) return { kind: 'unchanged', commit: input.commit }
  const place = decidePlace(change, { tree, queue }, input)
  if (place.kind === 'full') return place
  if (!isSweepRemoval(change)) return { kind: 'go', edits: open }
  const isTripped = isHolding(input, tree)
  const verdict = checkRemoval({
    now: input.now,
    removals: removals.dated,
    removedHere: removals.here,
    manifests: tree.previews.size,
    isTripped,
  })
  return verdict.kind === 'held' ? verdict : { kind: 'go', edits: open }
}

/** As long as a held preview still stands and is still asked to go: only an event or a person ends that. */
function isHolding({ history, breaker }: CommitPlanInput, tree: TreeIndex): boolean {
  return [...history.held].some(
    (preview) => breaker.isStillAsked(preview) && tree.previews.get(preview) !== undefined,
  )
}

function readEdit(edit: Edit, { directory, commit }: CommitPlanInput): ReadEdit {
  const { path, content } = edit
  if (content === null) return { path, file: undefined, edit }
  const file = { path, blob: blobId(content, commit), kind: 'file' } as const
  return { path, file: indexFile(directory, file, Buffer.from(content)), edit }
}

function findMistake(
  change: ProposedChange,
  edits: readonly ReadEdit[],
  input: CommitPlanInput,
): string | undefined {
  const paths = new Set<string>()
  for (const { path, file } of edits) {
    const place = manifestPlace(input.directory, path)
    if (place === undefined || (file !== undefined && place.layout !== input.layout))
      return `no manifest may stand at ${JSON.stringify(path.slice(0, 300))}: only at ${manifestPath(input, '<name>')}`
    if (paths.has(path)) return `two edits of ${path} in one change`
    paths.add(path)
    if (file !== undefined && file.manifest?.preview !== change.preview)
      return `the content for ${path} does not carry mayfly.dev/preview: ${change.preview} on its first object`
  }
  return undefined
}

/** The path of a file that is not this preview's and in the way: at a path of the change, or with one of its objects. */
function findStranger(
  change: ProposedChange,
  edits: readonly ReadEdit[],
  tree: TreeIndex,
): string | undefined {
  const own = new Set(edits.map(({ path }) => path))
  for (const { path, file } of edits) {
    const present = tree.files.get(path)
    if (present !== undefined && present.manifest?.preview !== change.preview) return path
    const other = present === undefined && file !== undefined ? findInTheWay(path, tree) : undefined
    if (other !== undefined) return other
    const holder = (file?.objects ?? [])
      .flatMap((id) => tree.objects.get(id) ?? [])
      .find((other) => !own.has(other))
    if (holder !== undefined) return holder
  }
  return undefined
}

/** A file where a folder must be, or files in a folder where a file must be: git would take them away without a word. */
function findInTheWay(path: string, tree: TreeIndex): string | undefined {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    const above = path.slice(0, end)
    if (tree.files.get(above) !== undefined) return above
  }
  for (const file of tree.files.values()) if (file.path.startsWith(`${path}/`)) return file.path
  return undefined
}

export function isSweepRemoval(change: ProposedChange): boolean {
  return change.trigger === 'sweep' && isRemoval(change)
}

function isRemoval({ edits }: ProposedChange): boolean {
  return edits.every((edit) => edit.content === null)
}

function messageOf(change: ProposedChange): string {
  // The breaker counts by trailer, so that replicas and restarts count together.
  const isUncounted = change.trigger === 'sweep' && change.trailers['Mayfly-Cause'] !== 'sweep'
  const extra = isUncounted ? { 'Mayfly-Prompt': 'sweep' } : {}
  return commitMessage(change.subject, { 'Mayfly-Preview': change.preview, ...change.trailers, ...extra })
}

/** Changes no file: that a human is asked for outlives this process, and is there to read for everybody. */
function holdCommit(
  { preview, edits }: ProposedChange,
  { committer, now, directory }: CommitPlanInput,
): PlannedCommit {
  const name = manifestPlace(directory, edits[0]?.path ?? '')?.name ?? preview
  const message = commitMessage(`preview ${name}: hold its removal until a human acts`, {
    'Mayfly-Preview': preview,
    'Mayfly-Cause': 'held',
  })
  return { author: committer, message, edits: [], at: now }
}

function inertCommit(input: CommitPlanInput): PlannedCommit {
  const why = 'An agent prunes the last preview only when something else stays.'
  const message = `Keep ${input.directory}/ from ever being empty\n\n${why}\n`
  return { author: input.committer, message, edits: [inertEdit(input)], at: input.now }
}
