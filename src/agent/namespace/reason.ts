/** One thing that is wrong. `rank`: how near to the cause it is, 0 is nearest; the headline is the nearest one. */
export interface Reason {
  readonly rank: number
  /** When it began, as far as the cluster tells; not its last repetition, which would change a comment with every look. */
  readonly since: Date | null
  readonly line: string
}

/** From the cause to what merely follows from it. */
export const ranks = {
  image: 0,
  start: 1,
  crash: 2,
  job: 3,
  refused: 4,
  schedule: 5,
  claim: 6,
  probe: 7,
  late: 8,
  event: 9,
} as const
