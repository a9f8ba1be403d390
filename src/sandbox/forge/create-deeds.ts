import { commentDeeds } from './comment-deeds.ts'
import type { DeedContext, Deeds } from './deeds.ts'
import { pullDeeds } from './pull-deeds.ts'
import { emptyRepository, mergeRequestOf, repositoryNamed } from './state.ts'

/** Changes the state, then tells of it. */
export function createDeeds(context: DeedContext): Deeds {
  return { ...repositoryDeeds(context), ...pullDeeds(context), ...commentDeeds(context) }
}

function repositoryDeeds({
  state,
}: DeedContext): Pick<Deeds, 'createRepository' | 'renameRepository' | 'renameBranch' | 'grant'> {
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
      mergeRequestOf(repositoryNamed(state, name), number).branch = branch
    },
    grant(name, login, rights) {
      repositoryNamed(state, name).rights.set(login, rights)
    },
  }
}
