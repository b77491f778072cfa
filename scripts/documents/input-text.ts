// A schema in one line, as the documents show what a procedure takes: `{roomId, key, expiresInHours?: 1–8760 | null}`.
import { z } from 'zod'
import { Sheet } from '@tablecast/bestiary/sheet'
import { StatBlock } from '@tablecast/bestiary/stat-block'
import { NewFighter, Operation } from '@tablecast/rules'
import { inOneLine, type TypeText } from './type-text.ts'

const CONTRACTS = new URL('../../packages/contracts/src/index.ts', import.meta.url)
// The path is no literal, so that this does not count as a use of every export: the check for dead code still finds the unused ones.
const contracts: Record<string, unknown> = {
  ...(await import(CONTRACTS.href)),
  Operation,
  NewFighter,
  Sheet,
  StatBlock,
}

type JsonSchema = {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: JsonSchema[]
  /** Of a union whose variants have a field that tells them apart. */
  oneOf?: JsonSchema[]
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

/** `parts`: the schemas that the printed inputs name, beyond the `types` that were known before. */
export type InputPrinter = { print(inputs: readonly z.ZodType[]): string; parts: ReadonlyMap<string, TypeText> }

/** Prints inputs. A part that the contracts export is shown by its name; a name among the `types` goes before others. */
export function inputPrinter(types: ReadonlySet<string>): InputPrinter {
  const names = new Map<string, string>()
  const exported = Object.entries(contracts)
  const known = exported.filter(([name]) => types.has(name))
  for (const [name, schema] of [...known, ...exported])
    if (schema instanceof z.ZodObject || schema instanceof z.ZodEnum || schema instanceof z.ZodDiscriminatedUnion) {
      const mark = marked(schemaOf(schema))
      if (!names.has(mark)) names.set(mark, name)
    }
  const parts = new Map<string, TypeText>()
  const printed = (schema: JsonSchema): string => {
    const name = schema.properties || schema.enum || schema.oneOf ? names.get(marked(schema)) : undefined
    if (name === undefined) return inOneLine(spelledOut(schema, printed))
    if (!types.has(name)) parts.set(name, spelledOut(schema, printed))
    return name
  }
  return { print: (inputs) => inOneLine(fieldsOf(merged(inputs.map(schemaOf)), printed)), parts }
}

type Print = (schema: JsonSchema) => string

/** A procedure's inputs are checked one after the other: together they are one object. */
function merged(inputs: readonly JsonSchema[]): Pick<JsonSchema, 'properties' | 'required'> {
  return {
    properties: Object.assign({}, ...inputs.map(({ properties }) => properties)) as Record<string, JsonSchema>,
    required: inputs.flatMap(({ required = [] }) => required),
  }
}

function marked(schema: JsonSchema): string {
  const { properties, required, enum: values, oneOf } = schema
  return JSON.stringify({ properties, required, values, oneOf })
}

function spelledOut(schema: JsonSchema, print: Print): TypeText {
  if (schema.type === 'object') return fieldsOf(schema, print)
  if (schema.const !== undefined) return variants(JSON.stringify(schema.const))
  if (schema.enum) return variants(...schema.enum.map((value) => JSON.stringify(value)))
  const union = schema.anyOf ?? schema.oneOf
  if (union) return variants(...union.map(print))
  return variants(plainText(schema, print))
}

const variants = (...parts: string[]): TypeText => ({ kind: 'variants', parts })

function plainText(schema: JsonSchema, print: Print): string {
  switch (schema.type) {
    case 'array':
      return arrayText(schema, print)
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

function fieldsOf({ properties = {}, required = [] }: JsonSchema, print: Print): TypeText {
  const parts = Object.entries(properties).map(([name, schema]) => {
    const text = print(schema)
    const mark = required.includes(name) ? name : `${name}?`
    return text === 'string' ? mark : `${mark}: ${text}`
  })
  return { kind: 'fields', parts }
}

function arrayText({ items, maxItems }: JsonSchema, print: Print): string {
  const item = items ? print(items) : 'any JSON'
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
