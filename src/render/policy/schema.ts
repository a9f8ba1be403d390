/** The structure the API server accepts, as far as it can be said in data: a mapping is closed unless it says `free`. */
export interface Schema {
  readonly type?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  /** Of keys that `properties` does not name. */
  readonly additionalProperties?: Schema
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly nullable?: boolean
  /** A number or a text; a pattern is for both. */
  readonly intOrString?: boolean
  /** Anything may stand here, or inside. */
  readonly free?: boolean
}
