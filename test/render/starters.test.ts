import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { render } from '../../src/render/render.ts'
import type { Variables } from '../../src/render/variables.ts'
import { renderRequest } from '../support/render-request.ts'

const folder = join(import.meta.dirname, '../../templates')
const starters = readdirSync(folder).filter((file) => file.endsWith('.yaml.hbs'))

const hostile: Partial<Variables> = {
  name: 'shop-7-1e3',
  namespace: 'preview-shop-7-1e3',
  url: 'https://shop-7-1e3.preview.acme.dev',
  host: 'shop-7-1e3.preview.acme.dev',
  number: 7,
  branch: '1e3',
  slug: '1e3',
  sha: '1234e56789012345678901234567890123456789',
  shortSha: '1234e56',
  author: 'o\'neil: "x"',
  title: 'Fix "it" 🎉\n---\nkind: Secret\n',
  labels: ['null', 'a: b', '- c'],
  mergeRequestUrl: 'https://git.acme.dev/acme/shop/pulls/7',
}

describe('starter templates', () => {
  it('are five', () => {
    expect(starters.map((file) => file.replace('.yaml.hbs', ''))).toEqual([
      'argocd-directory',
      'argocd-helm',
      'argocd-kustomize',
      'flux-helmrelease',
      'flux-kustomization',
    ])
  })

  it.each(starters)('%s renders as the golden files say', async (file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const starter = file.replace('.yaml.hbs', '')
    for (const [what, variables] of [
      ['', {}],
      ['.hostile', hostile],
    ] as const) {
      const rendered = render(renderRequest(text, { name: file, variables }))
      expect(rendered).toMatchObject({ kind: 'rendered' })
      if (rendered.kind === 'rendered')
        await expect(rendered.content).toMatchFileSnapshot(`golden/${starter}${what}.yml`)
    }
  })

  it.each(starters)('%s does without address, image and slug', (file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const variables = { url: null, host: null, image: null, slug: '', values: {} }
    expect(render(renderRequest(text, { variables }))).toMatchObject({ kind: 'rendered' })
  })

  it.each(starters)('law 6: %s gives the same bytes for the same values', (file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    const first = render(renderRequest(text))
    render(renderRequest(text, { variables: hostile }))
    expect(render(renderRequest(text))).toEqual(first)
  })

  it.each(starters)('%s holds no sync wave and makes no namespace by option', (file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    expect(text).not.toMatch(/sync-wave|PruneLast|CreateNamespace=true|createNamespace/)
  })
})
