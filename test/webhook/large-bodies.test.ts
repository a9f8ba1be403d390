import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { forgeKinds } from '../../src/forge/kinds.ts'
import { createEventReader } from '../../src/webhook/create-event-reader.ts'
import { readEvent } from '../../src/webhook/read-event.ts'
import { deliveryNamed, families } from './payloads.ts'

/** A delivery as the forge sends it, with a description of so many members. */
function sized(family: (typeof families)[number], description: unknown) {
  const { headers, body } = deliveryNamed(family, 'opened')
  return { headers, bytes: Buffer.from(JSON.stringify({ description, ...body })) }
}

// One long text, as in a merge request of 400 000 characters, and the costly kind: hundreds of thousands of members.
const descriptions = [
  'x'.repeat(4_000_000),
  Array.from({ length: 400_000 }, (_, at) => ({ [`k${at % 9}`]: [at] })),
]

it.each(families)('%s: a large body says the same as on this thread', async (family) => {
  const read = createEventReader()
  for (const description of descriptions) {
    const request = sized(family, description)
    const answer = await read(family, request)
    expect(answer).toMatchObject({ kind: 'event', event: 'opened' })
    expect(answer).toEqual(readEvent(forgeKinds[family].webhook, request))
  }
})

it('others are served while one is read, and each gets its own answer', async () => {
  const read = createEventReader()
  const requests = families.map((family) => ({ family, request: sized(family, descriptions[1]) }))
  const all = Promise.all(requests.map(({ family, request }) => read(family, request)))
  let turns = 0
  // Parsed here, they would all be there at the first turn.
  while ((await Promise.race([all, turn(null)])) === null) turns += 1
  expect(turns).toBeGreaterThan(50)
  expect(await all).toEqual(
    requests.map(({ family, request }) => readEvent(forgeKinds[family].webhook, request)),
  )
})

it('a body that the thread cannot hold ends that thread, not the process, and the next one is read', async () => {
  const read = createEventReader({ threadMemoryMb: 16 })
  await expect(read('github', sized('github', descriptions[1]))).rejects.toThrow(
    'the thread that reads large bodies failed',
  )
  expect(await read('github', sized('github', 'x'.repeat(200_000)))).toMatchObject({ kind: 'event' })
})

it.each(['{"a":'.repeat(100_000), `{"a":"${'x'.repeat(200_000)}`, `[${'1,'.repeat(200_000)}1]`])(
  'a large body that is no event is refused in the same words: %.9s',
  async (text) => {
    const request = { headers: deliveryNamed('github', 'opened').headers, bytes: Buffer.from(text) }
    expect(await createEventReader()('github', request)).toEqual(
      readEvent(forgeKinds.github.webhook, request),
    )
  },
)
