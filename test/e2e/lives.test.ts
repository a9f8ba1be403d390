import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { imageRegistryOf, type RegistryHarness } from '../contract/registry.ts'
import { gate } from './lives/gate.ts'
import { outsiders } from './lives/outsiders.ts'
import { pause } from './lives/pause.ts'
import { places } from './lives/places.ts'
import { type AgentKind, templates } from './support/installation-config.ts'
import { onRealAgents } from './support/scene.ts'
import { startRegistry } from './support/registry.ts'

let registry: RegistryHarness

beforeAll(async () => {
  registry = await startRegistry('none')
})
afterAll(async () => {
  await registry.close()
})

onRealAgents({ topic: 'lives', special: specialOf }, ({ onEach }) => {
  onEach((scene) => {
    describe('beside each other', { concurrent: true }, () => {
      gate(
        () => scene().beside('-built'),
        () => registry.target,
      )
      outsiders(() => scene().beside('-forks'))
      describe('one place', { concurrent: false }, () => {
        places(scene)
      })
    })

    pause(() => scene().beside('-paused'))
  })
})

async function specialOf(kind: AgentKind) {
  const host = new URL(registry.target.url).host
  const starter = await readFile(join(import.meta.dirname, '../../templates', templates[kind]), 'utf8')
  const gated = [
    `image: '${host}/{{application}}:{{sha}}'`,
    'gate: { checks: [build], image: true, pin: true, timeout: 10m }',
  ].join('\n    ')
  return {
    isAdministrator: true,
    images: imageRegistryOf(),
    config: 'limits: { perApplication: 1 }\ncommands: {}',
    files: { 'templates/built.yaml.hbs': withImage(starter) },
    beside: [
      { suffix: '-built', more: gated, template: 'built.yaml.hbs' },
      { suffix: '-forks', more: 'when: { forks: approved }' },
      { suffix: '-paused' },
    ],
  }
}

/** The preview's namespace says which image it is for. */
function withImage(starter: string): string {
  return starter.replace(
    '  name: {{namespace}}\n  labels:',
    '  name: {{namespace}}\n  annotations:\n    acme.dev/image: {{image}}\n  labels:',
  )
}
