import { z } from 'zod'

/** A point in time as forges write it (RFC 3339); the zero times of Go and Unix are none. */
export const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((time) => time.getTime() > 0, 'no point in time')
