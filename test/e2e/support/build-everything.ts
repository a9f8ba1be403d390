import { buildGitea } from './build-gitea.ts'
import { buildRegistry } from './build-registry.ts'
import { buildCluster } from './cluster/build.ts'

// Gitea and the registry first: there are tests that need nothing else.
await buildGitea()
await buildRegistry()
await buildCluster()
