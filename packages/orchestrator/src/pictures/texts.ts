// The texts of a picture or a handout, which two DMs may edit at once.
import { TablecastError } from '@tablecast/contracts'

type Texts = { readonly [Name in (typeof names)[number]]?: string | undefined }

const names = ['title', 'text', 'alt'] as const

/**
 * Throws CONFLICT, with the present texts of the fields that are edited, when one of them is neither as the editor saw it nor as the editor
 * wants it. A page of an older version does not say what it saw: then the edit wins.
 */
export function assertSeen(now: Texts, edited: Texts, was: Texts | undefined): void {
  if (!was) return
  const touched = names.filter((name) => edited[name] !== undefined)
  if (touched.every((name) => now[name] === was[name] || now[name] === edited[name])) return
  throw new TablecastError(
    'CONFLICT',
    'Another DM changed this text meanwhile: look again.',
    Object.fromEntries(touched.map((name) => [name, now[name]])),
  )
}
