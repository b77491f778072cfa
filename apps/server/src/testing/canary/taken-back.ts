// Secrets that were written and taken back while nobody was connected. Later answers must not contain them.
import { newKey } from '../testbed.ts'
import { addHandout } from './pictures.ts'
import { type CanaryTable, roomId } from './table.ts'

export async function takeBack(table: CanaryTable): Promise<void> {
  const { dm, others, say, before, operatePictures, noteNames } = table
  const other = others.get('player')
  if (!other) throw new Error('there is no player')
  before.events = (await other.http.campaign.since.query({ roomId, cursor: null })).cursor
  before.whispers = (await other.http.campaign.whispersSince.query({ roomId, cursor: null })).cursor
  const undo = () => say('/undo')
  await say('CANARY of what was taken back [[1d20]]')
  await undo()
  await say('/roll 1d20 CANARY of a roll')
  await undo()
  await say('/threat add CANARY of a reveal: with CANARY detail')
  await say('/threat reveal CANARY of a reveal')
  await undo()
  await say('/scene CANARY of a scene')
  await undo()
  const to = other.session.userId
  await dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to, message: 'CANARY of a whisper taken back' })
  await undo()
  for (const shownTo of ['everyone' as const, { members: [to] }]) {
    const id = await addHandout(table, 'CANARY of a handout taken back')
    await operatePictures({ type: 'show', id, to: shownTo })
    await noteNames()
    await undo()
    await operatePictures({ type: 'removeHandout', id })
  }
  await say('CANARY of an entry that is edited')
  await change(table, 'edit')
  await say('CANARY of an entry that is deleted')
  await change(table, 'delete')
  await dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to, message: 'CANARY of a whisper that is edited' })
  await change(table, 'edit')
  await dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to, message: 'CANARY of a deleted whisper' })
  await change(table, 'delete')
}

/** Edits or deletes the newest entry. */
async function change({ dm, campaignId }: CanaryTable, how: 'edit' | 'delete'): Promise<void> {
  const { entries } = await dm.http.campaign.get.query({ roomId, campaignId })
  const request = { roomId, key: newKey(), campaignId, entryId: entries.at(-1)?.id ?? '' }
  if (how === 'edit') await dm.http.campaign.editEntry.mutate({ ...request, text: 'Other words.' })
  else await dm.http.campaign.deleteEntry.mutate({ ...request, deleted: true })
}
