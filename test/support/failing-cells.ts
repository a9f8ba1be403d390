import { stripVTControlCharacters } from 'node:util'

/** Tries every cell of a row, one after the other. Gives those that fail, each with the first line of why. */
export async function failingCells<Cell extends string>(
  cells: readonly Cell[],
  check: (cell: Cell) => Promise<void>,
): Promise<readonly string[]> {
  if (cells.length === 0) throw new Error('the row has no cells: nothing was tried')
  const failing: string[] = []
  for (const cell of cells) {
    await check(cell).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error)
      failing.push(`${cell}: ${stripVTControlCharacters(text).split('\n')[0] ?? ''}`)
    })
  }
  return failing
}
