import { randomBytes } from 'node:crypto'
import type { Clock } from '../../../src/pace/clock.ts'
import type { ForgeReply } from '../../../src/sandbox/forge/route.ts'
import type { SandboxRepository, SandboxUser } from '../../../src/sandbox/forge/state.ts'
import { jwtRefusal } from './app-jwt.ts'
import { refused } from './refusals.ts'

/** A GitHub App that is registered and installed. */
export interface StandInApp {
  readonly id: number
  readonly clientId: string
  /** Its bot is called `<slug>[bot]`. */
  readonly slug: string
  /** PEM. */
  readonly publicKey: string
  /** Where it is installed, on all repositories: one installation each. */
  readonly owners: readonly string[]
  /** For example `{ pull_requests: 'write' }`. */
  readonly permissions: Permissions
}

export type Permissions = Readonly<Record<string, 'read' | 'write'>>

export interface Installation {
  readonly id: number
  readonly owner: string
}

/** What a token that was given out may do. */
export interface Grant {
  readonly token: string
  readonly installation: Installation
  readonly permissions: Permissions
  /** Names without their owner; null: all of the owner's. */
  readonly repositories: readonly string[] | null
  readonly expiresAt: Date
}

export interface AppDesk {
  readonly app: StandInApp
  readonly bot: SandboxUser
  readonly installations: readonly Installation[]
  jwtRefusal(jwt: string): ForgeReply | null
  mint(wish: Pick<Grant, 'installation' | 'permissions' | 'repositories'>): Grant
  /** Null: never given out, or expired. */
  grantOf(token: string): Grant | null
  /** All tokens given out so far end now. */
  expireTokens(): void
}

const lifetimeMs = 60 * 60_000

export function createAppDesk(app: StandInApp, clock: Clock): AppDesk {
  const grants = new Map<string, Grant>()
  const issuers = [String(app.id), app.clientId]
  return {
    app,
    bot: { id: 900_000 + app.id, login: `${app.slug}[bot]`, fullName: app.slug, token: '', kind: 'bot' },
    installations: app.owners.map((owner, index) => ({ id: app.id * 100 + index, owner })),
    jwtRefusal: (jwt) => jwtRefusal(jwt, { publicKey: app.publicKey, issuers, now: clock.now() }),
    mint(wish) {
      const token = `ghs_${randomBytes(18).toString('hex')}`
      const grant = { ...wish, token, expiresAt: new Date(clock.now().getTime() + lifetimeMs) }
      grants.set(token, grant)
      return grant
    },
    grantOf(token) {
      const grant = grants.get(token)
      return grant === undefined || grant.expiresAt <= clock.now() ? null : grant
    },
    expireTokens() {
      grants.clear()
    },
  }
}

export function covers({ installation, repositories }: Grant, { fullName }: SandboxRepository): boolean {
  const [owner, name = ''] = fullName.split('/')
  return owner === installation.owner && (repositories === null || repositories.includes(name))
}

/** `Integration not found` where no App is registered. */
export const noApp = refused(404, 'Integration not found')
