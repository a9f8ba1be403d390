import type { Operation, Question } from './forge-questions.ts'

/** When a fault strikes: in all passes of a round, from the second on, or from the third. */
export const positions = ['before', 'between', 'after'] as const
export type Position = (typeof positions)[number]

/** One request of Mayfly's, one page of it where it is a list, and when it is struck. */
export interface FaultCase {
  readonly name: string
  readonly operation: Operation
  readonly page: number | null
  readonly position: Position
  /** Where it is asked: each case has a merge request, or a whole repository, of its own. */
  readonly place: Place
}

export interface Place {
  readonly repository: string
  /** The merge request that is pushed to and looked at. */
  readonly number: number
}

/** One application a repository; `web` asks for the files that a merge request changes. */
export const reported = 'acme/shop'
export const filed = 'acme/web'
export const signed = 'acme/own'
const listed = 'a b c d e f g h i j k l'.split(' ').map((letter) => `acme/list-${letter}`)

const ofReports = casesOf([
  ['read merge request', null],
  ['list comments', 1],
  ['list comments', 2],
  ['list comments', 3],
  ['create comment', null],
  ['edit comment', null],
  ['list statuses', 1],
  ['create status', null],
]).map((one, index): FaultCase => ({ ...one, place: { repository: reported, number: index + 1 } }))

const ofFiles = casesOf([
  ['list changed files', 1],
  ['list changed files', 2],
  ['list changed files', 3],
]).map((one, index): FaultCase => ({ ...one, place: { repository: filed, number: index + 1 } }))

const ofLists = casesOf([
  ['read repository', null],
  ['list open merge requests', 1],
  ['list open merge requests', 2],
  ['list open merge requests', 3],
]).map((one, index): FaultCase => ({ ...one, place: { repository: listed[index] ?? '', number: 1 } }))

/** These need a Mayfly that does not know yet who it is, so each has a turn of its own. */
export const ofOwnUser = casesOf([['read own user', null]]).map(
  (one): FaultCase => ({ ...one, place: { repository: signed, number: 1 } }),
)

/** Those that share a round. */
export const ofRounds: readonly FaultCase[] = [...ofReports, ...ofFiles, ...ofLists]

/** How many merge requests are open where, so that lists have three pages of two at least. */
export const openMergeRequests: ReadonlyMap<string, number> = new Map([
  [reported, ofReports.length],
  [filed, ofFiles.length],
  [signed, 3],
  ...listed.map((repository) => [repository, 5] as const),
])

export function isAbout({ operation, page, place }: FaultCase, question: Question, at: Place): boolean {
  if (question.operation !== operation || question.page !== page) return false
  return place.repository === at.repository && (at.number === 0 || place.number === at.number)
}

type Row = readonly [operation: Operation, page: number | null]

function casesOf(rows: readonly Row[]): readonly Omit<FaultCase, 'place'>[] {
  return rows.flatMap(([operation, page]) =>
    positions.map((position) => {
      const words = page === null ? operation : `${operation}, page ${page}`
      return { name: `${words}, ${position}`, operation, page, position }
    }),
  )
}
