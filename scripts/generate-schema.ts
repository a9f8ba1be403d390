import { publishedSchema } from '../src/config/json-schema.ts'
import { keepFresh } from './generated-file.ts'

/** mayfly.schema.json, for completion and checks in editors. */
const text = `${JSON.stringify(publishedSchema(), null, 2)}\n`
await keepFresh('mayfly.schema.json', text, 'npm run generate')
