import type { Manifest } from '../environment-repository/port.ts'
import type { CheckReading } from '../forge/commit-checks.ts'
import { RetryLater } from '../preview/errors.ts'
import type { MergeRequest } from '../preview/merge-request.ts'
import type { PreviewNames } from '../preview/name.ts'
import { judgeGate } from '../lifecycle/gate.ts'
import type { Held, Ruling } from '../lifecycle/ruling.ts'
import type { ImageReading } from '../registry/port.ts'
import { pinned } from '../registry/pinned.ts'
import { pinsOf } from './image-pins.ts'
import type { PreviewContext } from './preview-context.ts'
import { trust } from './trust.ts'
import { type Images, imagesOf } from './template-variables.ts'

/** Whether the newest commit of a merge request may be written, and what was seen on the way to this answer. */
export interface Admission {
  /** Null: it may. */
  readonly held: Held | null
  /** Images by the digests that were found; empty where nothing is pinned. */
  readonly pinned: Images
  readonly rulings: readonly Ruling[]
  /** Who approved this commit of somebody who is not trusted; null: nobody had to. */
  readonly approvedBy: string | null
}

/**
 * Asks who may start it, then the gate of the application. What stands at this very commit has passed it before: it is not asked again, and keeps the
 * images that it was written with.
 */
export async function admit(
  context: PreviewContext,
  mergeRequest: MergeRequest,
  names: PreviewNames,
  standing: readonly Manifest[],
): Promise<Admission> {
  const { application, preview, ports } = context
  const { gate } = application
  const { held: distrust, ruling, approvedBy } = await trust(context, mergeRequest, standing)
  const told = { approvedBy, pinned: {} }
  if (distrust !== null) return { ...told, held: distrust, rulings: [ruling] }
  if (gate === null) return { ...told, held: null, rulings: [ruling] }
  const images = gate.image ? imagesOf(application, mergeRequest, names) : {}
  const written = standing.find(({ sha }) => sha === mergeRequest.sha)
  if (written !== undefined)
    return { ...told, held: null, pinned: pinsOf(written, images), rulings: [ruling, passedBefore] }
  const checks = await readChecks(context, mergeRequest)
  const havePassed = checks.every(({ state }) => state === 'passed')
  const found = gate.image && havePassed ? await findImages(context, images) : null
  const waitedMs = ports.gateWaits.waitedMs(
    `${preview} ${mergeRequest.sha}`,
    context.orders.redeployedBy !== null,
  )
  const { held, rulings } = judgeGate({ gate, sha: mergeRequest.sha, checks, images: found, waitedMs })
  return {
    ...told,
    held,
    rulings: [ruling, ...rulings],
    pinned: held === null && gate.pin ? pinsFound(found ?? []) : {},
  }
}

const passedBefore: Ruling = {
  rule: 'checks',
  answer: 'yes',
  saw: 'this commit is written already, and is not asked again',
}

async function readChecks(
  { application, ports, ref }: PreviewContext,
  { sha }: MergeRequest,
): Promise<readonly CheckReading[]> {
  const names = application.gate?.checks ?? []
  if (names.length === 0) return []
  const checks = ports.checks.get(ref.forge)
  if (checks === undefined) throw new RetryLater(`the forge ${ref.forge} cannot be asked for checks`)
  return await checks.readChecks(ref.repository, sha, names)
}

type Found = { readonly name: string; readonly reference: string } & {
  readonly reading: ImageReading
}

async function findImages({ ports }: PreviewContext, images: Images): Promise<readonly Found[]> {
  return await Promise.all(
    Object.entries(images).map(async ([name, reference]) => ({
      name,
      reference,
      reading: await ports.images.find(reference),
    })),
  )
}

function pinsFound(found: readonly Found[]): Images {
  return Object.fromEntries(
    found.flatMap(({ name, reference, reading }) =>
      reading.kind === 'there' && reading.digest !== null ? [[name, pinned(reference, reading.digest)]] : [],
    ),
  )
}
