/** How many previews may stand at once; null: no limit. */
export interface Limits {
  readonly total: number | null
  readonly perApplication: number | null
  readonly perAuthor: number | null
  readonly perRepository: number | null
  readonly whenFull: 'wait' | 'refuse'
}
