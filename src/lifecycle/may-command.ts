import type { CommandVerb } from './read-command.ts'

/** Who asks, as the forge tells at the moment of acting. */
export interface Commander {
  readonly permission: 'write' | 'read' | 'none'
  /** Of the merge request. */
  readonly isAuthor: boolean
}

/** Who may: those who may write to the repository, or they and the author of the merge request. */
const rules: Readonly<Record<CommandVerb, 'writers' | 'writers and the author'>> = {
  approve: 'writers',
  evict: 'writers',
  rollback: 'writers',
  redeploy: 'writers and the author',
}

export function mayCommand(verb: CommandVerb, { permission, isAuthor }: Commander): boolean {
  if (permission === 'write') return true
  return isAuthor && rules[verb] === 'writers and the author'
}

/** For the reply to whoever may not. */
export function whoMayCommand(verb: CommandVerb): string {
  switch (rules[verb]) {
    case 'writers':
      return 'whoever may write to this repository'
    case 'writers and the author':
      return 'the author of this merge request, and whoever may write to this repository'
  }
}
