import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { loadConfig } from '../../src/config/load.ts'
import { render } from '../../src/render/render.ts'
import { valuesCheck, yamlFile } from '../charts/read-file.ts'
import { renderRequest, somePolicy } from '../support/render-request.ts'

const root = join(import.meta.dirname, '../..')
const pages = ['docs/argocd.md', 'docs/flux.md', 'charts/README.md', 'templates/root/README.md']
const setUps = ['docs/argocd.md', 'docs/flux.md']
const mapping = z.record(z.string(), z.unknown())

function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

function blocksOf(page: string, language: string): readonly string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms')
  return [...textOf(page).matchAll(fence)].map(([, block = '']) => block)
}

function valuesIn(page: string): Record<string, unknown> {
  const blocks = blocksOf(page, 'yaml').filter((block) => block.includes('\nconfig:\n'))
  expect(blocks).toHaveLength(1)
  return mapping.parse(parse(blocks[0] ?? ''))
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

describe('the pages about agents', () => {
  it.each(setUps)('%s: the values fit the chart', (page) => {
    const check = valuesCheck('mayfly')
    check({ ...yamlFile('charts/mayfly/values.yaml'), ...valuesIn(page) })
    expect(check.errors ?? []).toEqual([])
  })

  it.each(setUps)('%s: the configuration has no problem, with the secrets of mayfly.env', (page) => {
    const text = stringify(valuesIn(page)['config'])
    const names = [...textOf('mayfly.env.example').matchAll(/^(\w+)=/gm)]
    const env = Object.fromEntries(names.map(([, name = '']): [string, string] => [name, `value-of-${name}`]))
    expect(() => loadConfig({ path: 'mayfly.yaml', text, env })).not.toThrow()
  })

  it.each(setUps)('%s: the template is a starter, and what it is given is something it reads', (page) => {
    const application = z.object({
      template: z.string(),
      values: z.record(z.string(), z.string()),
    })
    const { config } = z
      .object({ config: z.object({ applications: z.tuple([application]) }) })
      .parse(valuesIn(page))
    const [{ template, values }] = config.applications
    for (const key of Object.keys(values)) expect(textOf(`templates/${template}`)).toContain(`values.${key}`)
  })

  it('the right to explain one preview passes the output policy where it is allowed', () => {
    const binding = blocksOf('docs/argocd.md', 'yaml').find((block) => block.includes('kind: RoleBinding'))
    const starter = textOf('templates/argocd-helm.yaml.hbs')
    const request = (kinds: readonly string[]) =>
      renderRequest(`${starter}---\n${binding ?? ''}`, { policy: { kinds } })
    const allowed = [...somePolicy.kinds, 'RoleBinding.rbac.authorization.k8s.io']
    expect(render(request(allowed))).toMatchObject({ kind: 'rendered' })
    expect(render(request(somePolicy.kinds))).toMatchObject({ kind: 'refused' })
  })

  it.each(setUps)('%s: every copied file is there, and every applied one was copied', (page) => {
    const commands = blocksOf(page, 'sh').join('')
    const copied = [...commands.matchAll(/^cp (?:-r )?(\S+)/gm)].map(([, path = '']) => path)
    const folder = copied.find((path) => path.startsWith('templates/root/')) ?? ''
    const applied = [...commands.matchAll(/--filename root\/(\S+)/g)].map(
      ([, file = '']) => `${folder}/${file}`,
    )
    const charts = [...commands.matchAll(/ (charts\/\w+)/g)].map(([, path = '']) => path)
    expect(applied.length).toBe(3)
    for (const path of [...copied, ...applied, ...charts])
      expect(existsSync(join(root, path)), path).toBe(true)
  })

  it.each(pages)('%s: every link leads somewhere', (page) => {
    const links = [...textOf(page).matchAll(/\]\((?!https:)([^)#\s]*)(?:#([^)\s]*))?\)/g)]
    expect(links.length).toBeGreaterThan(0)
    for (const [, file = '', anchor] of links) {
      const target = file === '' ? page : join(dirname(page), file)
      expect(existsSync(join(root, target)), target).toBe(true)
      if (anchor !== undefined) expect(anchorsOf(target), `${page}: ${file}#${anchor}`).toContain(anchor)
    }
  })
})
