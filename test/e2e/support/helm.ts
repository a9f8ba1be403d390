import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildCluster } from './cluster/build.ts'
import { runProgram } from './run-program.ts'

/** The real helm. Its files lie in a folder of its own, which goes with it. */
export interface Helm {
  /**
   * What helm printed; charts are paths from the root of this repository.
   * @throws Error with helm's own words.
   */
  run(...args: readonly string[]): Promise<string>
  remove(): Promise<void>
}

/** `kubeconfig`: the cluster that it installs into. */
export async function createHelm(kubeconfig: string): Promise<Helm> {
  const program = await helmProgram()
  const folder = await mkdtemp(join(tmpdir(), 'mayfly-helm-'))
  return {
    run: (...args) =>
      runProgram(program, args, {
        cwd: join(import.meta.dirname, '../../..'),
        env: {
          KUBECONFIG: kubeconfig,
          HELM_CACHE_HOME: join(folder, 'cache'),
          HELM_CONFIG_HOME: join(folder, 'config'),
          HELM_DATA_HOME: join(folder, 'data'),
        },
        whenMissing: 'The tests of the charts need `helm` on the PATH.',
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** With a foreign cluster nothing is built, so it is the machine's own. */
async function helmProgram(): Promise<string> {
  const given = process.env['MAYFLY_E2E_KUBECONFIG'] ?? ''
  return given === '' ? join((await buildCluster()).programs, 'helm') : 'helm'
}
