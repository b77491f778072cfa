import { type CharacterPatch, type StatePatch, startOf } from '@tablecast/contracts'

/** The fields of a character that a patch can change. */
export type CharacterFields = Omit<NonNullable<CharacterPatch['upsert']>[number], 'id'>

export const characterPatch = (id: string, fields: CharacterFields): StatePatch => ({
  characters: { upsert: [{ id, ...fields }] },
})

const MAX_CONDITIONS = 20
const MAX_CONDITION_LENGTH = 40

/** Reads “prone, poisoned”: no condition twice, none longer than the server takes. */
export const conditionsOf = (text: string): string[] => {
  const conditions = text.split(',').map((part) => startOf(part.trim(), MAX_CONDITION_LENGTH))
  return [...new Set(conditions.filter(Boolean))].slice(0, MAX_CONDITIONS)
}
