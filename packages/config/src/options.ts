// Options as data: the environment is parsed, `--help` is printed and the docs are checked from the same table.
import { z } from 'zod'

/** `schema` parses the variable's text; `fallback` is parsed when it is not set. */
type Option = { schema: z.ZodType<unknown, string | undefined>; fallback: string; does: string }
export type Options = Record<string, Option>
export type Values<O extends Options> = { [K in keyof O]: z.output<O[K]['schema']> }
export type Environment = Record<string, string | undefined>

export class ConfigError extends Error {}

/** Throws `ConfigError` with one line that names the variable. */
export function parseOptions<O extends Options>(options: O, environment: Environment): Values<O> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { schema, fallback }]) => {
      const parsed = schema.safeParse(environment[name] ?? fallback)
      if (!parsed.success) throw new ConfigError(`${name}: ${parsed.error.issues[0]?.message ?? 'not valid'}`)
      return [name, parsed.data]
    }),
  ) as Values<O>
}

export const usageOf = (options: Options): string =>
  Object.entries(options)
    .map(([name, { fallback, does }]) => `${name.padEnd(30)} ${does}${fallback ? ` (default ${fallback})` : ''}`)
    .join('\n')

export const count = (max: number, min = 1) => z.coerce.number<string>().int().min(min).max(max)

/** The empty text means: not set. */
export const optional = <T extends string>(schema: z.ZodType<T, string>) =>
  z.union([z.literal(''), schema]).transform((value) => value || undefined)

export const flag = z.enum(['true', 'false']).transform((word) => word === 'true')

export const oneOf = <T extends string>(...values: T[]) =>
  z.enum(['', ...values]).transform((value) => (value === '' ? undefined : (value as T)))
