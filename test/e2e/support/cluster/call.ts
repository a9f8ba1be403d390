import { request } from 'node:https'
import type { Connection } from './connection.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** With its query. */
  readonly path: string
  readonly contentType?: string
  readonly body?: string
}

export interface Answer {
  readonly status: number
  readonly text: string
}

/** One HTTPS call of the API server; any status is an answer. */
export async function callCluster(connection: Connection, call: Call): Promise<Answer> {
  const { url, authority, token } = connection
  return await new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': call.contentType ?? 'application/json',
    }
    const options = { method: call.method, ca: authority, headers, timeout: 30_000 }
    const asked = request(url + call.path, options, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() })
      })
    })
    asked.on('timeout', () => asked.destroy(new Error(`${call.method} ${call.path}: no answer within 30 s`)))
    asked.on('error', reject)
    asked.end(call.body)
  })
}
