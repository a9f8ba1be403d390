import { commentActions } from './comment-actions.ts'
import type { ActionContext, ForgeActions } from './actions.ts'
import { pullActions } from './pull-actions.ts'
import { emptyRepository, mergeRequestByNumber, repositoryNamed } from './state.ts'

/** Changes the state, then tells of it. */
export function createActions(context: ActionContext): ForgeActions {
  return { ...repositoryDeeds(context), ...pullActions(context), ...commentActions(context) }
}

function repositoryDeeds({
  state,
}: ActionContext): Pick<ForgeActions, 'createRepository' | 'renameRepository' | 'renameBranch' | 'grant'> {
  return {
    createRepository(fullName) {
      const repository = emptyRepository(state.nextId++, fullName)
      state.repositories.push(repository)
      return repository
    },
    renameRepository(name, fullName) {
      const repository = repositoryNamed(state, name)
      repository.formerNames.push(repository.fullName)
      repository.fullName = fullName
    },
    renameBranch(name, number, branch) {
      mergeRequestByNumber(repositoryNamed(state, name), number).branch = branch
    },
    grant(name, login, rights) {
      repositoryNamed(state, name).rights.set(login, rights)
    },
  }
}
