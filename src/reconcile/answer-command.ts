import type { Conversation, Remark } from '../forge/conversation.ts'
import { mayCommand, whoMayCommand } from '../lifecycle/may-command.ts'
import type { Command, CommandReading } from '../lifecycle/read-command.ts'
import { shortSha } from '../preview/brand.ts'
import { previewId } from '../preview/preview-id.ts'
import { sameLogin } from '../preview/eligible.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import { isPaused } from './paused-preview.ts'
import { countsAsWriter } from './permissions.ts'
import type { MergeRequestContext } from './preview-context.ts'

interface AskedNow {
  readonly conversation: Conversation
  readonly mergeRequest: MergeRequest
  readonly remark: Remark
  readonly command: CommandReading
}

/** `refused`: it was answered, and is not to be carried out. */
export type Answered = Command | 'refused'

/**
 * Whether a command is carried out, asked at the moment of acting: it is marked as seen, and as done once it has happened.
 */
export async function answerCommand(context: MergeRequestContext, asked: AskedNow): Promise<Answered> {
  const { conversation, remark } = asked
  const target = { ...context.ref, remark: remark.id }
  const why = await whyNot(context, asked)
  if (why !== null || asked.command.kind !== 'command') {
    if (context.ports.denials.isDue(context.key, remark.author.login))
      await conversation.reply(context.ref.repository, context.ref.number, replyText(why ?? ''))
    await conversation.setMark(target, 'refused')
    return 'refused'
  }
  await conversation.setMark(target, 'seen')
  return asked.command
}

async function whyNot(context: MergeRequestContext, asked: AskedNow): Promise<string | null> {
  const { command, mergeRequest } = asked
  const prefix = context.settings.commands?.prefix ?? ''
  switch (command.kind) {
    case 'unknown': {
      const meant = command.nearest === null ? '' : ` Did you mean \`${prefix} ${command.nearest}\`?`
      return `There is no such command.${meant} There are: approve, evict, rollback, redeploy.`
    }
    case 'unfinished':
      return `Write \`${command.write}\`, with at least seven digits of the commit.`
    case 'command':
      return (
        (await whyMayNot(context, asked, command)) ??
        whyNotThisCommit(command, mergeRequest) ??
        (await whyNothingToTurn(context, command))
      )
  }
}

async function whyMayNot(
  { settings, ref }: MergeRequestContext,
  { conversation, mergeRequest, remark }: AskedNow,
  { verb }: Command,
): Promise<string | null> {
  const isAuthor = sameLogin(remark.author.login, mergeRequest.author.login)
  if (countsAsWriter(settings, remark.author.login)) return null
  const reading = await conversation.readPermission(ref.repository, remark.author)
  const permission = reading.kind === 'known' ? reading.permission : 'none'
  if (mayCommand(verb, { permission, isAuthor })) return null
  const unknown = reading.kind === 'unknown' ? ` (${reading.why})` : ''
  return `\`${verb}\` is for ${whoMayCommand(verb)}.${unknown}`
}

/** A word about an older commit is no word about this one. */
function whyNotThisCommit({ verb, sha }: Command, mergeRequest: MergeRequest): string | null {
  if (verb !== 'approve' || sha === null || mergeRequest.sha.startsWith(sha)) return null
  return `The newest commit is \`${shortSha(mergeRequest.sha)}\`: read it, and approve that one.`
}

/** To end or to turn back there must be something that stands, and that nobody has paused. */
async function whyNothingToTurn(
  { settings, ports, ref }: MergeRequestContext,
  { verb, sha }: Command,
): Promise<string | null> {
  if (verb !== 'rollback' && verb !== 'evict') return null
  // That nothing stands must be true of the newest tip: another replica may have written it.
  const view = await ports.repository.refresh()
  const standing = settings.applications
    .filter(({ forge, repository }) => forge === ref.forge && repository === ref.repository)
    .map(({ name }) => previewId(name, ref.number))
    .filter((preview) => view.manifestsOf(preview).length > 0)
  if (standing.length === 0) return 'No preview of this merge request stands.'
  if (verb === 'evict') return null
  if (standing.some((preview) => isPaused(view.manifestsOf(preview))))
    return 'This preview is paused: take the annotation `mayfly.dev/paused` off its manifest first.'
  for (const preview of standing) if ((await ports.repository.earlier(preview, sha)) !== null) return null
  const which = sha === null ? 'an older commit' : `\`${sha.slice(0, 7)}\``
  return `The environment repository holds no version of this preview for ${which}.`
}

/** The marker keeps it from being taken for the comment that is edited in place. */
function replyText(why: string): string {
  return `<!-- mayfly:reply -->\n${why}\n`
}
