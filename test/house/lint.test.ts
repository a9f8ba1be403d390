import { ESLint, type Linter } from 'eslint'
import { expect, it } from 'vitest'

/** The selectors of our own that hold in `src`, without the rules that need types. */
async function complaints(code: string): Promise<readonly string[]> {
  const config = (await new ESLint().calculateConfigForFile('src/preview/key.ts')) as Linter.Config
  const selectors = config.rules?.['no-restricted-syntax']
  if (selectors === undefined) throw new Error('no selectors hold in src')
  const rules = { 'no-restricted-syntax': selectors }
  const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: [{ rules }] })
  const [result] = await eslint.lintText(code)
  return (result?.messages ?? []).map(({ message }) => message)
}

it.each([
  ["octokit.paginate('GET /repos')", 'follows a Link to another host'],
  ['for (const page of octokit.paginate.iterator(x)) page()', 'follows a Link to another host'],
  ['performance.now()', 'Take a Clock'],
  ['Date.now()', 'Take a Clock'],
  ['new Date()', 'Take a Clock'],
  ['Math.random()', 'Take a Random'],
  ['process.env.HOME', 'only src/config reads the environment'],
])('%s is refused in src', async (code, advice) => {
  expect((await complaints(code)).join('\n')).toContain(advice)
})

it('what is allowed is not refused', async () => {
  expect(await complaints('new Date(0); client.endpoint({})')).toEqual([])
})
