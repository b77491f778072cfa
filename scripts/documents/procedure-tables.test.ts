import { readFileSync } from 'node:fs'
import { procedureErrors } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { inputPrinter } from './input-text.ts'
import { procedures, withProcedures } from './procedure-tables.ts'

const protocols = readFileSync(new URL('../../docs/protocols.md', import.meta.url), 'utf8')

// The compiler reads the whole server: seconds, and half a minute on a busy machine.
describe('the tables of docs/protocols.md', { timeout: 240_000 }, () => {
  it('show every procedure and type as the code has them; "pnpm generate" brings them up to date', () =>
    expect(withProcedures(protocols)).toBe(protocols))

  it('list the errors of every procedure, and of no other', () =>
    expect(Object.keys(procedureErrors).toSorted()).toEqual(Object.keys(procedures).toSorted()))

  it('need a place for each group of procedures', () =>
    expect(() =>
      withProcedures('<!-- procedures of auth -->\n<!-- /procedures of auth -->', {
        answers: new Map(),
        types: new Map(),
      }),
    ).toThrow('no place for the table of procedures of rooms'))
})

describe('an input in one line', () => {
  const print = inputPrinter(new Set(['HitPoints']))

  it.each([
    [z.object({ roomId: z.string() }), '{roomId}'],
    [
      z.object({ name: z.string().max(60), note: z.string().max(4_000).nullish() }),
      '{name: ≤ 60 characters, note?: ≤ 4,000 characters | null}',
    ],
    [z.object({ hours: z.int().min(1).max(24).optional() }), '{hours?: 1–24}'],
    [z.object({ base: z.int().min(0), any: z.int() }), '{base: ≥ 0, any: number}'],
    [z.object({ role: z.enum(['dm', 'player']), on: z.boolean() }), '{role: "dm" | "player", on: boolean}'],
    [
      z.object({ ids: z.array(z.string()).max(50), pairs: z.array(z.object({ a: z.string() })) }),
      '{ids: string[] ≤ 50, pairs: {a}[]}',
    ],
    [z.object({ payload: z.unknown() }), '{payload: any JSON}'],
    [z.object({ format: z.literal('json') }), '{format: "json"}'],
    [
      z.object({ hp: z.object({ current: z.int(), max: z.int(), temp: z.int() }) }),
      '{hp: {current: number, max: number, temp: number}}',
    ],
  ])('input %# is shown as %s', (schema, text) => expect(print([schema])).toBe(text))

  it('joins what is checked one after the other', () =>
    expect(print([z.object({ roomId: z.string() }), z.object({ roomId: z.string(), key: z.string() })])).toBe(
      '{roomId, key}',
    ))
})
