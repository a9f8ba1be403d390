import { configJsonSchema } from '../src/config/json-schema.ts'
import { configurationTables } from './configuration-tables.ts'
import { keepFresh, readRootFile } from './generated-file.ts'

const path = 'docs/configuration.md'

/** Fills the generated parts of docs/configuration.md; its head is written by hand. */
async function main(): Promise<void> {
  const example = await readRootFile('mayfly.example.yaml')
  const withExample = replacePart(await readRootFile(path), 'example', `\`\`\`yaml\n${example}\`\`\``)
  const text = replacePart(withExample, 'reference', configurationTables(configJsonSchema))
  await keepFresh(path, text, 'npm run generate')
}

function replacePart(text: string, name: string, part: string): string {
  const begin = `<!-- generated: ${name} -->\n`
  const end = `\n<!-- end of generated: ${name} -->`
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`${path} has lost its marks around the part \`${name}\``)
  return `${text.slice(0, from + begin.length)}${part}${text.slice(to)}`
}

await main()
