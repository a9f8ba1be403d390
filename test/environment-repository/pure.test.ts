import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authorPart, commitMessage } from '../../src/environment-repository/commit-message.ts'
import { fastImportStream } from '../../src/environment-repository/git/fast-import-stream.ts'
import { classifyGitError, publicError } from '../../src/environment-repository/git/classify-git-error.ts'
import { redact } from '../../src/environment-repository/git/run-git.ts'
import { emptyHistory, extendHistory, parseLog } from '../../src/environment-repository/history.ts'
import { inertObject } from '../../src/environment-repository/inert-object.ts'
import { layeredMap } from '../../src/environment-repository/layered-map.ts'
import { inertPath, manifestPath, manifestPlace } from '../../src/environment-repository/manifest-path.ts'
import { manifestSizeLimit, readManifest } from '../../src/environment-repository/read-manifest.ts'
import { manifestOf } from '../support/proposed-changes.ts'

describe('law 7: where a manifest may stand', () => {
  it('is a plain file directly in the directory or in one of its own, whatever is asked', () => {
    const path = fc.oneof(
      fc.string(),
      fc.string({
        unit: fc.constantFrom('a', 'p', 's', '/', '.', 'y', 'm', '-', '\0', '\n', '\\', 'A', '\u202e'),
      }),
      fc.string().map((it) => `apps/${it}`),
      fc.string().map((it) => `apps/${it}.yml`),
      fc.string().map((it) => `apps/${it}/preview.yml`),
    )
    fc.assert(
      fc.property(path, (it) => {
        const place = manifestPlace('apps', it)
        if (place === undefined) return
        const { name, layout } = place
        const path = manifestPath({ directory: 'apps', layout }, name)
        expect(layout === 'files' ? [path, path.replace(/yml$/, 'yaml')] : [path]).toContain(it)
        expect(name).toMatch(/^[a-z0-9-]+$/)
        expect(it).not.toBe(inertPath('apps'))
      }),
      { numRuns: 5_000 },
    )
    expect(manifestPlace('apps', 'apps/shop-1.yml')).toEqual({ name: 'shop-1', layout: 'files' })
    expect(manifestPlace('a/b', 'a/b/shop-1.yaml')).toEqual({ name: 'shop-1', layout: 'files' })
    const own = { name: 'shop-1', layout: 'directories' }
    expect(manifestPlace('a/b', 'a/b/shop-1/preview.yml')).toEqual(own)
    const longest = 'a'.repeat(252)
    expect(manifestPlace('a', `a/${longest}.yml`)).toBeUndefined()
    expect(manifestPlace('a', `a/${longest}/preview.yml`)?.name).toBe(longest)
    expect(manifestPlace('a', `a/${longest}aaaa/preview.yml`)).toBeUndefined()
  })
})

