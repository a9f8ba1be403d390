import { expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { badAdditions, badManifests, saidOf } from '../support/bad-manifests.ts'
import { short } from '../support/comment-words.ts'
import { pushFiles, readFile } from '../support/gitea-repository.ts'
import { branch } from '../support/installation.ts'
import { type AgentKind, templates } from '../support/installation-config.ts'
import { readiness } from '../support/operations.ts'
import type { Scene } from '../support/scene.ts'
import { tellAgent } from '../support/tell-agent.ts'

const soon = { withinMs: 120_000, everyMs: 100 }

export function badManifestsBesideGood(scene: () => Scene, kind: AgentKind): void {
  const harmless = badManifests.filter(({ blocks }) => !blocks.includes(kind))

  const commitByHand = async (files: Readonly<Record<string, string | null>>) => {
    const { gitea, mayfly } = scene()
    await pushFiles(gitea.operator, mayfly.environments, { branch, files })
  }
  const warned = (...words: readonly RegExp[]) =>
    eventually(async () => {
      const { status, warnings } = await readiness(scene().mayfly.url)
      expect(status).toBe(200)
      for (const word of words) expect(warnings).toContainEqual(expect.stringMatching(word))
    }, soon)
  const allIsWell = () =>
    eventually(async () => {
      expect(await readiness(scene().mayfly.url)).toEqual({ status: 200, warnings: [] })
    }, soon)

  it('law 11: what the template makes of a merge request is refused before the commit, and a good one beside is Ready', async () => {
    const { gitea, mayfly, open } = scene()
    const path = `templates/${templates[mayfly.kind]}`
    const starter = (await readFile(gitea.operator, mayfly.environments, branch, path)) ?? ''
    const additions = Object.entries(badAdditions).map(
      ([name, text]) => `{{#if (eq branch "${name}")}}\n---\n${text}\n{{/if}}\n`,
    )
    await commitByHand({ [path]: starter + additions.join('') })
    try {
      const refused = await Promise.all(Object.keys(badAdditions).map((name) => open(name)))
      const good = await open('beside-refused')
      for (const preview of refused) {
        await preview.says('Refused')
        expect(await preview.manifest(), preview.name).toBeUndefined()
      }
      await good.says('Ready', short(good.sha))
      await Promise.all([good, ...refused].map((preview) => preview.close()))
      await good.says('Removed')
      await allIsWell()
    } finally {
      await commitByHand({ [path]: starter })
    }
  })

  it('law 11: what a human commits holds up the agent only where the agent is so, /readyz names it, and all comes up when it is gone', async () => {
    const { cluster, mayfly, open } = scene()
    const blocking = badManifests.filter(({ blocks }) => blocks.includes(mayfly.kind))
    const waiting = await open('waiting')
    await waiting.says('Ready', short(waiting.sha))
    let { sha } = waiting
    for (const [index, bad] of blocking.entries()) {
      const name = `by-hand-${index}`
      await commitByHand({ [`apps/${name}.yml`]: bad.text(mayfly.kind, name) })
      sha = await waiting.push(`tag-${index}`)
      await waiting.says('Deploying', short(sha))
      const words = saidOf(bad, mayfly.kind, name)
      await warned(...(words === null ? [] : [words]))
      expect((await waiting.agentObject())?.metadata.annotations?.['mayfly.dev/sha'], bad.what).not.toBe(sha)
      await commitByHand({ [`apps/${name}.yml`]: null })
    }
    await tellAgent(cluster, mayfly.kind)
    await waiting.says('Ready', short(sha))
    await waiting.close()
    await waiting.says('Removed')
    await allIsWell()
  })

  // Flux applies all of a commit or nothing.
  if (harmless.length === 0) return

  it('law 11: what else a human commits holds up nobody', async () => {
    const { cluster, mayfly, open } = scene()
    const leaving = await open('leaving-beside')
    await leaving.says('Ready', short(leaving.sha))
    const bad = harmless.map(({ text }, index) => text(mayfly.kind, `by-hand-${index}`))
    const files = (texts: readonly (string | null)[]) =>
      Object.fromEntries(texts.map((text, index) => [`apps/by-hand-${index}.yml`, text]))
    await commitByHand(files(bad))
    const good = await open('beside')
    await leaving.close()
    await good.says('Ready', short(good.sha))
    await leaving.says('Removed')
    await warned(...harmless.flatMap((one, index) => saidOf(one, mayfly.kind, `by-hand-${index}`) ?? []))
    await commitByHand(files(bad.map(() => null)))
    await tellAgent(cluster, mayfly.kind)
    await allIsWell()
    await good.close()
    await good.says('Removed')
  })
}
