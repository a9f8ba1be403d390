import type { Layout } from '../../src/environment-repository/manifest-path.ts'
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

/** Where the manifest of a preview called `name` stands. */
export function pathOfName(name: string, layout: Layout = 'files'): string {
  return layout === 'files' ? `apps/${name}.yml` : `apps/${name}/preview.yml`
}

/** What may be wished for of preview `shop/<number>` in one layout. */
export function wishesIn(layout: Layout) {
  const pathOf = (number: number): string => pathOfName(`shop-${number}`, layout)
  return {
    pathOf,
    /** It is to be created or updated. */
    creation(number: number, more: Partial<Change> & { readonly mark?: string } = {}): Change {
      const { mark = 'one', ...rest } = more
      return change(number, [{ path: pathOf(number), content: manifestOf(number, mark) }], {
        subject: `preview shop-${number}: ${mark === 'one' ? 'create at' : 'update to'} ${shaOf(number).slice(0, 7)}`,
        ...rest,
      })
    },
    /** It is to go. */
    removal(number: number, more: Partial<Change> = {}): Change {
      return change(number, [{ path: pathOf(number), content: null }], {
        subject: `preview shop-${number}: remove: merged`,
        trailers: { 'Mayfly-Sha': shaOf(number), 'Mayfly-Cause': 'merged' },
        ...more,
      })
    },
  }
}

export const { pathOf, creation, removal } = wishesIn('files')

export function change(number: number, edits: readonly Edit[], more: Partial<Change> = {}): Change {
  return {
    preview: previewId('shop', number),
    edits,
    author: { login: 'dev', name: 'Dev', email: 'dev@users.noreply.acme.dev', bot: false },
    subject: `preview shop-${number}: update to ${shaOf(number).slice(0, 7)}`,
    trailers: { 'Mayfly-Sha': shaOf(number), 'Mayfly-Cause': 'pushed' },
    template: null,
    trigger: 'event',
    place: { kind: 'none' },
    note: null,
    stillWanted: () => Promise.resolve(true),
    ...more,
  }
}
