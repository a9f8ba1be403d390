import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

/** A comment as a forge's Markdown reads it. */
export interface ReadComment {
  /** The tree without its words: what a stranger's text must not change. */
  readonly shape: readonly string[]
  /** What stands outside code spans and links, in one piece for each node. */
  readonly texts: readonly string[]
  readonly links: readonly { readonly url: string; readonly text: string }[]
  readonly html: readonly string[]
}

const dialect = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }

export function readComment(markdown: string): ReadComment {
  const tree = fromMarkdown(markdown, dialect)
  const nodes = allNodes(tree)
  const inLinks = new Set(nodes.filter(({ type }) => type === 'link').flatMap(allNodes))
  return {
    shape: tree.children.map(shapeOf),
    texts: nodes
      .filter((node) => !inLinks.has(node))
      .flatMap((node) => (node.type === 'text' ? [node.value] : [])),
    links: nodes.flatMap((node) => (node.type === 'link' ? [{ url: node.url, text: wordsIn(node) }] : [])),
    html: nodes.flatMap((node) => (node.type === 'html' ? [node.value] : [])),
  }
}

function allNodes(node: Nodes): Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap(allNodes) : [])]
}

/** Words and code spans side by side are one run: how many there are depends on the words. */
function shapeOf(node: Nodes): string {
  if (node.type === 'text' || node.type === 'inlineCode') return 'words'
  if (node.type === 'html')
    return `html(${node.value.startsWith('<!-- mayfly:state ') ? 'state' : node.value})`
  if (!('children' in node)) return node.type
  const children = node.children
    .map(shapeOf)
    .filter((shape, at, all) => shape !== 'words' || all[at - 1] !== shape)
  const kind = node.type === 'heading' ? `heading${node.depth}` : node.type
  return `${kind}(${children.join(' ')})`
}

function wordsIn(node: Nodes): string {
  if ('value' in node) return node.value
  return 'children' in node ? node.children.map(wordsIn).join('') : ''
}
