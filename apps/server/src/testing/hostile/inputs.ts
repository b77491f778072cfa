// Generates hostile inputs from a JSON Schema, so new procedures are covered without a change here. An input is nearly valid, so that
// it gets past validation, and has one family of hostile values.
import fc from 'fast-check'
import { hostileText, type TextFamily, textFamilies } from './texts.ts'

const shapeFamilies = ['numbers', 'depth', 'keys', 'sizes', 'types'] as const
export type Family = TextFamily | (typeof shapeFamilies)[number]
export const allFamilies: readonly Family[] = [...textFamilies, ...shapeFamilies]

/** The part of JSON Schema that zod writes. */
export type JsonSchema = {
  type?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
  $ref?: string
  $defs?: Record<string, JsonSchema>
  pattern?: string
  format?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
}

/** Values that exist on the server, by the name of their field. */
export type Known = Readonly<Record<string, readonly string[]>>

/** The length of a text whose schema has no limit. */
const FREE_LENGTH = 4_000
const MAX_LENGTH = 60_000
const DEEPEST = 4

/** The text of an input. Values that `JSON.stringify` can't write (very deep, millions of keys) replace marks in the text. */
export function hostileInput(
  schema: JsonSchema,
  family: Family,
  { known, largest }: { known: Known; largest: number },
): fc.Arbitrary<string> {
  const { $defs = {} } = schema
  return new Inputs({ family, known, defs: $defs, largest })
    .of(schema, '', 0)
    .map((value) => unfolded(JSON.stringify(value) ?? 'null'))
}

/** True if an input of this schema can hold values of this family. */
export const hasPlaceFor = (schema: JsonSchema, family: Family): boolean =>
  !isTextFamily(family) || longestText(schema) !== null

/** The length of the longest free text in an input, or null if the input has no free text. */
export function longestText(schema: JsonSchema): number | null {
  const looked = new Set<JsonSchema>()
  const { $defs = {} } = schema
  const lengths = (one: JsonSchema | boolean | undefined): number[] => {
    if (typeof one !== 'object' || looked.has(one)) return []
    looked.add(one)
    if (one.type === 'string')
      return one.pattern === undefined && one.format === undefined && one.enum === undefined && one.const === undefined
        ? [one.maxLength ?? FREE_LENGTH]
        : []
    return [
      ...Object.values(one.properties ?? {}),
      ...[one.anyOf, one.oneOf, one.allOf].flatMap((all) => all ?? []),
      ...(one.items ? [one.items] : []),
      ...(one.$ref ? [$defs[nameOf(one.$ref)]] : []),
      one.additionalProperties,
    ].flatMap(lengths)
  }
  const all = lengths(schema)
  return all.length > 0 ? Math.max(...all) : null
}

/** A schema and all schemas inside it. */
function* partsOf(schema: JsonSchema): Generator<JsonSchema> {
  yield schema
  const inside = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((all) => all ?? [])
  for (const one of [...Object.values(schema.properties ?? {}), ...inside, ...(schema.items ? [schema.items] : [])])
    yield* partsOf(one)
}

const takesAny = ({ $ref, type, anyOf, oneOf, allOf, enum: values, const: value }: JsonSchema) =>
  $ref !== undefined || [type, anyOf, oneOf, allOf, values, value].every((one) => one === undefined)

/** True if an input has a field without bounds for this family: any value, or a list of any length. */
export function isUnbounded(schema: JsonSchema, family: Family): boolean {
  const isEndless = ({ type, maxItems }: JsonSchema) => type === 'array' && maxItems === undefined
  return [...partsOf(schema)].some((part) => takesAny(part) || (family === 'sizes' && isEndless(part)))
}

/** The names of all fields of an input, however deep. */
export const fieldsOf = (schema: JsonSchema): string[] =>
  [...partsOf(schema)].flatMap(({ properties = {} }) => Object.keys(properties))

class Inputs {
  readonly #family: Family
  readonly #known: Known
  readonly #defs: Record<string, JsonSchema>

  /** The size of the whole input in bytes. */
  readonly #largest: number

