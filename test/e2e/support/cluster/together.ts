/**
 * Like `Promise.all`, but a failure is told when the others have ended too: none of them starts something more while
 * everything is being stopped.
 */
export async function together<const T extends readonly unknown[]>(
  tasks: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(tasks)
  return await Promise.all(tasks)
}
