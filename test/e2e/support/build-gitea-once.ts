import { buildGitea } from './build-gitea.ts'

/** Before any test, without a test's time limit: the first build takes minutes. */
export async function setup(): Promise<void> {
  await buildGitea()
}
