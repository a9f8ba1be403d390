import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ConfigError } from '../../src/config/config-error.ts'
import { processEnvironment } from '../../src/config/environment.ts'
import { configPath, readConfig } from '../../src/config/read-config.ts'
import { contract, environment } from './contract.ts'

const place = { folder: '' }
beforeAll(async () => {
  place.folder = await mkdtemp(join(tmpdir(), 'mayfly-config-'))
})
afterAll(async () => rm(place.folder, { recursive: true, force: true }))

it('reads a file', async () => {
  const path = join(place.folder, 'mayfly.yaml')
  await writeFile(path, contract)
  expect((await readConfig(path, environment)).config.applications[0]?.name).toBe('shop')
  await expect(readConfig(path, {})).rejects.toThrow(
    `${path}:2: queue.redis: the environment variable \`REDIS_URL\``,
  )
})

it('says which file is missing and how to name another', async () => {
  const path = join(place.folder, 'nothing.yaml')
  const reading = readConfig(path, {})
  await expect(reading).rejects.toThrow(ConfigError)
  await expect(reading).rejects.toThrow(
    `${path}: there is no such file; name the file with \`--config <path>\``,
  )
  await expect(readConfig(place.folder, {})).rejects.toThrow('this is a directory')
})

it('finds the file by option, variable, or name', () => {
  expect(configPath('a.yaml', { MAYFLY_CONFIG: 'b.yaml' })).toBe('a.yaml')
  expect(configPath(undefined, { MAYFLY_CONFIG: 'b.yaml' })).toBe('b.yaml')
  expect(configPath(undefined, { MAYFLY_CONFIG: '' })).toBe('mayfly.yaml')
  expect(configPath(undefined, {})).toBe('mayfly.yaml')
})

it('the environment is a copy', () => {
  expect(processEnvironment()['PATH']).toBe(process.env['PATH'])
  expect(processEnvironment()).not.toBe(process.env)
})
