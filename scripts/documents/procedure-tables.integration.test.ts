import { globSync, readFileSync } from 'node:fs'
import { errorKinds, HitPoints, NonOwnerRole, OwnCharacterFields, procedureErrors } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { inputPrinter } from './input-text.ts'
import { procedures, withProcedures } from './procedure-tables.ts'
import { MOST_IN_A_ROW, WIDTH } from './type-text.ts'

const root = new URL('../../', import.meta.url)
const protocols = readFileSync(new URL('docs/protocols.md', root), 'utf8')
const generated = [...protocols.matchAll(/<!-- (procedures of \w+|types) -->\n(.*?)<!-- /gs)].flatMap(
  ([, , text = '']) => text.split('\n'),
)
/** The contents of the cells of a row that are code. */
const codes = (row: string) => [...row.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text.replaceAll('\\|', '|'))

// The compiler reads the whole server: seconds, and half a minute on a busy machine.
describe('the tables of docs/protocols.md', { timeout: 240_000 }, () => {
  it('show every procedure and type as the code has them; "pnpm generate" brings them up to date', () =>
    expect(withProcedures(protocols)).toBe(protocols))

  it('list the errors of every procedure, and of no other', () =>
    expect(Object.keys(procedureErrors).toSorted()).toEqual(Object.keys(procedures).toSorted()))

  it('list every error code with its status and its close code', () => {
    const [, rows = ''] = /<!-- error codes -->\n(.*?)<!-- /s.exec(protocols) ?? []
    const listed = rows.split('\n').flatMap((row) => {
      const [code, http, , close] = row
        .split('|')
        .slice(1)
        .map((one) => one.trim().replaceAll('`', ''))
      return code && /^[A-Z_]+$/.test(code) ? [[code, Number(http), close === '' ? null : Number(close)]] : []
    })
    expect(listed).toEqual(Object.entries(errorKinds).map(([code, { http, close }]) => [code, http, close]))
  })

  it('have no cell that is too long to read, and no long line beside the rows', () => {
    const [rows, lines] = [
      generated.filter((line) => line.startsWith('|')),
      generated.filter((line) => !line.startsWith('|')),
    ]
    expect(rows.flatMap(codes).filter((text) => text.length > MOST_IN_A_ROW)).toEqual([])
    expect(lines.filter((line) => line.length > WIDTH)).toEqual([])
  })

  it('explain every type that they name', () => {
    const explained = new Set(generated.flatMap((line) => /^(?:\| `|\*\*`)(\w+)(?:<\w+>)?`/.exec(line)?.[1] ?? []))
    const words = generated.flatMap((line) => [...line.replaceAll(/"[^"]*"/g, '').matchAll(/(?<![\w.])[A-Z][a-z]\w+/g)])
    const named = new Set(words.map(([word]) => word))
    // TypeScript's own: all fields optional.
    named.delete('Partial')
    expect([...named].filter((name) => !explained.has(name))).toEqual([])
  })

  it('name every type of the contracts that is exported for them alone', () => {
    const contracts = globSync('packages/contracts/src/*.ts', { cwd: root }).map((path) =>
      readFileSync(new URL(path, root), 'utf8'),
    )
    const exported = contracts.flatMap((text) => [
      ...text.matchAll(/@public docs\/protocols\.md names it\.\s+\*\/\nexport type (\w+)/g),
    ])
    const names = exported.map(([, name = '']) => name)
    expect(names).toContain('Turn')
    expect(names.filter((name) => !protocols.includes(`\`${name}\``))).toEqual([])
  })

  it('need a place for each group of procedures', () =>
    expect(() =>
      withProcedures('<!-- procedures of auth -->\n<!-- /procedures of auth -->', {
        answers: new Map(),
        types: new Map(),
      }),
    ).toThrow('no place for the table of procedures of rooms'))
})

describe('an input in one line', () => {
  const { print } = inputPrinter(new Set(['HitPoints']))

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

  it('shows an exported schema by its name, and hands over the schemas that the answers do not name', () => {
    const printer = inputPrinter(new Set(['HitPoints']))
    const input = z.object({ hp: HitPoints, was: OwnCharacterFields.optional(), role: NonOwnerRole })
    expect(printer.print([input])).toBe('{hp: HitPoints, was?: OwnCharacterFields, role: NonOwnerRole}')
    expect([...printer.parts.keys()]).toEqual(['OwnCharacterFields', 'NonOwnerRole'])
    expect(printer.parts.get('NonOwnerRole')).toEqual({ kind: 'variants', parts: ['"dm"', '"player"', '"spectator"'] })
  })

  it('joins what is checked one after the other', () =>
    expect(print([z.object({ roomId: z.string() }), z.object({ roomId: z.string(), key: z.string() })])).toBe(
      '{roomId, key}',
    ))
})
