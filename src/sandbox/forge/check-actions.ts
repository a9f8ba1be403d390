import type { ActionContext, CheckWish, ForgeActions } from './actions.ts'
import { repositoryNamed, type SandboxCheck, type SandboxRepository } from './state.ts'

/** What CI does: every word is a new one, in a run of its own; the old ones stay. */
export function checkActions({ state, emit }: ActionContext): Pick<ForgeActions, 'setCheck'> {
  return {
    setCheck(name, sha, { kind = 'status', description = '', url = '', ...wish }) {
      const repository = repositoryNamed(state, name)
      const check = { sha, name: wish.name, state: wish.state, description, url, kind }
      const added = { ...check, id: nextIdOf(repository, kind) }
      if (kind === 'status') addStatus(repository, added, wish)
      else repository.checks.push(added)
      const actor = state.users.at(-1)
      if (actor !== undefined) emit({ kind: 'checked', repository, check: added, actor })
    },
  }
}

function nextIdOf({ statuses, checks }: SandboxRepository, kind: SandboxCheck['kind']): number {
  return 1 + (kind === 'status' ? statuses.length : checks.length)
}

function addStatus(
  { statuses }: SandboxRepository,
  { id, sha, name: context, state, description, url: targetUrl }: SandboxCheck,
  { allowFailure = false }: CheckWish,
): void {
  statuses.push({ id, sha, context, state, description, targetUrl, allowFailure })
}
