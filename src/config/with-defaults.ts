/** The file with what `defaults` says filled into every application, key by key; lists are taken whole. */
export function withDefaults<Tree>(tree: Tree): Tree {
  if (!isMapping(tree)) return tree
  const { defaults, applications } = tree
  if (!isMapping(defaults) || !Array.isArray(applications)) return tree
  return { ...tree, applications: applications.map((application) => joined(defaults, application)) }
}

function joined(defaults: Readonly<Record<string, unknown>>, own: unknown): unknown {
  if (!isMapping(own)) return own
  const filled = Object.entries(defaults).map(([key, value]) => {
    const said = own[key]
    if (said === undefined) return [key, value]
    return [key, isMapping(value) ? joined(value, said) : said]
  })
  return { ...own, ...Object.fromEntries(filled) }
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
