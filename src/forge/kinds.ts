import { giteaKind } from './gitea/kind.ts'
import { githubKind } from './github/kind.ts'
import { gitlabKind } from './gitlab/kind.ts'
import type { ForgeKind } from './kind.ts'

/** Every kind of forge, in the order of the documentation; `clients.ts` has the other half, which asks. */
export const forgeKinds = {
  github: githubKind,
  gitlab: gitlabKind,
  gitea: giteaKind,
  forgejo: giteaKind,
} as const satisfies Readonly<Record<string, ForgeKind>>

export type ForgeKindName = keyof typeof forgeKinds

export const forgeKindNames = Object.keys(forgeKinds) as readonly ForgeKindName[]
