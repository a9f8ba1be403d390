import { describe, expect, it } from 'vitest'
import { readPackageEvent } from '../../src/forge/package-event.ts'

const repository = { id: 77, full_name: 'acme/shop' }
const sha = 'd4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0c1d2e3'

/** As GitHub tells of a package that was published. */
const github = (key: string, tag: unknown) => ({
  action: 'published',
  [key]: { name: 'shop', package_version: { container_metadata: { tag: { name: tag } } } },
  repository,
})
/** As Gitea's PackagePayload has it. */
const gitea = (version: unknown, type = 'container') => ({
  action: 'created',
  package: { type, name: 'shop', version },
  repository,
})

describe('an image that was pushed', () => {
  it.each([
    [sha, sha],
    ['d4e5f6a', 'd4e5f6a'],
    ['sha-d4e5f6a', 'd4e5f6a'],
    [`pr-142-${sha}`, sha],
  ])('under the tag %s wakes the merge requests of %s', (tag, commit) => {
    const event = {
      kind: 'commit-event',
      event: 'image',
      repository: { id: '77', fullName: 'acme/shop' },
      sha: commit,
    }
    expect(readPackageEvent('registry_package', github('registry_package', tag))).toEqual(event)
    expect(readPackageEvent('package', github('package', tag))).toEqual(event)
    expect(readPackageEvent('package', gitea(tag))).toEqual(event)
  })

  it.each(['latest', 'v1.2.3', 'main', 'd4e5f6', 'xd4e5f6a7', '', 7, null])(
    'under %j wakes nobody',
    (tag) => {
      for (const body of [github('registry_package', tag), github('package', tag), gitea(tag)])
        expect(readPackageEvent('package', body)).toMatchObject({ kind: 'ignored' })
    },
  )

  it.each([gitea(sha, 'npm'), { ...gitea(sha), repository: null }, {}])('%j wakes nobody', (body) => {
    expect(readPackageEvent('package', body)).toMatchObject({ kind: 'ignored' })
  })
})
