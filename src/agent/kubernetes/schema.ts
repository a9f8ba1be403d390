import { z } from 'zod'

const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  resourceVersion: z.string().min(1),
})

/** Any object; what a reader of one kind needs of it, its own schema asks for. */
export const objectSchema = z.looseObject({ metadata })

/** One page of a list. */
export const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string().min(1), continue: z.string().optional() }),
  items: z
    .array(objectSchema)
    .nullish()
    .transform((items) => items ?? []),
})

/** What the API server says with a refusal, or in an ERROR event. */
export const statusSchema = z.object({
  message: z.string().catch(''),
  code: z.number().catch(0),
})

/** One line of a watch. */
export const watchEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object: objectSchema }),
  z.object({
    type: z.literal('BOOKMARK'),
    object: z.object({ metadata: z.object({ resourceVersion: z.string().min(1) }) }),
  }),
  z.object({ type: z.literal('ERROR'), object: statusSchema }),
])

export type SeenObject = z.output<typeof objectSchema>
export type WatchEvent = z.output<typeof watchEventSchema>
