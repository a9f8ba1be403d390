import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { forgeKindNames } from '../../src/forge/kinds.ts'
import { loadConfig } from '../../src/config/load.ts'

const folder = join(import.meta.dirname, '../../docs/forges')
const pages = readdirSync(folder)

/** What an example leaves out, so that it is a whole configuration. */
const rest = {
  environmentRepository: { url: 'https://git.acme.dev/acme/environments.git' },
  applications: [],
}

function textOf(path: string): string {
  return readFileSync(path, 'utf8')
}

function examplesIn(page: string): readonly string[] {
  return [...textOf(join(folder, page)).matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml)
}

/** Every variable that the text names, with something that would do. */
function environmentOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, `value-of-${name}`]),
  )
}

/** As GitHub makes them from headings. */
function anchorsOf(path: string): readonly string[] {
  return [...textOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}

describe('the pages about forges', () => {
  it('are there for every kind', () => {
    expect(pages.toSorted()).toEqual(['README.md', ...forgeKindNames.map((kind) => `${kind}.md`).sort()])
  })

  it.each(pages)('%s: every example is a configuration without a problem', (page) => {
    const examples = examplesIn(page)
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      const given = { ...rest, ...(parse(example) as { forges: { name: string }[] }) }
      const [first] = given.forges
      const shop = { name: 'web', forge: first?.name, repository: 'acme/web', template: 'preview.yaml.hbs' }
      const text = stringify({ ...given, applications: [...given.applications, shop] })
      expect(() => loadConfig({ path: 'mayfly.yaml', text, env: environmentOf(text) })).not.toThrow()
    }
  })

  it.each(pages)('%s: every link leads somewhere', (page) => {
    const links = [...textOf(join(folder, page)).matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)]
    expect(links.length).toBeGreaterThan(0)
    for (const [, file = '', anchor] of links) {
      const target = file === '' ? join(folder, page) : join(dirname(join(folder, page)), file)
      expect(anchorsOf(target), `${page}: ${file}#${anchor ?? ''}`).toEqual(
        expect.arrayContaining(anchor === undefined ? [] : [anchor]),
      )
    }
  })
})
