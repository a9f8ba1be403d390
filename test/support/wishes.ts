import type { Change, Edit } from '../../src/environment-repository/port.ts'
import { previewId } from '../../src/preview/preview-id.ts'

/** A manifest of preview `shop/<number>` as a template would render it; `mark` makes its bytes differ. */
export function manifestOf(number: number, mark = 'one'): string {
  return `apiVersion: v1
kind: Namespace
metadata:
  name: preview-shop-${number}
  annotations:
    mayfly.dev/preview: shop/${number}
    mayfly.dev/sha: '${shaOf(number)}'
    mayfly.dev/mark: ${JSON.stringify(mark)}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop-${number}
  namespace: argocd
  annotations: {mayfly.dev/preview: shop/${number}}
`
}

function shaOf(number: number): string {
  return number.toString(16).padStart(40, '0')
}

export function pathOf(number: number): string {
  return `apps/shop-${number}.yml`
}

/** Preview `shop/<number>` is to be created or updated. */
export function creation(number: number, more: Partial<Change> & { readonly mark?: string } = {}): Change {
  const { mark = 'one', ...rest } = more
  return change(number, [{ path: pathOf(number), content: manifestOf(number, mark) }], {
    subject: `preview shop-${number}: ${mark === 'one' ? 'create at' : 'update to'} ${shaOf(number).slice(0, 7)}`,
    ...rest,
  })
}

/** Preview `shop/<number>` is to go. */
export function removal(number: number, more: Partial<Change> = {}): Change {
  return change(number, [{ path: pathOf(number), content: null }], {
    subject: `preview shop-${number}: remove: merged`,
    trailers: { 'Mayfly-Sha': shaOf(number), 'Mayfly-Cause': 'merged' },
    ...more,
  })
}

export function change(number: number, edits: readonly Edit[], more: Partial<Change> = {}): Change {
  return {
    preview: previewId('shop', number),
    edits,
    author: { login: 'dev', name: 'Dev', email: 'dev@users.noreply.acme.dev', bot: false },
    subject: `preview shop-${number}: update to ${shaOf(number).slice(0, 7)}`,
    trailers: { 'Mayfly-Sha': shaOf(number), 'Mayfly-Cause': 'pushed' },
    template: null,
    prompt: 'event',
    stillWanted: () => Promise.resolve(true),
    ...more,
  }
}
