import { describe, expect, it } from 'vitest'
import { RetryLater, Stalled } from '../../src/preview/errors.ts'
import type { SandboxFile, SandboxMergeRequest } from '../../src/sandbox/forge/state.ts'
import { type Fault, faults } from '../support/faults.ts'
import type { ProxiedRequest } from '../support/faulty-forge.ts'
import { repository, useTestedForge } from '../support/tested-forge.ts'

const at = useTestedForge('gitea')
const list = ({ forge } = at().tested) => forge.listChangedFiles(repository, 1)
const under = (fault: Fault) => list(fault === 'hang' ? at().impatient(200) : at().tested)

/** What merge request 1 changes from now on: with two files a page, three pages. */
function changes(files: readonly SandboxFile[] = five): SandboxMergeRequest {
  const pull = at().sandbox.state.repositories[0]?.mergeRequests.find(({ number }) => number === 1)
  if (pull === undefined) throw new Error('there is no merge request 1')
  pull.files = files
  return pull
}

function changed(path: string, previousPath: string | null = null): SandboxFile {
  return { path, previousPath }
}

const five = [
  changed('web/b.ts'),
  changed('web/a.ts', 'api/a.ts'),
  changed('docs/\u00fcber uns.md'),
  changed('api/a.ts.bak', 'api/a.ts'),
  changed('README.md'),
]
const isFiles = ({ path }: ProxiedRequest) => path.endsWith('/pulls/1/files')

describe('the files that a merge request changes', () => {
  it('are all listed, former names of renamed ones included, sorted and each once', async () => {
    changes()
    expect(await list()).toEqual([
      'README.md',
      'api/a.ts',
      'api/a.ts.bak',
      'docs/\u00fcber uns.md',
      'web/a.ts',
      'web/b.ts',
    ])
  })

  it('are none where the forge counts none', async () => {
    changes([])
    expect(await list()).toEqual([])
  })

  it('law 4: are an error in words, with their number, when there are more than are read', async () => {
    changes(Array.from({ length: 3001 }, (_, index) => changed(`f${index}`)))
    const before = at().proxy.requests.filter(isFiles).length
    await expect(list()).rejects.toThrow(Stalled)
    await expect(list()).rejects.toThrow('merge request 1 of acme/shop changes 3001 files')
    expect(at().proxy.requests.filter(isFiles)).toHaveLength(before)
  })

  it('law 4: are an error when the list moves while it is read', async () => {
    const pull = changes()
    const lastPage = (request: ProxiedRequest) => isFiles(request) && request.page === 3
    at().proxy.meanwhile(lastPage, () => {
      pull.files = five.slice(1)
    })
    await expect(list()).rejects.toThrow(RetryLater)
  })

  it('law 4: are an error when the list is shorter than the merge request says', async () => {
    const pull = changes()
    at().proxy.meanwhile(
      (request) => isFiles(request) && request.page === 1,
      () => {
        pull.files = []
      },
    )
    await expect(list()).rejects.toThrow('lists 0 of the files')
  })

  it.each([1, 2, 3])('law 4: are an error for every fault on page %d', async (page) => {
    changes()
    // A Gitea counts its lists: links are not needed to read them.
    for (const fault of faults.filter((one) => one !== 'broken Link')) {
      at().proxy.heal()
      at().proxy.break({ fault, when: (request) => isFiles(request) && request.page === page })
      const error = await under(fault).then(
        (files) => files,
        (reason: unknown) => reason,
      )
      expect(error instanceof RetryLater || error instanceof Stalled, fault).toBe(true)
    }
    at().proxy.heal()
    expect(await list()).toHaveLength(6)
  })

  it('law 4: are an error for every fault on the merge request that counts them', async () => {
    changes()
    for (const fault of faults) {
      at().proxy.heal()
      at().proxy.break({ fault, when: ({ path }) => path.endsWith('/pulls/1') })
      await expect(under(fault), fault).rejects.toThrow()
    }
  })
})
