/** An http or https URL without a slash at its end, as everything here keeps URLs. */
export function trimmedUrl(text: string): string {
  const { origin, pathname } = new URL(text)
  return `${origin}${pathname.replace(/\/+$/, '')}`
}

/** The parsed URL; undefined when `text` is none. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

/** Whether a host name means this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.[0-9]+){3}|\[::1\])$/.test(hostname)
}
