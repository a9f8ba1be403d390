import { publishedSchema } from '../src/config/json-schema.ts'
import { keepFresh, readRootFile } from './generated-file.ts'

const path = 'charts/mayfly/values.schema.json'

/** The part `config` of the chart's values is Mayfly's own schema; the rest is written by hand and stays. */
const config = Object.fromEntries(Object.entries(publishedSchema()).filter(([key]) => key !== '$schema'))
const chart = JSON.parse(await readRootFile(path)) as { properties: object }
const properties = { ...chart.properties, config }
await keepFresh(path, `${JSON.stringify({ ...chart, properties }, null, 2)}\n`, 'npm run generate')
