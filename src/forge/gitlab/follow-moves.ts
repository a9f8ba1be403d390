import type { Repository } from '../../preview/merge-request.ts'
import type { ForgeAnswer, ForgeCall, ForgeHttp } from '../http/call.ts'

const notAllowed = 405

/**
 * Under a former path GitLab redirects who reads, and refuses who writes with a 405 that names no new place
 * (https://docs.gitlab.com/api/rest/#redirects). Then the project is read, and the write goes to its number.
 */
export function followMoves(http: ForgeHttp, project: (path: string) => ForgeCall<Repository>): ForgeHttp {
  return {
    async ask<T>(call: ForgeCall<T>): Promise<ForgeAnswer<T>> {
      if (call.method === 'GET') return http.ask(call)
      const answer = await http.ask({ ...call, expected: [...(call.expected ?? []), notAllowed] })
      if (answer.kind === 'value' || answer.status !== notAllowed) return answer
      const [projects = '', asked = '', ...rest] = call.path
      const found = await http.ask(project(asked))
      if (found.kind === 'status') throw found.error
      const { id, fullName } = found.value
      // Not moved: refused for another reason.
      if (asked === id || asked.toLowerCase() === fullName.toLowerCase()) throw answer.error
      return http.ask({ ...call, path: [projects, id, ...rest] })
    },
  }
}
