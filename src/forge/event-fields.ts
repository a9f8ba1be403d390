import { z } from 'zod'

/** The number of a merge request in a webhook; null when it is missing or not one that a key can hold. */
export const mergeRequestNumber = z.int().min(1).max(999_999_999_999_999).nullable().catch(null)

/** A full commit id; null when it is missing or odd. */
export const commitId = z
  .string()
  .regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/)
  .nullable()
  .catch(null)

/** A forge's numeric id as text, null when it is missing or odd. */
export const repositoryId = z
  .union([z.int().positive(), z.string().regex(/^[1-9]\d{0,18}$/)])
  .transform(String)
  .nullable()
  .catch(null)
