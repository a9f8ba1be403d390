import { inspect } from 'node:util'

/** A value that no print, log or JSON shows. */
export interface Secret {
  /** The value itself: call it only where it is used, never keep what it gives. */
  reveal(): string
  toString(): string
  toJSON(): string
}

const shown = '[secret]'

export function secret(value: string): Secret {
  return Object.freeze({
    reveal: () => value,
    toString: () => shown,
    toJSON: () => shown,
    [inspect.custom]: () => shown,
  })
}
