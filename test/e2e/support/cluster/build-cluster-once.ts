import { buildCluster } from './build.ts'

/** Before any test, without a test's time limit: the first builds take minutes. */
export async function setup(): Promise<void> {
  if ((process.env['MAYFLY_E2E_KUBECONFIG'] ?? '') === '') await buildCluster()
}
