import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'

/** Passes a CGI answer on: its head becomes status and headers, the rest streams. Without a response it is only read. */
export async function readCgiAnswer(output: Readable, response: ServerResponse | undefined): Promise<void> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of output as AsyncIterable<Buffer>) {
    if (response === undefined) continue
    if (head === undefined) {
      response.write(chunk)
      continue
    }
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) continue
    writeHead(head.subarray(0, end).toString('latin1'), response)
    response.write(head.subarray(end + 4))
    head = undefined
  }
  if (head !== undefined && response !== undefined) response.writeHead(500)
  response?.end()
}

function writeHead(head: string, response: ServerResponse): void {
  let status = 200
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    const value = line.slice(colon + 1).trim()
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10)
    else response.setHeader(name, value)
  }
  response.writeHead(status)
}
