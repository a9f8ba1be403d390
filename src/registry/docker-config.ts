import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { secret } from '../config/secret.ts'
import { type ImageReference, plainRegistryHost } from './parse-reference.ts'
import { type RegistryLogin, registryLogin } from './registry-login.ts'

const DockerConfig = z.object({
  auths: z
    .record(
      z.string(),
      z.object({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
      }),
    )
    .optional(),
})
type DockerEntry = NonNullable<z.infer<typeof DockerConfig>['auths']>[string]

/** What a docker config has for one repository. */
export type DockerLogins =
  | { readonly kind: 'logins'; readonly logins: readonly RegistryLogin[] }
  /** In words; no content of the file, which holds passwords. */
  | { readonly kind: 'unreadable'; readonly why: string }

/** Read at each use: a mounted file is changed under our feet when its Secret is. */
export async function readDockerConfig(path: string, reference: ImageReference): Promise<DockerLogins> {
  try {
    return dockerLogins(await readFile(path, 'utf8'), reference)
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
    return unreadable(typeof code === 'string' ? code : 'it cannot be read')
  }
}

/** The entry of the config that is nearest to the repository: podman writes some for a part of a registry alone. */
export function dockerLogins(text: string, reference: ImageReference): DockerLogins {
  const parsed = DockerConfig.safeParse(jsonIn(text))
  if (!parsed.success) return unreadable('it is no JSON with `auths`')
  const matching = Object.entries(parsed.data.auths ?? {})
    .map(([key, entry]) => ({ place: placeOfKey(key), login: loginOf(entry) }))
    .filter(({ place }) => place.host === reference.host && isBelow(reference.repository, place.path))
    .toSorted((one, other) => other.place.path.length - one.place.path.length)
  return { kind: 'logins', logins: matching.flatMap(({ login }) => (login === null ? [] : [login])) }
}

/** Keys are `ghcr.io`, `https://ghcr.io/v2/`, `https://index.docker.io/v1/` or `quay.io/acme`. */
function placeOfKey(key: string): { readonly host: string; readonly path: string } {
  const [host = '', ...path] = key.replace(/^https?:\/\//, '').split('/')
  const below = path.filter((part) => part !== '').join('/')
  return { host: plainRegistryHost(host), path: /^v[12]$/.test(below) ? '' : below }
}

function isBelow(repository: string, path: string): boolean {
  return path === '' || repository === path || repository.startsWith(`${path}/`)
}

function loginOf({ auth, username, password }: DockerEntry): RegistryLogin | null {
  const [, name = username, word = password] =
    auth === undefined ? [] : (/^([^:]+):(.*)$/s.exec(Buffer.from(auth, 'base64').toString('utf8')) ?? [])
  if (name === undefined || name === '' || word === undefined || word === '') return null
  // Docker itself ends some passwords with zeros.
  return registryLogin('the user in the docker config', name, secret(word.replace(/\0+$/, '')), [])
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function unreadable(what: string): DockerLogins {
  return { kind: 'unreadable', why: `the docker config cannot be used: ${what}` }
}
