import { systemClock } from '../pace/clock.ts'
import type { Config } from '../config/config.ts'
import { processEnvironment } from '../config/environment.ts'
import { createLog } from '../log.ts'
import { createRedactor } from '../log/redact.ts'
import type { MergeRequestKey } from '../preview/key.ts'
import type { PreviewId } from '../preview/preview-id.ts'
import { createDeliveryMemory } from '../why/delivery-memory.ts'
import { createPassMemory } from '../why/pass-memory.ts'
import { createSourceRepositories } from '../reconcile/source-repositories.ts'
import { createWhyDesk, type WhyAnswer } from '../why/why-desk.ts'
import { createPreviewRegistry } from '../report/preview-registry.ts'
import { createNoAgent } from '../agent/no-agent.ts'
import { createEnvironmentRepository } from './environment-repository.ts'
import { createForges } from './forges.ts'
import { createImages } from './images.ts'
import { createPorts, createSettings } from './settings.ts'
import { secretsOf } from './secrets.ts'

/** Why a merge request has the previews that it has, found out by this process alone: it knows of no pass and no webhook. */
export async function whyOnce(
  config: Config,
  { key, preview }: { readonly key: MergeRequestKey; readonly preview: PreviewId | null },
): Promise<WhyAnswer> {
  const environment = processEnvironment()
  const secrets = secretsOf(config, environment)
  const log = createLog({ level: 'warn', pretty: false, destination: process.stderr, redact: secrets })
  const parts = { clock: systemClock, random: Math.random, log, environment }
  const { forges, apps } = createForges(config, { ...parts, onCall: () => undefined })
  const repository = createEnvironmentRepository(config, { ...parts, apps, onPush: () => undefined })
  const images = createImages(config, parts)
  const agent = createNoAgent()
  const desk = createWhyDesk({
    settings: createSettings(config),
    ports: createPorts({ forges, images, repository, agent, projects: () => null, clock: systemClock }),
    sources: createSourceRepositories(config.applications),
    registry: createPreviewRegistry(systemClock),
    passes: createPassMemory(systemClock),
    deliveries: createDeliveryMemory(systemClock),
    redact: createRedactor(secrets),
  })
  try {
    return await desk.ask(key, preview)
  } finally {
    await repository.close()
  }
}
