import { z } from 'zod'

export const port = z.coerce.number<string>().int().min(0).max(65_535)

/** The empty text means: not set. */
export const text = z.string().transform((value) => value.trim() || undefined)

/** Texts that commas separate. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)
