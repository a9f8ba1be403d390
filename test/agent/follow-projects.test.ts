import { expect, it } from 'vitest'
import { followProjects } from '../../src/agent/follow/follow-projects.ts'
import { createStandInCluster } from '../support/stand-in-cluster.ts'

it("Argo CD's projects are known as they come and go, and not where we may not read them", () => {
  const there = createStandInCluster()
  const { projects, stop } = followProjects(there.cluster, 'argocd')
  expect(projects()).toEqual(new Set())
  there.put({ kind: 'AppProject', metadata: { name: 'previews', namespace: 'argocd' } })
  there.put({ kind: 'AppProject', metadata: { name: 'other', namespace: 'elsewhere' } })
  expect(projects()).toEqual(new Set(['previews']))
  there.remove('AppProject', 'argocd', 'previews')
  expect(projects()).toEqual(new Set())
  there.deny((_, kind) => kind === 'AppProject')
  expect(projects()).toBeNull()
  stop()
  expect(there.followed()).toBe(0)
})
