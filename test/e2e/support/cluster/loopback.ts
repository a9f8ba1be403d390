import { once } from 'node:events'
import { connect } from 'node:net'
import { request } from 'node:https'

/** Whether a health page on loopback answers 200; over https whatever its certificate says. */
export async function isHealthy(url: string): Promise<boolean> {
  if (url.startsWith('http:')) return (await fetch(url)).ok
  return await new Promise((resolve, reject) => {
    const asked = request(url, { rejectUnauthorized: false, timeout: 5000 }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    asked.on('timeout', () => asked.destroy(new Error(`${url} did not answer within 5 s`)))
    asked.on('error', reject)
    asked.end()
  })
}

/** Whether somebody listens on a port of loopback. */
export async function acceptsConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } finally {
    socket.destroy()
  }
}
