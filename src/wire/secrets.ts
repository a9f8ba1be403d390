import type { Config } from '../config/config.ts'
import type { Secret } from '../config/secret.ts'

/** Every secret of the configuration: what the log must never show. */
export function secretsOf(config: Config): readonly Secret[] {
  const forges = config.forges.flatMap(({ token, app, webhookSecrets }) => [
    token,
    app?.privateKey ?? null,
    ...webhookSecrets,
  ])
  return [config.queue.redis, config.environmentRepository.token, ...forges].filter((one) => one !== null)
}
