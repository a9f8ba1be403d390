/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The variables of this process: the only place that reads them; everybody else takes an `Environment`. */
export function processEnvironment(): Environment {
  return { ...process.env }
}
