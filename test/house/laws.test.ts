import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const folder = join(import.meta.dirname, '..')

/** The laws of the design; each has at least one test that carries its number in its name. */
it.each(Array.from({ length: 14 }, (_, index) => index + 1))('law %d has a test that names it', (law) => {
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(\.test|contract\/[a-z-]+)\.ts$/.test(file),
  )
  const naming = tests.filter((file) =>
    new RegExp(`['\`"]law ${law}: `).test(readFileSync(join(folder, file), 'utf8')),
  )
  expect(naming.length).toBeGreaterThan(0)
})
