// The damage that a DM types for one fighter or several: the damage box's text, with a save after it.
import type { Operation } from '@tablecast/rules'
import { type BoxEntry, boxOperation, readDamageBox } from '@tablecast/rules/commands'

type DamageOperation = Extract<Operation, { type: 'damage' }>
export type Save = NonNullable<DamageOperation['save']>
export type Ability = Save['ability']

export const abilities = ['str', 'dex', 'con', 'int', 'wis', 'cha'] as const satisfies readonly Ability[]

const SAVE =
  /(?:^|\s)(str(?:ength)?|dex(?:terity)?|con(?:stitution)?|int(?:elligence)?|wis(?:dom)?|cha(?:risma)?)\s+(?:dc\s*)?([1-9]\d?)(?:\s+(half|none))?(?=\s|$)/iu

/** Takes a save such as `dex 14` or `dex 14 none` out of a text. A save takes half of the damage unless the text says `none`. */
export function splitSave(text: string): { rest: string; save: Save | null } {
  const found = SAVE.exec(text)
  const ability = abilities.find((one) => found?.[1]?.toLowerCase().startsWith(one))
  if (!found || !ability) return { rest: text, save: null }
  const rest = `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`.trim()
  return { rest, save: { ability, dc: Number(found[2]), onSave: found[3]?.toLowerCase() === 'none' ? 'none' : 'half' } }
}

/**
 * The operation that a typed text means for these fighters, and the entry to keep for `half`. `chosenSave` counts where the text has no
 * save of its own. Throws `Refusal` with the reason.
 */
export function typedOperation(
  text: string,
  targets: readonly string[],
  last: BoxEntry | null,
  chosenSave: Save | null = null,
): { operation: Operation; entry: BoxEntry } {
  const { rest, save } = splitSave(text)
  const entry = readDamageBox(rest)
  const operation = boxOperation(entry, targets, last)
  const asked = save ?? chosenSave
  return {
    operation: operation.type === 'damage' && asked ? { ...operation, save: asked } : operation,
    // `half` again is half of the same damage.
    entry: entry.kind === 'half' && last ? last : entry,
  }
}
