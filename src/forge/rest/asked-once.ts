import type { ForgeCall, ForgeHttp } from '../http/call.ts'

/** Asks the first time and remembers the answer; a failure is not remembered. */
export function askedOnce<T>(http: ForgeHttp, call: ForgeCall<T>): () => Promise<T> {
  let known: { readonly value: T } | null = null
  return async () => {
    if (known !== null) return known.value
    const answer = await http.ask(call)
    if (answer.kind === 'status') throw answer.error
    known = { value: answer.value }
    return answer.value
  }
}
