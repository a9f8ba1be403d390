import { RetryLater, Stalled } from '../../preview/errors.ts'
import { type ForgeCall, placeOf } from './call.ts'

const redirects: readonly number[] = [301, 302, 303, 307, 308]
const onlyForReading: readonly number[] = [302, 303]

/** Where a renamed repository lives now, or null when this is no redirect. Only ever an address on the same origin. */
export function redirectTarget(
  response: Response,
  from: URL,
  call: ForgeCall<unknown>,
  forge: string,
): URL | null {
  if (!redirects.includes(response.status)) return null
  const location = response.headers.get('location') ?? ''
  if (location === '' || !URL.canParse(location, from.href))
    throw new RetryLater(`${forge} redirects ${placeOf(call)} (${response.status}) without saying where to`)
  const target = new URL(location, from)
  if (target.origin !== from.origin)
    throw new Stalled(
      `${forge} redirects ${placeOf(call)} from ${from.origin} to ${target.origin}. Mayfly does not send its token there: if that is the forge's address today, set \`url\` of forge ${forge} to it.`,
    )
  if (call.method !== 'GET' && onlyForReading.includes(response.status))
    throw new RetryLater(
      `${forge} answers ${placeOf(call)} with a redirect (${response.status}) that fits no write`,
    )
  return new URL(`${target.pathname}${target.search}`, from.origin)
}
