// An entry of the story gets other words, is deleted, or is put back: by its author or a DM.
import { type Ack, type NarrativeEntry, TablecastError, withMark } from '@tablecast/contracts'
import type { CampaignRow } from '@tablecast/store'
import type { Work } from './campaign-changes.ts'
import { stepState } from './change.ts'

/** Dice and the lines of commands tell what happened in the rules, so nobody writes them. */
const written: ReadonlySet<NarrativeEntry['kind']> = new Set(['narration', 'player', 'whisper'])

/** Throws NOT_FOUND, FORBIDDEN, and CONFLICT for an entry that is withdrawn. The dice of the entry stay as they were rolled. */
export async function editEntry(work: Work, campaign: CampaignRow, entryId: string, text: string): Promise<Ack> {
  const entry = await ownEntry(work, campaign, entryId)
  if (!written.has(entry.kind))
    throw new TablecastError('FORBIDDEN', 'Dice and the lines of commands have no words to edit. Delete it instead.')
  if (entry.withdrawn)
    throw new TablecastError('CONFLICT', 'This was taken back meanwhile, so it has no words to edit.')
  if (entry.text === text) return nothingChanged(work, campaign)
  return store(work, campaign, { ...entry, text, editedBy: work.actor.name }, 'edited')
}

/** Players lose the words at once; DMs keep them. Throws NOT_FOUND, FORBIDDEN. */
export async function deleteEntry(work: Work, campaign: CampaignRow, entryId: string): Promise<Ack> {
  const entry = await ownEntry(work, campaign, entryId)
  if (entry.deleted) return nothingChanged(work, campaign)
  const deleted = withMark(entry, { withdrawn: true, deleted: true, by: work.actor.name })
  return store(work, campaign, deleted, 'deleted')
}

/** Throws NOT_FOUND, FORBIDDEN for a player, and CONFLICT for an entry that an undo withdrew. */
export async function restoreEntry(work: Work, campaign: CampaignRow, entryId: string): Promise<Ack> {
  const entry = await ownEntry(work, campaign, entryId)
  if (work.actor.role !== 'dm') throw new TablecastError('FORBIDDEN', 'Only a DM can put back a deleted entry.')
  if (!entry.withdrawn) return nothingChanged(work, campaign)
  if (!entry.deleted) throw new TablecastError('CONFLICT', 'An undo took this back. Redo brings it back.')
  return store(work, campaign, withMark(entry, { withdrawn: false }), 'restored')
}

/** The entry that the caller may change. An entry that the caller may not read is answered exactly as one that does not exist. */
async function ownEntry({ tables, actor }: Work, campaign: CampaignRow, entryId: string): Promise<NarrativeEntry> {
  const [entry] = await tables.entries.find(campaign.id, [entryId])
  const mayRead =
    actor.role === 'dm' || entry?.audience === 'all' || (entry?.audience === 'member' && entry.member?.id === actor.id)
  if (!entry || !mayRead) throw new TablecastError('NOT_FOUND', 'There is no such entry in this campaign.')
  const isAuthor = async () =>
    entry.author.id === actor.id || (await tables.users.get(entry.author.id))?.mergedInto === actor.id
  if (actor.role !== 'dm' && !(await isAuthor()))
    throw new TablecastError('FORBIDDEN', 'Only its author and the DM can change this.')
  return entry
}

const nothingChanged = ({ actor }: Work, { version }: CampaignRow): Ack => ({
  seq: 0,
  version: actor.role === 'dm' ? version : null,
})

/** A change of the journal that changes no state. No undo takes it back, and undo and redo go on as before. */
async function store(
  { tables, emitter, actor, at }: Work,
  campaign: CampaignRow,
  entry: NarrativeEntry,
  how: 'edited' | 'deleted' | 'restored',
): Promise<Ack> {
  const next: CampaignRow = { ...campaign, version: campaign.version + 1, updatedAt: at }
  await tables.entries.save(campaign.id, entry)
  // The summary may tell of the earlier words.
  await tables.narrator.forgetSummary(campaign.id, [entry.id])
  await tables.journal.append({
    campaignId: campaign.id,
    version: next.version,
    at,
    actorId: actor.id,
    kind: 'entry',
    patch: null,
    inverse: null,
    entryIds: [entry.id],
    target: null,
    previousUndo: campaign.undoHead,
    previousRedo: campaign.redoHead,
    operation: null,
    applied: null,
  })
  await tables.campaigns.save(next)
  const { id, audience, member, withdrawn } = entry
  await emitter.updated({
    campaign: next,
    change: stepState(campaign.state, null),
    entries: [],
    withdrawn: [
      {
        id,
        audience,
        memberId: audience === 'member' ? (member?.id ?? null) : null,
        withdrawn,
        by: actor.name,
        ...(how === 'deleted' && { deleted: true }),
        ...(how === 'edited' && { edited: entry }),
      },
    ],
    // Players lose what they had of it: the words before the edit too.
    takesBack: how !== 'restored',
  })
  const listener = actor.role === 'dm' ? 'dm' : audience === 'member' ? { memberId: actor.id } : 'player'
  return { seq: emitter.seqFor(listener), version: actor.role === 'dm' ? next.version : null }
}
