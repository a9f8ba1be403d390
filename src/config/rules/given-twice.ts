/** The indices of all values that stand before already. Undefined ones do not count. */
export function givenTwice(values: readonly (string | undefined)[]): readonly number[] {
  return values.flatMap((value, index) =>
    value !== undefined && values.indexOf(value) < index ? [index] : [],
  )
}
