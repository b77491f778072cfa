// The typed API as tables for docs/protocols.md: what each procedure takes and answers, who may call it, and its errors.
import { accessErrors, commonErrors, errorKinds, keyError, procedureErrors } from '@tablecast/contracts'
import { idleRouter } from '@tablecast/server/testing/procedures'
import type { z } from 'zod'
import { placed, table } from '../deploy/generated.ts'
import { type AnswerTypes, answerTypes } from './answer-types.ts'
import { inputPrinter } from './input-text.ts'
import { asList, fitsARow, inOneLine, type TypeText } from './type-text.ts'

type Access = keyof typeof accessErrors
type Procedure = {
  _def: { type: 'query' | 'mutation' | 'subscription'; inputs: z.ZodType[]; meta?: { access: Access } }
}

// The cast shows parts of a procedure that tRPC's types keep to themselves.
export const procedures = idleRouter._def.procedures as unknown as Record<string, Procedure>

const who: Record<Access, string> = {
  open: 'everyone',
  screen: 'screen',
  signedIn: 'signed in',
  operator: 'operator',
  member: 'member',
  player: 'player or DM',
  dm: 'DM',
  owner: 'owner',
}

/** The document with its tables as the code has them now. Throws when a group of procedures has no place in it. */
export function withProcedures(document: string, { answers, types }: AnswerTypes = answerTypes()): string {
  const { print, parts } = inputPrinter(new Set(types.keys()))
  const rows = Object.entries(procedures).map(([path, { _def }]) => {
    const errors = procedureErrors[path]
    if (!errors) throw new Error(`packages/contracts/src/procedure-errors.ts has no line for ${path}`)
    const access = _def.meta?.access
    if (!access) throw new Error(`${path} does not say who may call it`)
    return {
      group: path.slice(0, path.indexOf('.')),
      cells: [
        code(path),
        _def.type,
        _def.inputs.length > 0 ? cell(print(_def.inputs)) : '',
        cell(answers.get(path) ?? ''),
        who[access],
        errors.map(code).join(', '),
      ],
    }
  })
  const groups = [...Map.groupBy(rows, ({ group }) => group)]
  const withGroups = groups.reduce(
    (text, [group, members]) =>
      placed(
        text,
        `procedures of ${group}`,
        table(
          ['procedure', 'kind', 'input', 'answer', 'who', 'errors'],
          members.map(({ cells }) => cells),
        ),
      ),
    document,
  )
  const errors = [
    ['every call', commonErrors.map(code).join(', ')],
    ['a call with a `key`', code(keyError)],
    ...Object.entries(accessErrors)
      .filter(([, codes]) => codes.length > 0)
      .map(([access, codes]) => [`who: ${who[access as Access]}`, codes.map(code).join(', ')]),
  ]
  return [
    ['common errors', table(['call', 'errors'], errors)] as const,
    ['error codes', errorTable()] as const,
    ['types', typeList([...types, ...parts])] as const,
  ].reduce((text, [name, block]) => placed(text, name, block), withGroups)
}

/** Every error code as each transport has it. */
const errorTable = (): string =>
  table(
    ['code', 'HTTP', 'tRPC', 'close code', 'may work later'],
    Object.entries(errorKinds).map(([name, { http, trpc, close, retry }]) => [
      code(name),
      String(http),
      code(trpc),
      close === null ? '' : String(close),
      retry ? 'yes' : '',
    ]),
  )

/** Short types are rows of a table. A list for each long one follows. */
function typeList(types: readonly (readonly [string, TypeText])[]): string {
  const sorted = types.toSorted(([one], [other]) => one.localeCompare(other))
  const short = sorted.filter(([, type]) => fitsARow(type)).map(([name, type]) => [code(name), cell(inOneLine(type))])
  const long = sorted.filter(([, type]) => !fitsARow(type)).map(([name, type]) => asList(name, type))
  return [table(['type', 'definition'], short), ...long].join('\n\n')
}

const code = (text: string) => `\`${text}\``
/** A table takes no bare `|`, not even in code. */
const cell = (text: string) => code(text.replaceAll('|', '\\|'))
