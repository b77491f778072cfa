import type { Character } from '@tablecast/contracts'
import { currentVersion, useEdit } from '../use-edit.tsx'
import { type CharacterFields, characterPatch } from './character-patch.ts'

/** Changes and removes one character. `what` names the field to the DM when somebody else has changed it meanwhile. */
export function useCharacterEdit({ id, name }: Character) {
  const edit = useEdit()
  return {
    set: (what: string, fields: CharacterFields) =>
      void edit({
        what: `${what} of ${name}`,
        patch: characterPatch(id, fields),
        baseVersion: currentVersion(),
      }),
    remove: () =>
      void edit({
        what: name,
        patch: { characters: { remove: [id] } },
        baseVersion: currentVersion(),
      }),
  }
}
