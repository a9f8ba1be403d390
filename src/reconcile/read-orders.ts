import type { Conversation, Remark } from '../forge/conversation.ts'
import { type Command, type CommandReading, readCommand } from '../lifecycle/read-command.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import { type Answered, answerCommand } from './answer-command.ts'
import { noOrders, type Orders } from './orders.ts'
import type { MergeRequestContext } from './preview-context.ts'

/** One comment that may be a command, and is not done yet. */
interface Asked {
  readonly remark: Remark
  readonly command: CommandReading
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
  const taken: Taken[] = []
  for (const { remark, command } of await readAsked(context, conversation, settings.commands.prefix)) {
    const answered: Answered = await answerCommand(context, { conversation, mergeRequest, remark, command })
    if (answered !== 'refused') taken.push({ command: answered, remark })
  }
  return ordersOf(context, conversation, taken)
}

interface Taken {
  readonly command: Command
  readonly remark: Remark
}

/** Oldest first: those after the newest one that is marked as done or refused. */
async function readAsked(
  { ref }: MergeRequestContext,
  conversation: Conversation,
  prefix: string,
): Promise<readonly Asked[]> {
  const remarks = await conversation.listRemarks(ref.repository, ref.number)
  const asked: Asked[] = []
  for (const remark of remarks.toReversed()) {
    if (remark.author.bot || remark.edited) continue
    const command = readCommand(remark.body, prefix)
    if (command === null) continue
    const mark = await conversation.readMark({ ...ref, remark: remark.id })
    if (mark === 'done' || mark === 'refused') break
    asked.unshift({ remark, command })
  }
  return asked
}

function ordersOf({ ref }: MergeRequestContext, conversation: Conversation, taken: readonly Taken[]): Orders {
  const newest = (verb: Command['verb']) => taken.findLast(({ command }) => command.verb === verb)
  const byWhom = (verb: Command['verb']) => newest(verb)?.remark.author.login ?? null
  const rollback = newest('rollback')
  return {
    approvedBy: byWhom('approve'),
    evictedBy: byWhom('evict'),
    rollback: rollback === undefined ? null : { by: rollback.remark.author.login, sha: rollback.command.sha },
    redeployedBy: byWhom('redeploy'),
    finish: async () => {
      for (const { remark } of taken) await conversation.setMark({ ...ref, remark: remark.id }, 'done')
    },
  }
}
