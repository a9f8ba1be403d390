import { expect } from 'vitest'

type Answer = Readonly<Record<string, unknown>>

/** The answer is read as it is; without the field at `path` (`head.repo`) it is refused, which the client tells as an odd answer. */
export function decidesNothing(answer: object, path: string, read: (answer: Answer) => unknown): void {
  expect(() => read(answer as Answer)).not.toThrow()
  expect(() => read(without(answer as Answer, path.split('.')))).toThrow()
}

function without(answer: Answer, [key = '', ...rest]: readonly string[]): Answer {
  if (!(key in answer)) throw new Error(`there is no ${key} to leave out`)
  const { [key]: left, ...others } = answer
  return rest.length === 0 ? others : { ...others, [key]: without(left as Answer, rest) }
}