  constructor(options: { family: Family; known: Known; defs: Record<string, JsonSchema>; largest: number }) {
    this.#family = options.family
    this.#known = options.known
    this.#defs = options.defs
    this.#largest = options.largest
  }

  of(schema: JsonSchema, name: string, depth: number): fc.Arbitrary<unknown> {
    const meant = this.#meant(schema, name, depth)
    const family = this.#family
    if (family === 'types') return fc.oneof({ weight: 8, arbitrary: meant }, { weight: 1, arbitrary: otherType })
    // Validation refuses most deep values. Fields of any value accept them, so these get more.
    if (family === 'depth')
      return fc.oneof({ weight: takesAny(schema) ? 1 : 12, arbitrary: meant }, { weight: 2, arbitrary: deepMark })
    return meant
  }

  #meant(schema: JsonSchema, name: string, depth: number): fc.Arbitrary<unknown> {
    if (schema.const !== undefined) return fc.constant(schema.const)
    if (schema.enum) return fc.constantFrom(...schema.enum)
    const several = schema.anyOf ?? schema.oneOf
    if (several)
      return fc.oneof(...(depth > DEEPEST ? several.slice(0, 3) : several).map((one) => this.of(one, name, depth)))
    if (schema.allOf)
      return fc
        .tuple(...schema.allOf.map((one) => this.of(one, name, depth)))
        .map((all) => Object.assign({}, ...all) as unknown)
    if (schema.$ref) return this.of(this.#defs[nameOf(schema.$ref)] ?? {}, name, depth + 1)
    switch (schema.type) {
      case 'string':
        return this.#string(schema, name)
      case 'number':
      case 'integer':
        return this.#number(schema)
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
      case 'array':
        return this.#array(schema, name, depth)
      case 'object':
        return this.#object(schema, depth)
      default:
        return this.of(
          { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'array', items: {} }] },
          name,
          depth + 1,
        )
    }
  }

  #string(schema: JsonSchema, name: string): fc.Arbitrary<string> {
    const { pattern, format, maxLength } = schema
    if (name === 'key') return fc.uuid()
    const known = this.#known[name]
    const longest = Math.min(maxLength ?? FREE_LENGTH, MAX_LENGTH)
    const hostile = this.#hostileString(longest)
    const isFree = pattern === undefined && format === undefined
    const meant = this.#meantString(schema, longest)
    if (known)
      return fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...known) },
        { weight: 1, arbitrary: meant },
        { weight: 1, arbitrary: hostile },
      )
    return isFree
      ? fc.oneof({ weight: 1, arbitrary: meant }, { weight: 6, arbitrary: hostile })
      : fc.oneof({ weight: 8, arbitrary: meant }, { weight: 1, arbitrary: hostile })
  }

  #meantString({ pattern, format, minLength = 0 }: JsonSchema, longest: number): fc.Arbitrary<string> {
    if (format === 'date-time')
      return fc.constantFrom('2026-05-01T20:00:00.000Z', '0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z')
    if (format === 'uuid') return fc.uuid()
    if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'), { maxLength: 100 })
    return fc.string({ minLength: Math.max(1, minLength), maxLength: Math.min(20, longest), unit: 'grapheme-ascii' })
  }

  #hostileString(longest: number): fc.Arbitrary<string> {
    const family = this.#family
    if (family === 'sizes')
      return fc
        .constantFrom(0, 1, longest - 1, longest, longest + 1, MAX_LENGTH)
        .map((length) => 'x'.repeat(Math.max(0, length)))
    return isTextFamily(family) ? hostileText(family, longest) : hostileText('plain', longest)
  }

  #number({ type, minimum = -1e6, maximum = 1e6 }: JsonSchema): fc.Arbitrary<number> {
    const meant =
      type === 'integer'
        ? fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31 - 1) })
        : fc.integer({ min: -1_000, max: 1_000 })
    if (this.#family !== 'numbers') return meant
    return fc.oneof(
      fc.constantFrom(minimum, maximum, minimum - 1, maximum + 1),
      fc.constantFrom(
        0,
        -0,
        1,
        -1,
        0.1,
        -0.5,
        2 ** 31,
        2 ** 32,
        2 ** 53,
        2 ** 53 + 2,
        -(2 ** 63),
        1e21,
        1e308,
        -1e308,
        5e-324,
      ),
      meant,
    )
  }

  #array({ items = {}, minItems = 0, maxItems }: JsonSchema, name: string, depth: number): fc.Arbitrary<unknown[]> {
    if (depth > DEEPEST) return fc.constant([])
    const item = this.of(items, name, depth + 1)
    const few = fc.array(item, { minLength: minItems, maxLength: Math.max(minItems, Math.min(4, maxItems ?? 4)) })
    if (this.#family !== 'sizes') return few
    const many = fc
      .tuple(fc.oneof(item, otherType), fc.constantFrom(maxItems ?? 100, (maxItems ?? 100) + 1, 5_000, 40_000, 400_000))
      .map(([one, count]) => {
        const length = JSON.stringify(one)?.length ?? 4
        return Array.from(
          { length: Math.max(1, Math.min(count, Math.floor(this.#largest / 2 / (length + 1)))) },
          () => one,
        )
      })
    return fc.oneof(few, many)
  }

  #object({ properties = {}, required = [], additionalProperties }: JsonSchema, depth: number): fc.Arbitrary<unknown> {
    // A map may require keys that it does not list as properties.
    const ofMap = typeof additionalProperties === 'object' ? additionalProperties : {}
    const known = { ...Object.fromEntries(required.map((name) => [name, ofMap])), ...properties }
    const fields = Object.fromEntries(Object.entries(known).map(([name, one]) => [name, this.of(one, name, depth + 1)]))
    const isMap = typeof additionalProperties === 'object' && depth <= DEEPEST
    const more = isMap
      ? fc.dictionary(this.#hostileString(40), this.of(additionalProperties, '', depth + 1), { maxKeys: 3 })
      : fc.constant({})
    const meant = fc
      .tuple(fc.record(fields, { requiredKeys: required }), more)
      .map(([listed, others]): object => ({ ...others, ...listed }))
    return this.#family === 'keys'
      ? fc.tuple(meant, extraKeys).map(([value, extra]) => ({ ...value, ...extra }))
      : meant
  }
}

const otherType = fc.constantFrom<unknown>(
  null,
  true,
  0,
  '',
  'x',
  [],
  {},
  [[]],
  { length: 1e9 },
  { '@@odd then': 1 },
  { toJSON: 1 },
  { 0: 'a' },
)

/** Marks in the text, which `unfolded` replaces after `JSON.stringify`. */
const deepMark = fc
  .tuple(fc.constantFrom('list', 'object'), fc.constantFrom(3, 60, 70, 2_000, 9_000))
  .map(([kind, depth]) => `@@deep ${kind} ${depth}@@`)
const extraKeys = fc
  .record({
    count: fc.constantFrom(0, 1, 100, 4_000),
    odd: fc.subarray([
      '__proto__',
      'constructor',
      'toString',
      '',
      ' ',
      '__defineGetter__',
      '@@iterator',
      'key ',
      'roomid',
    ]),
  })
  .map(({ count, odd }) => ({
    ...Object.fromEntries(odd.map((name) => [`@@odd ${name}`, 0])),
    ...(count > 0 ? { [`@@keys ${count}@@`]: 0 } : {}),
  }))

function unfolded(text: string): string {
  return text
    .replaceAll(/"@@deep (list|object) (\d+)@@"/g, (_mark, kind: string, depth: string) => {
      const [open, close] = kind === 'list' ? ['[', ']'] : ['{"a":', '}']
      return `${open.repeat(Number(depth))}1${close.repeat(Number(depth))}`
    })
    .replaceAll(/"@@keys (\d+)@@":0/g, (_mark, count: string) =>
      Array.from({ length: Number(count) }, (_, n) => `"a${n}":${n}`).join(),
    )
    .replaceAll('"@@odd ', '"')
}

const nameOf = (reference: string) => reference.split('/').at(-1) ?? ''
export const isTextFamily = (family: Family): family is TextFamily =>
  (textFamilies as readonly string[]).includes(family)
