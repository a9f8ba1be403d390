import { z } from 'zod'
import { processEnvironment } from '../config/environment.ts'
import { createFetch } from '../network/create-fetch.ts'
import { Stalled } from '../preview/errors.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import { parsePreviewId } from '../preview/preview-id.ts'
import { NotFound, UsageError } from './errors.ts'
import { readWhyPreview } from './why-target.ts'

const withinMs = 60_000
const mostBytes = 4 * 1024 * 1024

const ServiceExplanation = z.looseObject({ text: z.array(z.string()) })
const ServiceError = z.object({ error: z.string() })
const ServiceList = z.object({
  previews: z.array(z.object({ name: z.string(), application: z.string(), number: z.int() })),
})

/** What a running Mayfly at `url` says. `key` null: `target` is a preview. @throws NotFound, or Stalled with its words. */
export async function askService(url: string, target: string, key: MergeRequestKey | null) {
  const base = baseOf(url)
  const path =
    key === null
      ? `api/previews/${encodeURIComponent(await nameOf(base, target))}/why`
      : `api/merge-requests/${encodeURIComponent(key)}/why`
  const explanation = ServiceExplanation.safeParse(await getJson(new URL(path, base)))
  if (!explanation.success) throw new Stalled(`${base.href} answers something else than an explanation`)
  return explanation.data
}

function baseOf(url: string): URL {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(
      `--url ${JSON.stringify(url)} is no address: write for example http://127.0.0.1:8080`,
    )
  return new URL(url.endsWith('/') ? url : `${url}/`)
}

/** The service finds previews by their names of today. */
async function nameOf(base: URL, target: string): Promise<string> {
  const wanted = parsePreviewId(readWhyPreview(target) ?? '')
  const list = ServiceList.safeParse(await getJson(new URL('api/previews', base)))
  if (!list.success) throw new Stalled(`${base.href} answers something else than a list of previews`)
  const found = list.data.previews.find(
    ({ application, number }) => application === wanted?.application && number === wanted.number,
  )
  return found?.name ?? target
}

async function getJson(url: URL): Promise<unknown> {
  const { send } = createFetch(processEnvironment())
  const request = { method: 'GET', headers: { accept: 'application/json' }, redirect: 'manual' } as const
  const answer = await send(url, { ...request, signal: AbortSignal.timeout(withinMs) }).catch(
    (cause: unknown) => {
      throw new Stalled(`no Mayfly answers at ${url.origin}: is it running, and is that its address?`, {
        cause,
      })
    },
  )
  const body: unknown = parsed(await textOf(answer.body))
  if (answer.status === 200) return body
  const words = ServiceError.safeParse(body)
  const said = words.success ? words.data.error : `${url.origin} answers ${answer.status}`
  if (answer.status === 404) throw new NotFound(said)
  throw new Stalled(said)
}

async function textOf(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > mostBytes) throw new Stalled(`the answer has more than ${mostBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
