/** What a path of the branch is, whatever its bytes say: by the mode that git gives it. */
export type EntryKind = 'file' | 'executable' | 'link' | 'submodule'

/** `mode` as `git ls-tree` prints it. https://git-scm.com/docs/git-ls-tree */
export function entryKindOf(mode: string): EntryKind {
  switch (mode) {
    case '100755':
      return 'executable'
    case '120000':
      return 'link'
    case '160000':
      return 'submodule'
    default:
      return 'file'
  }
}

/** Whether an agent, or we, read bytes there. That a file may be executed does not matter to either. */
export function hasContent(kind: EntryKind): boolean {
  return kind === 'file' || kind === 'executable'
}

/** Why such a path holds nothing that can be read; null when it does. */
export function whyNoContent(kind: EntryKind): string | null {
  if (kind === 'link') return 'it is a symbolic link'
  return kind === 'submodule' ? 'it is a submodule' : null
}

/** The text of a file. `why`: in words, when it has none. */
export type ReadText = { readonly text: string } | { readonly why: string }

export function decodeText(bytes: Uint8Array): ReadText {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { why: 'it is not UTF-8 text' }
  }
}
