import type { Config } from '../config/config.ts'
import { type Secret, secret } from '../config/secret.ts'
import { proxyPasswords, type NetworkEnvironment } from '../network/proxy-for.ts'

/** Every secret of the configuration, and the passwords of proxies: what the log must never show. */
export function secretsOf(config: Config, environment: NetworkEnvironment): readonly Secret[] {
  const forges = config.forges.flatMap(({ token, app, webhookSecrets }) => [
    token,
    app?.privateKey ?? null,
    ...webhookSecrets,
  ])
  const proxies = proxyPasswords(environment).map(secret)
  const registries = config.registries.map(({ password }) => password)
  return [
    config.queue.redis,
    ...config.server.auth.tokens,
    config.environmentRepository.token,
    ...forges,
    ...registries,
    ...proxies,
  ].filter((one) => one !== null)
}
