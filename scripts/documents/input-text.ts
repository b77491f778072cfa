// A schema in one line, as the documents show what a procedure takes: `{roomId, key, expiresInHours?: 1–8760 | null}`.
import * as contracts from '@tablecast/contracts'
import { z } from 'zod'

export type JsonSchema = {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  minimum?: number
  maximum?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
}

// The cast holds: zod prints JSON Schema, and nothing here depends on a field that it leaves out.
const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema

/** Prints inputs; a part that is one of the `types` is shown by its name. */
export function inputPrinter(types: ReadonlySet<string>): (inputs: readonly z.ZodType[]) => string {
  const names = new Map<string, string>()
  for (const [name, schema] of Object.entries(contracts))
    if (types.has(name) && schema instanceof z.ZodObject) names.set(marked(schemaOf(schema)), name)
  return (inputs) => objectText(merged(inputs.map(schemaOf)), names)
}

/** A procedure's inputs are checked one after the other: together they are one object. */
function merged(inputs: readonly JsonSchema[]): Pick<JsonSchema, 'properties' | 'required'> {
  return {
    properties: Object.assign({}, ...inputs.map(({ properties }) => properties)) as Record<string, JsonSchema>,
    required: inputs.flatMap(({ required = [] }) => required),
  }
}

function marked(schema: JsonSchema): string {
  const { properties, required } = schema
  return JSON.stringify({ properties, required })
}

const printed = (schema: JsonSchema, names: ReadonlyMap<string, string>): string =>
  (schema.properties && names.get(marked(schema))) ?? spelledOut(schema, names)

function spelledOut(schema: JsonSchema, names: ReadonlyMap<string, string>): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.anyOf) return schema.anyOf.map((one) => printed(one, names)).join(' | ')
  switch (schema.type) {
    case 'object':
      return objectText(schema, names)
    case 'array':
      return arrayText(schema, names)
    case 'integer':
    case 'number':
      return numberText(schema)
    case 'string':
      return schema.maxLength === undefined ? 'string' : `≤ ${schema.maxLength.toLocaleString('en')} characters`
    case undefined:
      return 'any JSON'
    default:
      return schema.type
  }
}

function objectText({ properties = {}, required = [] }: JsonSchema, names: ReadonlyMap<string, string>): string {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const text = printed(schema, names)
    const mark = required.includes(name) ? name : `${name}?`
    return text === 'string' ? mark : `${mark}: ${text}`
  })
  return `{${fields.join(', ')}}`
}

function arrayText({ items, maxItems }: JsonSchema, names: ReadonlyMap<string, string>): string {
  const item = items ? printed(items, names) : 'any JSON'
  const list = /[ |]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
  return maxItems === undefined ? list : `${list} ≤ ${maxItems.toLocaleString('en')}`
}

/** JavaScript's own limits are not worth a word. */
function numberText({ minimum, maximum }: JsonSchema): string {
  const isSafe = (limit: number | undefined): limit is number =>
    limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER
  if (isSafe(minimum) && isSafe(maximum)) return `${minimum}–${maximum}`
  return isSafe(minimum) ? `≥ ${minimum}` : 'number'
}
