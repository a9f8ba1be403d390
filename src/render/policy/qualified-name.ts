const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** A DNS subdomain (RFC 1123), as most names of objects are. */
function isSubdomain(name: string): boolean {
  return dnsSubdomain.test(name) && name.length <= 253
}

/** The key of a label, the name of a resource: at most 63 characters, after an optional domain and a slash. */
export function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/')
  const name = key.slice(slash + 1)
  if (slash !== -1 && !isSubdomain(key.slice(0, slash))) return false
  return /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name) && name.length <= 63
}

export function isLabelValue(value: string): boolean {
  return /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/.test(value) && value.length <= 63
}
