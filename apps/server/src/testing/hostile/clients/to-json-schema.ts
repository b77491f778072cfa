import { z } from 'zod'
import type { JsonSchema } from '../inputs.ts'

export const toJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
