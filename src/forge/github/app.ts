import githubAppJwt from 'universal-github-app-jwt'
import { Stalled } from '../../preview/errors.ts'
import type { Credentials, ForgeCall, ForgeHttp } from '../http/call.ts'
import { createForgeHttp } from '../http/create-forge-http.ts'
import { nothingKnown } from '../http/known-answers.ts'
import type { ForgeOptions } from '../rest/forge-options.ts'
import { github, ownerAndRepo, route } from './endpoint.ts'
import { createInstallationTokens } from './installation-tokens.ts'
import { GithubAppAnswer, GithubInstallation, GithubInstallationToken } from './schema.ts'

/** https://docs.github.com/en/rest/about-the-rest-api/api-versions */
export const githubHeaders = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
} as const

export interface GithubAppOptions extends ForgeOptions {
  readonly app: { readonly id: string; readonly privateKey: string }
}

/** A GitHub App: who we are wherever it is installed. https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app */
export interface GithubApp {
  /** The login under which its comments stand. */
  readonly login: ForgeCall<string>
  /** A token for one repository, good for ten minutes at least. Throws `Stalled` where the App is not installed. */
  token(repository: string): Promise<string>
  /** The forge refused that token: the next one is another one. */
  renew(repository: string, refused: string): Promise<void>
  /** As the App itself where a question is about no repository, else as its installation there. */
  readonly credentials: Credentials
}

/** What the App needs to speak for itself. */
const ownKey = 'app.id and app.privateKey of one App'

export function createGithubApp(options: GithubAppOptions): GithubApp {
  const jwt = () => signed(options)
  const asApp = { header: async () => `Bearer ${await jwt()}`, renew: () => Promise.resolve(false) }
  const http = createForgeHttp({
    ...options,
    credentials: asApp,
    headers: githubHeaders,
    known: nothingKnown,
  })
  const tokens = createInstallationTokens({
    clock: options.clock,
    find: (repository) => findInstallation(options, http, repository),
    mint: (installation) => mint(http, installation),
  })
  return {
    login: {
      operation: 'read-own-app',
      purpose: 'read its own App',
      right: ownKey,
      ...route(github.apps.getAuthenticated.endpoint({})),
      schema: GithubAppAnswer.transform(({ slug }) => `${slug}[bot]`),
    },
    token: tokens.token,
    renew: tokens.renew,
    credentials: {
      header: async (call) => {
        const repository = repositoryOf(call)
        return repository === null ? asApp.header() : `Bearer ${await tokens.token(repository)}`
      },
      renew: async (call, refused) => {
        const repository = repositoryOf(call)
        if (repository !== null) await tokens.renew(repository, refused)
        return repository !== null
      },
    },
  }
}

function repositoryOf({ path: [first, owner, name] }: Pick<ForgeCall<unknown>, 'path'>): string | null {
  return first !== 'repos' || owner === undefined || name === undefined ? null : `${owner}/${name}`
}

async function signed({ name, app, clock }: GithubAppOptions): Promise<string> {
  try {
    const now = Math.floor(clock.now().getTime() / 1000)
    return (await githubAppJwt({ id: app.id, privateKey: app.privateKey, now })).token
  } catch {
    // The cause stays behind: it may quote the key.
    throw new Stalled(
      `The private key of the App of forge ${name} cannot be used: \`app.privateKey\` takes the whole .pem file that GitHub gave, from its BEGIN line to its END line.`,
      { right: ownKey },
    )
  }
}

async function findInstallation(
  { name, url }: GithubAppOptions,
  http: ForgeHttp,
  repository: string,
): Promise<number> {
  const answer = await http.ask({
    operation: 'find-installation',
    purpose: `find the installation of the App on ${repository}`,
    right: ownKey,
    ...route(github.apps.getRepoInstallation.endpoint(ownerAndRepo(repository))),
    schema: GithubInstallation,
    expected: [404],
  })
  if (answer.kind === 'value') return answer.value.id
  throw new Stalled(
    `The App of forge ${name} is not installed on ${repository}: somebody who administers it adds the repository to the App's installation (${url}/settings/installations, or the organization's settings).`,
    { right: 'installation of the App', cause: answer.error },
  )
}

/** Null: the installation is not there any more; another may have taken its place. */
async function mint(http: ForgeHttp, installation: number) {
  const answer = await http.ask({
    operation: 'mint-token',
    purpose: `mint a token of installation ${installation} of the App`,
    right: ownKey,
    ...route(github.apps.createInstallationAccessToken.endpoint({ installation_id: installation })),
    body: {},
    schema: GithubInstallationToken,
    expected: [404],
  })
  if (answer.kind === 'status') return null
  return { token: answer.value.token, expiresAt: new Date(answer.value.expires_at) }
}
