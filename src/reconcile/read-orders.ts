import type { Conversation, Remark } from '../forge/conversation.ts'
import { type Command, type CommandReading, readCommand } from '../lifecycle/read-command.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import { type Answered, answerCommand } from './answer-command.ts'
import { noOrders, type Orders } from './orders.ts'
import type { MergeRequestContext } from './preview-context.ts'

/** One comment that may be a command, with what our reaction says of it. */
interface Asked {
  readonly remark: Remark
  readonly command: CommandReading
  readonly isHandled: boolean
}

/**
 * Reads the commands on a merge request. Our own reaction is the mark of what is done: what came before the newest marked one has been
 * looked at. An edited comment and a bot's are no commands.
 */
export async function readOrders(context: MergeRequestContext, mergeRequest: MergeRequest): Promise<Orders> {
  const { settings, ports, ref } = context
  const conversation = ports.conversations.get(ref.forge)
  if (settings.commands === null || conversation === undefined || mergeRequest.state !== 'open')
    return noOrders
  const asked = await readAsked(context, conversation, settings.commands.prefix)
  const taken: { readonly command: Command; readonly remark: Remark }[] = []
  const approvals: { sha: string; by: string }[] = []
  for (const { remark, command, isHandled } of asked) {
    const by = remark.author.login
    if (isHandled) {
      if (command.kind === 'command' && command.verb === 'approve')
        approvals.push({ sha: command.sha ?? '', by })
      continue
    }
    const answered: Answered = await answerCommand(context, { conversation, mergeRequest, remark, command })
    if (answered === 'refused') continue
    if (answered.verb === 'approve') approvals.push({ sha: answered.sha ?? '', by })
    else taken.push({ command: answered, remark })
  }
  return ordersOf(context, conversation, { taken, approvals })
}

/** Oldest first; those before the newest one that is marked need no look, but approvals count for as long as their commit stands. */
async function readAsked(
  { ref }: MergeRequestContext,
  conversation: Conversation,
  prefix: string,
): Promise<readonly Asked[]> {
  const remarks = await conversation.listRemarks(ref.repository, ref.number)
  const asked: Asked[] = []
  let isOld = false
  for (const remark of remarks.toReversed()) {
    if (remark.author.bot || remark.edited) continue
    const command = readCommand(remark.body, prefix)
    if (command === null) continue
    const isApproval = command.kind === 'command' && command.verb === 'approve'
    if (isOld && !isApproval) continue
    const mark = await conversation.readMark({ ...ref, remark: remark.id })
    isOld ||= mark === 'done' || mark === 'refused'
    if (mark !== 'refused') asked.unshift({ remark, command, isHandled: mark === 'done' })
  }
  return asked
}

function ordersOf(
  { ref }: MergeRequestContext,
  conversation: Conversation,
  found: {
    readonly taken: readonly { readonly command: Command; readonly remark: Remark }[]
    readonly approvals: Orders['approvals']
  },
): Orders {
  const newest = (verb: Command['verb']) => found.taken.findLast(({ command }) => command.verb === verb)
  const evict = newest('evict')
  const rollback = newest('rollback')
  return {
    approvals: found.approvals,
    evictedBy: evict?.remark.author.login ?? null,
    rollback: rollback === undefined ? null : { by: rollback.remark.author.login, sha: rollback.command.sha },
    redeployedBy: newest('redeploy')?.remark.author.login ?? null,
    finish: async () => {
      for (const { remark } of found.taken) await conversation.setMark({ ...ref, remark: remark.id }, 'done')
    },
  }
}
