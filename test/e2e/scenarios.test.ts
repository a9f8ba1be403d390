import { describe } from 'vitest'
import { failures } from './scenarios/failures.ts'
import { life, lifeOfAll } from './scenarios/life.ts'
import { removal, removalOfTheOnlyOne, removalWhileDeploying } from './scenarios/removal.ts'
import { onRealAgents } from './support/scene.ts'

onRealAgents({ topic: 'scenarios' }, ({ onEach }) => {
  onEach((scene) => {
    removalOfTheOnlyOne(scene)

    describe('beside each other', { concurrent: true }, () => {
      life(scene)
      failures(scene)
      removal(scene)
    })

    removalWhileDeploying(scene)
    lifeOfAll(scene)
  })
})
