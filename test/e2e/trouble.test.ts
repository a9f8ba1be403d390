import { onRealAgents } from './support/scene.ts'
import { apiServerAway } from './trouble/api-server-away.ts'
import { badManifestsBesideGood } from './trouble/bad-manifests.ts'
import { directories } from './trouble/directories.ts'
import { killed } from './trouble/killed.ts'
import { leastRights } from './trouble/least-rights.ts'
import { manyAtOnce } from './trouble/many-at-once.ts'
import { revertedByHand } from './trouble/reverted-by-hand.ts'

// No sweep comes in between: what heals must heal without one, where nothing else is said.
onRealAgents({ topic: 'trouble', sweepEvery: '1h' }, ({ all, onEach }) => {
  apiServerAway(all)

  onEach((scene, kind) => {
    leastRights(scene)
    killed(scene)
    revertedByHand(scene)
    badManifestsBesideGood(scene, kind)
    manyAtOnce(scene, kind === 'argocd' ? 50 : 25)
    if (kind === 'argocd') directories(scene)
  })
})
