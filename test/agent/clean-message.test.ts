import { describe, expect, it } from 'vitest'
import { formatObject, cleanMessage } from '../../src/agent/observe/clean-message.ts'

describe('what the cluster says', () => {
  it('is the same at every try, whatever file the agent keeps it in', () => {
    const said = (file: string) =>
      formatObject(
        'Deployment',
        'web',
        `error when patching "/dev/shm/${file}": Deployment.apps "web" is invalid: selector does not match`,
      )
    expect(said('3106632052')).toBe('Deployment `web` is invalid: selector does not match')
    expect(said('1058327579')).toBe(said('3106632052'))
  })

  it('names a path of the repository, not of the agent', () => {
    for (const folder of ['/tmp', '/private/tmp', '/var/lib/flux'])
      expect(cleanMessage(`path not found: stat ${folder}/kustomization-123/deploy: no such file`)).toBe(
        'path not found: stat deploy: no such file',
      )
  })
})
