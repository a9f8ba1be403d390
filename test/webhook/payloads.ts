import { readFileSync } from 'node:fs'
import { giteaWebhook } from '../../src/forge/gitea/webhook.ts'
import { githubWebhook } from '../../src/forge/github/webhook.ts'
import { gitlabWebhook } from '../../src/forge/gitlab/webhook.ts'
import type { WebhookDialect, WebhookReading } from '../../src/forge/webhook-dialect.ts'

export type Family = 'github' | 'gitlab' | 'gitea' | 'forgejo'

export const families: readonly Family[] = ['github', 'gitlab', 'gitea', 'forgejo']

export const dialects: Readonly<Record<Family, WebhookDialect>> = {
  github: githubWebhook,
  gitlab: gitlabWebhook,
  gitea: giteaWebhook,
  forgejo: giteaWebhook,
}

/** One delivery as the forge documents it, and what it must come to. */
export interface Delivery {
  readonly name: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Record<string, unknown>
  readonly expected: WebhookReading
}

interface PayloadFile {
  readonly base: Record<string, unknown>
  readonly cases: readonly (Omit<Delivery, 'body'> & Given)[]
}

type Given = { readonly patch: Record<string, unknown> } | { readonly body: Record<string, unknown> }

/** The hand-kept deliveries of a forge: each file holds one full body, and what each case changes in it or has in its place. */
export function deliveries(family: Family): readonly Delivery[] {
  const path = new URL(`payloads/${family}.json`, import.meta.url)
  const { base, cases } = JSON.parse(readFileSync(path, 'utf8')) as PayloadFile
  return cases.map(({ name, headers, expected, ...given }) => {
    const body = 'body' in given ? given.body : merged(base, given.patch)
    return { name, headers, expected, body }
  })
}

export function deliveryNamed(family: Family, name: string): Delivery {
  const delivery = deliveries(family).find((each) => each.name === name)
  if (delivery === undefined) throw new Error(`no delivery ${name} for ${family}`)
  return delivery
}

function merged(base: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(patch).map(([key, value]) => {
    const below = base[key]
    return [key, isRecord(below) && isRecord(value) ? merged(below, value) : value]
  })
  return { ...base, ...(Object.fromEntries(entries) as Record<string, unknown>) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
