import { buildGitea } from './build-gitea.ts'
import { buildCluster } from './cluster/build.ts'

// Gitea first: there are tests that need nothing else.
await buildGitea()
await buildCluster()
