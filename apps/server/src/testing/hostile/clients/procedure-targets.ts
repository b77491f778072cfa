import type { z } from 'zod'
import { idleRouter } from '../../procedures.ts'
import type { JsonSchema } from '../inputs.ts'
import type { Target } from './raw-client.ts'
import { toJsonSchema } from './to-json-schema.ts'

type Procedure = { _def: { type: 'query' | 'mutation' | 'subscription'; inputs: z.ZodType[] } }

/** Each procedure of the router. They are listed and never called, so the router needs no collaborators. */
const procedures = idleRouter._def.procedures as unknown as Record<string, Procedure>

export type ProcedureTarget = Target & { type: Procedure['_def']['type'] }

export function procedureTargets(
  largest: (path: string, type: Procedure['_def']['type']) => number,
): ProcedureTarget[] {
  return Object.entries(procedures).map(([name, { _def }]) => {
    const inputs = _def.inputs.map(toJsonSchema)
    const $defs = Object.assign({}, ...inputs.map((one) => one.$defs ?? {})) as Record<string, JsonSchema>
    return { name, type: _def.type, schema: { allOf: inputs, $defs }, largest: largest(name, _def.type) }
  })
}
