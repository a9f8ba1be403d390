/** Reads `git cat-file --batch-check`; objects that are not there are left out. */
export function parseSizes(output: string): { readonly id: string; readonly size: number }[] {
  return output.split('\n').flatMap((line) => {
    const [id = '', type, size] = line.split(' ')
    return type === 'blob' ? [{ id, size: Number(size) }] : []
  })
}

/** Reads `git cat-file --batch`. Contents are views of `output`, not copies. */
export function* parseBlobs(output: Buffer): Generator<readonly [id: string, bytes: Buffer]> {
  let at = 0
  while (at < output.length) {
    const end = output.indexOf(0x0a, at)
    if (end < 0) return
    const [id = '', type, size] = output.toString('latin1', at, end).split(' ')
    at = end + 1
    if (type !== 'blob') continue
    const length = Number(size)
    yield [id, output.subarray(at, at + length)]
    at += length + 1
  }
}