describe('commits as a stream', () => {
  const committer = { name: 'Mayfly', email: 'mayfly@localhost' }
  const at = new Date(1_700_000_000_000)

  it('cannot be broken out of by names, subjects, trailers or contents', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (name, text, content) => {
          const message = commitMessage(text, { 'Mayfly-Preview': text })
          const edits = [{ path: 'apps/x.yml', content }]
          const commits = [{ author: { name, email: name }, message, edits, at }]
          const stream = fastImportStream({
            ref: 'refs/mayfly/next',
            from: 'a'.repeat(40),
            commits,
            committer,
          })
          const expected = [
            'feature',
            'commit',
            'mark',
            'author',
            'committer',
            'data',
            'from',
            'M',
            'data',
            '',
            'get-mark',
            'done',
          ]
          expect(commandsOf(stream)).toEqual(expected)
          expect(message.split('\n')).toHaveLength(4)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('cleans author lines', () => {
    expect(authorPart('Dev <evil@acme.dev>\ncommitter x', '-')).toBe('Dev evil@acme.dev committer x')
    expect(authorPart(' <> ', 'unknown')).toBe('unknown')
    expect(authorPart('机能', '-')).toBe('机能')
  })
})

/** The first word of each command, contents skipped by their counts. */
function commandsOf(stream: Buffer): string[] {
  const commands: string[] = []
  for (let at = 0; at < stream.length; ) {
    const end = stream.indexOf(0x0a, at)
    const [word = '', count] = stream.toString('utf8', at, end).split(' ')
    commands.push(word)
    at = end + 1 + (word === 'data' ? Number(count) + 1 : 0)
  }
  return commands
}

describe('reading a manifest', () => {
  const read = (text: string) => readManifest(Buffer.from(text))

  it('knows ours by the first object', () => {
    expect(read(manifestOf(1)).ours).toMatchObject({ preview: 'shop/1', annotations: { mark: 'one' } })
    expect(read(inertObject('argocd'))).toMatchObject({ ours: null, objects: ['/ConfigMap/argocd/mayfly'] })
    const second = `kind: X\nmetadata: {name: x}\n---\n${manifestOf(1)}`
    expect(read(second).ours).toBeNull()
    expect(read(manifestOf(1).replaceAll('shop/1', 'nonsense')).ours).toBeNull()
  })

  it('counts the items of a list', () => {
    const list =
      'kind: List\nitems:\n- {apiVersion: v1, kind: A, metadata: {name: x, namespace: n}}\n- {kind: B, metadata: {name: y}}\n'
    expect(read(list).objects).toEqual(['/A/n/x', '/B//y'])
  })

  it.each([
    ['nothing', ''],
    ['no yaml', 'a: [\n'],
    ['a text', 'hello'],
    ['a tag of somebody', '!!js/function x'],
    [
      'many aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((it, at) => `${it}: &${it} [${`*${'abcdefgh'[at] ?? ''},`.repeat(9)}]`)
        .join('\n')}\n`,
    ],
    ['deep nesting', '['.repeat(100_000)],
    ['too much', `a: ${'x'.repeat(manifestSizeLimit)}`],
    ['nulls', 'kind: null\nmetadata: null\n---\n~\n'],
  ])('%s is foreign and holds nothing', (_, text) => {
    const { why, ...rest } = read(text)
    expect(rest).toEqual({ ours: null, objects: [] })
    expect(why).toMatch(/^(it|its first object) /)
  })

  it('is not misled by bytes that are no text', () => {
    expect(readManifest(Buffer.concat([Buffer.from(manifestOf(1)), Buffer.from([0xff])])).ours).toBeNull()
  })
})

describe('the history', () => {
  const line = (id: string, at: number, message: string): string => `${id.repeat(40)}\0${at}\0${message}\n\0`
  const message = (verb: string, sha: string) =>
    commitMessage(`preview shop-1: ${verb}`, { 'Mayfly-Preview': 'shop/1', 'Mayfly-Sha': sha })

  it('tells lives from trailers of the last paragraph only', () => {
    const output = [
      line('6', 60, `Revert\n\n${message('remove: closed', 'b')}\nThis reverts commit 5.`),
      line('5', 50, message('update to c', 'c')),
      line('4', 40, message('update to b', 'b')),
      line('3', 30, message('create at b', 'b')),
      line('2', 20, message('remove: closed', 'a')),
      line('1', 10, message('create at a', 'a')),
    ].join('')
    const { previews: trails, foreignAt } = extendHistory(emptyHistory, parseLog(output))
    expect(foreignAt).toEqual(new Date(60_000))
    expect([...trails.values()]).toEqual([
      expect.objectContaining({
        deploys: 2,
        removed: false,
        createdAt: new Date(30_000),
        at: new Date(50_000),
      }),
    ])
  })

  it('does not know the birth of what began before it', () => {
    const commits = parseLog(line('5', 50, message('update to c', 'c')))
    const { previews: trails, foreignAt } = extendHistory(emptyHistory, commits)
    expect(foreignAt).toBeNull()
    expect([...trails.values()]).toEqual([expect.objectContaining({ createdAt: null, deploys: 1 })])
  })
})

describe('a layered map', () => {
  it('is like a map, and never changes', () => {
    const changes = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 400 }), fc.option(fc.string(), { nil: undefined })),
      { maxLength: 300 },
    )
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 5 }), (steps) => {
        const model = new Map<number, string>()
        let map = layeredMap<number, string>()
        for (const step of steps) {
          const before = map
          const values = [...before.values()]
          map = map.with(step)
          for (const [key, value] of step) {
            if (value === undefined) model.delete(key)
            else model.set(key, value)
          }
          expect([...before.values()]).toEqual(values)
        }
        expect(map.size).toBe(model.size)
        expect([...map.values()].toSorted()).toEqual([...model.values()].toSorted())
        for (let key = 0; key <= 400; key++) expect(map.get(key)).toBe(model.get(key))
      }),
      { numRuns: 100 },
    )
  })
})

describe('what git says', () => {
  const judge = (words: string, output = '') =>
    classifyGitError({ verb: 'push', code: 1, timedOut: false, stderr: words, stdout: output })

  it.each([
    ['moved', '', '!\ta:refs/heads/x\t[rejected] (fetch first)'],
    [
      'moved',
      '',
      "!\ta:refs/heads/x\t[remote rejected] (cannot lock ref 'refs/heads/x': is at 1 but expected 2)",
    ],
    ['moved', '', '!\ta:refs/heads/x\t[remote rejected] (failed to update ref)'],
    ['moved', '', '!\ta:refs/heads/x\t[remote rejected] (incorrect old value provided)'],
    [
      'refused',
      'remote: error: GH006: Protected branch update failed',
      '!\ta\t[remote rejected] (protected branch hook declined)',
    ],
    ['refused', "fatal: unable to access 'https://x/': The requested URL returned error: 403", ''],
    ['unauthorised', "fatal: could not read Username for 'https://x': terminal prompts disabled", ''],
    ['away', "fatal: unable to access 'https://x/': Could not resolve host: x", ''],
    ['away', 'error: RPC failed; curl 52 Empty reply from server', ''],
    ['away', 'remote: fatal: pack is corrupt\nfatal: the remote end hung up unexpectedly', ''],
    ['damaged', 'error: inflate: data stream error\nfatal: the remote end hung up unexpectedly', ''],
    ['damaged', "fatal: Unable to create '/x/shallow.lock': File exists.", ''],
    ['missing', "fatal: couldn't find remote ref refs/heads/x", ''],
    [
      'damaged',
      'POST git-upload-pack (99 bytes)\nFrom https://ssl.acme.dev/e\nfatal: a thing without a name',
      '',
    ],
    ['damaged', ' * [new branch]      tls-1.3 -> refs/heads/tls-1.3\nfatal: a thing without a name', ''],
  ])('%s: %s %s', (kind, words, output) => {
    expect(judge(words, output)).toBe(kind)
  })

  it('shows people the reason of a fetch that failed, not what it did before', () => {
    const progress =
      'POST git-upload-pack (99 bytes)\nFrom https://git.acme.dev/e\n   1a2b3c4..5d6e7f8  x -> x\n'
    const stderr = `${progress}fatal: early EOF`
    const failure = { verb: 'fetch', code: 128, timedOut: false, stderr, stdout: '' }
    expect(publicError('away', failure, 'the branch x').message).toBe(
      'the branch x cannot be reached now (fatal: early EOF)',
    )
  })

  it('law 10: shows no secret', () => {
    const text = 'https://me:hunter2@x/ Authorization: Basic bWU6aHVudGVyMg== token hunter3'
    expect(redact(text, ['hunter3'])).not.toMatch(/hunter|bWU6/)
  })
})
