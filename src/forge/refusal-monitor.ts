import type { Clock } from '../pace/clock.ts'
import type { Log } from '../log.ts'
import { Stalled } from '../preview/errors.ts'
import type { ForgeClient } from './clients.ts'
import type { Conversation } from './conversation.ts'

/** Remembers which forge refuses our token what, until it no longer does. */
export interface RefusalWatch {
  /** The same forges, by name, watched. */
  watch(forges: ReadonlyMap<string, ForgeClient>): ReadonlyMap<string, ForgeClient>
  /** One sentence for every right that is missing; none when all is well. */
  sentences(): readonly string[]
  /** In how many repositories each member of a forge is refused; those of no forge are left out. */
  counts(): readonly RefusalCount[]
}

export interface RefusalCount {
  readonly forge: string
  readonly member: keyof ForgeClient
  readonly repositories: number
}

/** What is asked for: `target` is the merge request or the commit, empty for the repository as a whole. */
interface Asked {
  readonly forge: string
  readonly member: keyof ForgeClient
  readonly repository: string
  readonly target: string
}

type Known = Map<string, Refusal & { readonly target: string }>

/** The log tells of each refusal once when it begins and once when it is over, however often it is met in between. */
export function createRefusalMonitor(parts: { readonly clock: Clock; readonly log: Log }): RefusalWatch {
  const known: Known = new Map()

  function watched<Result>(
    asked: Asked,
    ask: () => Promise<Result>,
    proves: (result: Result) => boolean = () => true,
  ): Promise<Result> {
    return ask().then(
      (result) => {
        taken(known, parts, asked, proves(result))
        return result
      },
      (error: unknown) => {
        refused(known, parts, asked, error)
        throw error
      },
    )
  }

  return {
    watch: (forges) => new Map([...forges].map(([name, forge]) => [name, watchForge(name, forge, watched)])),
    sentences: () => refusalSentences([...known.values()]),
    counts: () => countsOf([...known.values()]),
  }
}

type Watched = <Result>(
  asked: Asked,
  ask: () => Promise<Result>,
  proves?: (result: Result) => boolean,
) => Promise<Result>

function watchForge(name: string, forge: ForgeClient, watched: Watched): ForgeClient {
  const asked = (member: keyof ForgeClient, repository: string, target: number | string = ''): Asked => {
    return { forge: name, member, repository, target: String(target) }
  }
  return {
    readMergeRequest: (repository, number) =>
      watched(asked('readMergeRequest', repository, number), () =>
        forge.readMergeRequest(repository, number),
      ),
    listOpenMergeRequests: (repository) =>
      watched(asked('listOpenMergeRequests', repository), () => forge.listOpenMergeRequests(repository)),
    listChangedFiles: (repository, number) =>
      watched(asked('listChangedFiles', repository, number), () =>
        forge.listChangedFiles(repository, number),
      ),
    // What was left as it was proves no right to write.
    publishComment: (target, comment) =>
      watched(
        asked('publishComment', target.repository, target.number),
        () => forge.publishComment(target, comment),
        (result) => result === 'created' || result === 'edited' || result === 'unfinished',
      ),
    publishStatus: (repository, sha, status, before) =>
      watched(
        asked('publishStatus', repository, sha),
        () => forge.publishStatus(repository, sha, status, before),
        (result) => result === 'set',
      ),
    readChecks: (repository, sha, names) =>
      watched(asked('readChecks', repository, sha), () => forge.readChecks(repository, sha, names)),
    ...watchConversation(asked, forge, watched),
  }
}

function watchConversation(
  asked: (member: keyof Conversation, repository: string, target?: number | string) => Asked,
  forge: Conversation,
  watched: Watched,
): Conversation {
  return {
    listRemarks: (repository, number) =>
      watched(asked('listRemarks', repository, number), () => forge.listRemarks(repository, number)),
    readMark: (target) =>
      watched(asked('readMark', target.repository, target.remark), () => forge.readMark(target)),
    setMark: (target, mark) =>
      watched(asked('setMark', target.repository, target.remark), () => forge.setMark(target, mark)),
    reply: (repository, number, body) =>
      watched(asked('reply', repository, number), () => forge.reply(repository, number, body)),
    readPermission: (repository, user) =>
      watched(asked('readPermission', repository, user.login), () => forge.readPermission(repository, user)),
  }
}

function refused(
  known: Known,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  asked: Asked,
  error: unknown,
): void {
  if (!(error instanceof Stalled) || error.right === null) return
  const key = keyOf(asked)
  const before = known.get(key)
  const goesOn = before?.right === error.right
  const since = goesOn ? before.since : clock.now()
  known.set(key, { ...asked, right: error.right, words: error.message, since })
  const { forge, member, repository } = asked
  if (!goesOn)
    log.error(
      { forge, member, repository, right: error.right, why: error.message },
      'a forge refuses our token',
    )
}

/** Over when it is proven, or when that very target has what was wanted, whoever gave it. */
function taken(known: Known, { log }: { readonly log: Log }, asked: Asked, proven: boolean): void {
  const key = keyOf(asked)
  const before = known.get(key)
  if (before === undefined || (!proven && before.target !== asked.target)) return
  known.delete(key)
  const { forge, member, repository, right, since } = before
  log.info({ forge, member, repository, right, since: since.toISOString() }, 'a forge takes our token again')
}

/** As many as there are configured repositories and members: what is remembered is bounded. */
function keyOf({ forge, member, repository }: Asked): string {
  return `${forge} ${member} ${repository}`
}

function countsOf(refusals: readonly Refusal[]): readonly RefusalCount[] {
  const counts = new Map<string, RefusalCount>()
  for (const { forge, member } of refusals) {
    const key = `${forge} ${member}`
    counts.set(key, { forge, member, repositories: (counts.get(key)?.repositories ?? 0) + 1 })
  }
  return [...counts.values()]
}

/** A right that our token lacks in one repository, as its last refusal worded it. */
interface Refusal {
  readonly forge: string
  readonly member: keyof ForgeClient
  readonly repository: string
  /** In the forge's own words. */
  readonly right: string
  readonly words: string
  readonly since: Date
}

/** A token that lacks a right mostly lacks it everywhere: one sentence tells of all repositories where it does. */
function refusalSentences(refusals: readonly Refusal[]): readonly string[] {
  const groups = new Map<string, [Refusal, ...Refusal[]]>()
  for (const refusal of refusals) {
    const key = `${refusal.forge} ${refusal.member} ${refusal.right}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [refusal])
    else group.push(refusal)
  }
  return [...groups.values()].map(sentence)
}

function sentence([first, ...others]: readonly [Refusal, ...Refusal[]]): string {
  const more = others.length === 0 ? '' : ` (and the same in ${others.length} more repositories)`
  return `Since ${first.since.toISOString()}: ${first.words}${more}`
}
