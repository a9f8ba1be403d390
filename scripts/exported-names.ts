import ts from 'typescript'

/** A name that a file gives to the house. */
export interface ExportedName {
  readonly name: string
  readonly path: string
}

/** What a file declares and exports; a type and a value of one name are one. */
export function exportedNames(path: string, text: string): readonly ExportedName[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const names = source.statements.filter(isExported).flatMap((statement) => namesOf(statement))
  return [...new Set(names)].map((name) => ({ name, path }))
}

/**
 * Names that mean two things. The adapters of a port are one beside the other: `forge/github/map.ts` may translate by the same
 * names as `forge/gitlab/map.ts`, as nobody imports both.
 */
export function nameProblems(exported: readonly ExportedName[]): readonly string[] {
  const places = new Map<string, string[]>()
  for (const { name, path } of exported) {
    const known = places.get(name) ?? []
    if (!known.some((other) => areBeside(other, path))) places.set(name, [...known, path])
  }
  return [...places]
    .filter(([, paths]) => paths.length > 1)
    .map(
      ([name, paths]) =>
        `${paths.join(' and ')}: \`${name}\` means two things; give one of them a word of its own.`,
    )
}

function areBeside(one: string, other: string): boolean {
  const [first, second] = [one, other].map((path) =>
    path.replace(/^(src\/(?:forge|agent))\/[^/]+\//, '$1/*/'),
  )
  return first === second && first?.includes('/*/') === true
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false
  return ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) =>
      ts.isIdentifier(name) ? [name.text] : [],
    )
  const { name } = statement as { name?: ts.Node }
  return name !== undefined && ts.isIdentifier(name) ? [name.text] : []
}
