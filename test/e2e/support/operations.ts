import { z } from 'zod'

const readyz = z.object({ warnings: z.array(z.string()) })

/** The status of `/readyz` with its warnings. */
export async function readiness(
  url: string,
): Promise<{ readonly status: number; readonly warnings: readonly string[] }> {
  const answer = await fetch(`${url}/readyz`)
  return { status: answer.status, warnings: readyz.parse(await answer.json()).warnings }
}

/** How many webhooks this process has taken. */
export async function webhooksTaken(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(/^mayfly_webhooks_total\{[^}]*answer="taken"[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0)
}
