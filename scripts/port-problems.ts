import ts from 'typescript'

const mostMembers = 6

/**
 * What is wrong with a `port.ts`: the interface named after its room is small, and nothing in the file is optional. A word
 * before the room's name may say which one it is: `ImageRegistry` of the room `registry`.
 */
export function portProblems(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const interfaces = source.statements.filter(ts.isInterfaceDeclaration)
  const portName = pascalCase(path.split('/').at(-2) ?? '')
  const port = interfaces.find((candidate) => candidate.name.text.endsWith(portName))
  if (port === undefined) return [`${path}: name the port after its room: \`export interface ${portName}\`.`]
  return [...sizeProblems(path, port), ...interfaces.flatMap((each) => optionalProblems(path, each))]
}

function sizeProblems(path: string, port: ts.InterfaceDeclaration): string[] {
  if (port.members.length <= mostMembers) return []
  return [
    `${path}: ${port.name.text} has ${port.members.length} members; a port has at most ${mostMembers}, move the rest out of it.`,
  ]
}

function optionalProblems(path: string, each: ts.InterfaceDeclaration): string[] {
  return each.members
    .filter((member) => member.questionToken !== undefined)
    .map(
      () => `${path}: ${each.name.text} has an optional member; write \`| null\`, so that nobody forgets it.`,
    )
}

function pascalCase(kebab: string): string {
  return kebab.replaceAll(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase())
}
