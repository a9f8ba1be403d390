import { z } from 'zod'
import type { Clock } from '../pace/clock.ts'
import type { Cluster, KubernetesObject } from './cluster.ts'
import type { AgentDialect, RootOptions } from './dialect.ts'
import { observeHelmRelease } from './flux/observe-helm-release.ts'
import { observeKustomization } from './flux/observe-kustomization.ts'
import { observeSource } from './flux/observe-source.ts'
import { fluxRootWarnings } from './flux/root.ts'
import { fluxKinds } from './kinds.ts'
import { ownershipOf } from './observe/ownership.ts'
import type { Observed, WantedCommit } from './observe/observed.ts'
import { FluxObject } from './flux/schema.ts'

const until = ': nothing is applied until somebody resumes it'

const rootSchema = z.object({
  spec: z.object({
    sourceRef: z.object({ kind: z.string(), name: z.string(), namespace: z.string().nullish() }),
  }),
})

const sources = [fluxKinds.gitRepository, fluxKinds.helmRepository, fluxKinds.ociRepository]

/** How Flux is read and told. */
export function fluxDialect(
  cluster: Cluster,
  root: RootOptions,
  { clock }: { readonly clock: Clock },
): AgentDialect {
  const { namespace, rootApplication } = root
  const name = `${namespace}/${rootApplication}`
  const readRoot = () => cluster.read(fluxKinds.kustomization, namespace, rootApplication)
  const readSource = async (kustomization: KubernetesObject | null) => {
    const source = sourceOf(kustomization, namespace)
    return source === null ? null : cluster.read(source.kind, source.namespace, source.name)
  }
  return {
    kinds: [fluxKinds.kustomization, fluxKinds.helmRelease, ...sources],
    observe,
    async requestSync() {
      const requested = { 'reconcile.fluxcd.io/requestedAt': clock.now().toISOString() }
      const source = sourceOf(await readRoot(), namespace)
      // The source first: the Kustomization would only apply again what was fetched before.
      if (source !== null) await cluster.annotate(source.kind, source.namespace, source.name, requested)
      await cluster.annotate(fluxKinds.kustomization, namespace, rootApplication, requested)
    },
    // Every request has a value of its own, so none is taken for another.
    hasSeen: () => Promise.resolve(true),
    async pause() {
      const kustomization = await readRoot()
      return fluxPause(name, kustomization, await readSource(kustomization))
    },
    async warnings(children) {
      const kustomization = await readRoot()
      return fluxRootWarnings({
        ...root,
        name,
        kustomization,
        source: await readSource(kustomization),
        children: ofKind(children, fluxKinds.kustomization.kind),
      })
    },
  }
}

function observe(all: readonly KubernetesObject[], wanted: WantedCommit): readonly Observed[] {
  const own = sources.flatMap(({ kind }) => ofKind(all, kind))
  return [
    ...ofKind(all, fluxKinds.kustomization.kind).map((object) => observeKustomization(object, wanted, own)),
    ...ofKind(all, fluxKinds.helmRelease.kind).map((object) => observeHelmRelease(object, wanted, own)),
    ...own.map((object) => observeSource(object, wanted)),
  ]
}

function ofKind(objects: readonly KubernetesObject[], kind: string): readonly KubernetesObject[] {
  return objects.filter((object) => ownershipOf(object)?.kind === kind)
}

/** Where the root Kustomization reads from; null: it is not there, or reads from something else. */
function sourceOf(root: KubernetesObject | null, home: string) {
  const ref = rootSchema.safeParse(root).data?.spec.sourceRef
  const kind = sources.find((one) => one.kind === ref?.kind)
  if (ref === undefined || kind === undefined) return null
  return { kind, name: ref.name, namespace: ref.namespace ?? home }
}

/** Why the root Kustomization, `name`, applies nothing new; null: it does, or has a form that we do not know. Never throws. */
function fluxPause(
  name: string,
  root: KubernetesObject | null,
  source: KubernetesObject | null,
): string | null {
  if (isSuspended(root)) return `the root Kustomization \`${name}\` is suspended${until}`
  return isSuspended(source) ? `the source of the root Kustomization \`${name}\` is suspended${until}` : null
}

function isSuspended(object: KubernetesObject | null): boolean {
  return FluxObject.safeParse(object).data?.spec.suspend === true
}
