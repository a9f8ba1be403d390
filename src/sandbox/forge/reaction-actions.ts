import type { ActionContext, ForgeActions } from './actions.ts'
import { commentWithId } from './comment-actions.ts'
import { repositoryNamed } from './state.ts'

/** As on a real Gitea and GitHub no event tells of them. */
export function reactionActions({ state }: ActionContext): Pick<ForgeActions, 'react' | 'unreact'> {
  const find = (name: string, id: number) => commentWithId(repositoryNamed(state, name), id).comment
  return {
    react(name, id, user, word) {
      const comment = find(name, id)
      const known = comment.reactions.find((one) => one.user.id === user.id && one.word === word)
      if (known !== undefined) return known
      const reaction = { id: state.nextId++, user, word }
      comment.reactions = [...comment.reactions, reaction]
      comment.reactedAt = reaction.id
      return reaction
    },
    unreact(name, id, user, word) {
      const comment = find(name, id)
      comment.reactions = comment.reactions.filter((one) => one.user.id !== user.id || one.word !== word)
      comment.reactedAt = state.nextId++
    },
  }
}
