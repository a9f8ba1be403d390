import type { ServerResponse } from 'node:http'

/** What a forge, or the network before it, can do wrong. */
export const faults = [
  '500',
  '502 HTML',
  '503',
  '503 with Retry-After',
  'HTML with 200',
  'empty list with 200',
  'empty object with 200',
  'null with 200',
  'empty body with 200',
  'truncated JSON',
  'body cut short',
  'lost items',
  'no count',
  'count of another list',
  'broken Link',
  'hang',
  'reset',
  '301 elsewhere',
  '304 unasked',
  '401',
  '403',
  '403 with Retry-After',
  '403 with spent budget',
  '403 secondary limit',
  '429',
  '429 with Retry-After',
  '422 abuse',
  '404',
] as const
export type Fault = (typeof faults)[number]

/** The true answer. */
export interface TrueAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Answers in the way of the fault; `ask` gives the true answer to those that spoil it. */
export async function strike(
  fault: Fault,
  response: ServerResponse,
  ask: () => Promise<TrueAnswer>,
): Promise<void> {
  switch (fault) {
    case 'hang':
      return
    case 'reset':
      response.destroy()
      return
    case 'truncated JSON':
    case 'body cut short':
    case 'lost items':
    case 'no count':
    case 'count of another list':
    case 'broken Link':
      spoil(fault, await ask(), response)
      return
    case '500':
    case '502 HTML':
    case '503':
    case '503 with Retry-After':
    case 'HTML with 200':
    case 'empty list with 200':
    case 'empty object with 200':
    case 'null with 200':
    case 'empty body with 200':
    case '301 elsewhere':
    case '304 unasked':
    case '401':
    case '403':
    case '403 with Retry-After':
    case '403 with spent budget':
    case '403 secondary limit':
    case '429':
    case '429 with Retry-After':
    case '422 abuse':
    case '404': {
      const [status, body, headers] = made(fault)
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
    }
  }
}

type Spoiling = Extract<
  Fault,
  'truncated JSON' | 'body cut short' | 'lost items' | 'no count' | 'count of another list' | 'broken Link'
>
type Made = readonly [status: number, body: string, headers?: Readonly<Record<string, string>>]

/** Answers that do not need the true one. */
function made(fault: Exclude<Fault, Spoiling | 'hang' | 'reset'>): Made {
  const slowDown = { 'retry-after': '17' }
  const none = { 'x-total-count': '0', 'x-total': '0', 'x-next-page': '' }
  switch (fault) {
    case '500':
      return [500, '{"message":"boom"}']
    case '502 HTML':
      return [502, '<html>bad gateway</html>', { 'content-type': 'text/html' }]
    case '503':
      return [503, '']
    case '503 with Retry-After':
      return [503, '', slowDown]
    case 'HTML with 200':
      return [200, '<html>please log in</html>', { 'content-type': 'text/html' }]
    case 'empty list with 200':
      return [200, '[]']
    case 'empty object with 200':
      return [200, '{}', none]
    case 'null with 200':
      return [200, 'null', none]
    case 'empty body with 200':
      return [200, '', none]
    case '301 elsewhere':
      return [301, '', { location: 'https://elsewhere.example.com/api/v1/user' }]
    case '304 unasked':
      return [304, '']
    case '401':
      return [401, '{"message":"token expired"}']
    case '403':
      return [403, '{"message":"forbidden"}']
    case '403 with Retry-After':
      return [403, '{"message":"slow down"}', slowDown]
    case '403 with spent budget': {
      const reset = String(Math.round(Date.now() / 1000) + 17)
      return [403, '{}', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }]
    }
    case '403 secondary limit':
      return [403, '{"message":"You have exceeded a secondary rate limit."}']
    case '429':
      return [429, '']
    case '429 with Retry-After':
      return [429, '', slowDown]
    case '422 abuse':
      return [422, '{"message":"Validation Failed","errors":[{"code":"abuse"}]}']
    case '404':
      return [404, '{"message":"not found"}']
  }
}

/** Faults that begin with the true answer. On an answer that is no list those of lists truncate it. */
function spoil(fault: Spoiling, { status, headers, text }: TrueAnswer, response: ServerResponse): void {
  const list = text.startsWith('[') ? (JSON.parse(text) as unknown[]) : null
  const half = text.slice(0, Math.floor(text.length / 2))
  // What is in it is not what the tag stands for.
  const { etag: _etag, ...plain } = headers
  const send = (changed: Readonly<Record<string, string>>, body: string) => {
    response.writeHead(status, { ...changed, etag: 'W/"spoiled"' }).end(body)
  }
  if (fault === 'body cut short') {
    response.writeHead(status, { ...headers, 'content-length': String(text.length + 1) })
    response.write(half, () => response.destroy())
  } else if (fault === 'truncated JSON' || list === null) send(plain, half)
  else if (fault === 'lost items') send(plain, JSON.stringify(list.slice(1)))
  else if (fault === 'broken Link') send({ ...plain, link: 'next: page 2' }, text)
  else if (fault === 'no count') send(without(plain, ['link', 'x-next-page', ...counts]), text)
  else send(countedOneMore(plain), text)
}

const counts: readonly string[] = ['x-total', 'x-total-count']

function without(
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}

/** A forge that does not count announces one page more. */
function countedOneMore(headers: Readonly<Record<string, string>>): Record<string, string> {
  const counted = counts.filter((name) => name in headers)
  if (counted.length === 0)
    return { ...headers, link: '<https://elsewhere.example.com/?page=99>; rel="next"' }
  const more = counted.map((name) => [name, String(Number(headers[name]) + 1)])
  return { ...headers, ...(Object.fromEntries(more) as Record<string, string>) }
}
