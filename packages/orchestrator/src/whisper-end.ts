import { audienceOf, TablecastError } from '@tablecast/contracts'
import type { Work } from './campaign-changes.ts'

/** The end of a whisper that is not a DM. */
export async function whisperEnd(
  { tables, room, actor }: Work,
  to: string | null,
): Promise<{ id: string; name: string }> {
  const isDm = actor.role === 'dm'
  if (isDm !== Boolean(to))
    throw new TablecastError(
      'BAD_REQUEST',
      isDm ? 'Choose the player to whisper to.' : 'Players whisper to the DM alone. Choose the DM.',
    )
  if (!to) return { id: actor.id, name: actor.name }
  const member = await tables.rooms.member(room.id, to)
  if (!member)
    throw new TablecastError('NOT_FOUND', 'This person is not at the table any more. Reload the page to see who is.')
  if (audienceOf(member.role) === 'dm')
    throw new TablecastError('BAD_REQUEST', 'A DM reads everything already. Choose a player.')
  return { id: member.userId, name: member.name }
}
