import { Stalled } from '../preview/errors.ts'
import { asText } from './fill/helpers.ts'
import { run } from './fill/fill.ts'
import { refuseTemplate } from './fill/parse-template.ts'
import { Refused } from './refusal.ts'
import type { Variables } from './variables.ts'

/**
 * A one-line template of the configuration, filled in as it is. Of a merge request's values only those made of letters,
 * digits and `. _ -` may be in it.
 * @throws Stalled saying what is wrong with the template.
 */
export function renderLine(
  what: string,
  template: string,
  variables: Omit<Variables, 'url' | 'host' | 'image'>,
): string {
  const { url: _, host: __, image: ___, ...known } = { url: 0, host: 0, image: 0, ...variables }
  try {
    return run({ name: what, text: template }, known, (templateValue, line) => {
      const value = asText(templateValue)
      if (templateValue.origin === 'forge' && !/^[A-Za-z0-9._-]*$/.test(value))
        refuseTemplate(
          what,
          line,
          'is free text and may not stand here: use {{name}}, {{number}} or {{slug}}',
          value,
        )
      return value
    }).text
  } catch (error) {
    throw error instanceof Refused ? new Stalled(error.message, { cause: error }) : error
  }
}
