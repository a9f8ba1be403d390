import { at, isMap } from '../bind/tree.ts'
import type { Finding, ManifestObject, PolicyRule } from './rule.ts'

/** Annotations that change how an agent treats an object. */
export const agentMarksRule: PolicyRule = { name: 'agent annotation', check: agentMarks }

interface Mark {
  readonly key: RegExp
  /** Left out: whatever its value. */
  readonly value?: RegExp
  readonly advice: string
}

const staysBehind = 'leaves the object behind when the preview ends: take it out'
const marks: readonly Mark[] = [
  {
    key: /^argocd\.argoproj\.io\/sync-wave$/,
    advice: 'makes the root wait, so one stuck preview would hold up all others: take it out',
  },
  {
    key: /^argocd\.argoproj\.io\/(hook|hook-delete-policy)$|^helm\.sh\/hook/,
    advice: 'makes the object a hook, which is not pruned with the preview: take it out',
  },
  {
    key: /^argocd\.argoproj\.io\/sync-options$/,
    value: /PruneLast/i,
    advice: 'makes every other preview wait: take it out',
  },
  {
    key: /^argocd\.argoproj\.io\/sync-options$/,
    value: /(Prune|Delete)=(false|confirm)|CreateNamespace/i,
    advice: staysBehind,
  },
  {
    key: /^argocd\.argoproj\.io\/(tracking-id|installation-id|skip-reconcile|compare-options)$/,
    advice: 'hides the object from the agent: take it out',
  },
  { key: /^kustomize\.toolkit\.fluxcd\.io\/(prune|reconcile)$/, value: /disabled/i, advice: staysBehind },
  {
    key: /^kustomize\.toolkit\.fluxcd\.io\/ssa$/,
    value: /ignore|ifnotpresent/i,
    advice: 'hides the object from the agent: take it out',
  },
  {
    key: /^(internal\.)?config\.kubernetes\.io\//,
    advice: 'changes how kustomize reads the file: take it out',
  },
  {
    key: /^kubectl\.kubernetes\.io\/last-applied-configuration$/,
    advice: 'is written by kubectl: take it out',
  },
]

function* agentMarks({ tree }: ManifestObject): Iterable<Finding> {
  const annotations = at(tree, ['metadata', 'annotations'])
  if (!isMap(annotations)) return
  for (const [key, value] of Object.entries(annotations)) {
    const mark = marks.find(
      (candidate) => candidate.key.test(key) && (candidate.value?.test(JSON.stringify(value)) ?? true),
    )
    if (mark !== undefined) yield { path: ['metadata', 'annotations', key], value, advice: mark.advice }
  }
}
