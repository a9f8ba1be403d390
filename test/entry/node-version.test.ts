import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { nodeTooOld } from '../../src/node-version.ts'

const root = join(import.meta.dirname, '../..')

it.each(['22.19.0', '22.20.1', '23.0.0', '24.21.0', '100.0.0'])('takes Node %s', (version) => {
  expect(nodeTooOld(version)).toBeNull()
})

it.each(['22.18.9', '22.0.0', '20.20.2', '9.11.0'])('refuses Node %s in one sentence', (version) => {
  expect(nodeTooOld(version)).toBe(
    `Mayfly needs Node.js 22.19 or newer and was started on ${version}: install a newer one, or start it with npm, which brings the right one.`,
  )
})

it('says what package.json says', async () => {
  const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly engines: { readonly node: string }
  }
  expect(engines.node).toBe('>=22.19.0')
})

it('ends with 2 before it loads anything that an older Node cannot load', async () => {
  const older = `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '20.20.2' })`
  const ended = await new Promise<{ code: unknown; stderr: string; stdout: string }>((resolve) => {
    const args = ['--import', older, join(root, 'src/main.ts'), 'serve']
    execFile(process.execPath, args, (error, stdout, stderr) => {
      resolve({ code: error?.code, stdout, stderr })
    })
  })
  expect(ended).toEqual({
    code: 2,
    stdout: '',
    stderr: `${nodeTooOld('20.20.2') ?? ''}\n`,
  })
})

it('tells the version of its own package', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly version: string
  }
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'src/main.ts'), '--version'])
  expect(stdout).toBe(`${version}\n`)
})
