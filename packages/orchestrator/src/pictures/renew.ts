// New names for pictures and for the tiles of maps, so that an address which somebody knew opens nothing any more.
import { audienceOf, type Role, roles as roleNames } from '@tablecast/contracts'
import type { CampaignRow, JournalRow } from '@tablecast/store'
import type { Work } from '../campaign-changes.ts'
import { type Change, changeTo } from '../change.ts'
import { Fogs } from '../maps/fogs.ts'
import { settleChange } from '../maps/settle-change.ts'
import { systemActor } from '../system-actor.ts'
import { withoutMembers, withPlayersOnly } from './players-only.ts'
import { picturesNamed } from './settle.ts'
import { stepWithoutNames } from './without-names.ts'

/** `role`: the new one; null for a member who is gone. `left`: by themselves. */
export type RoleChange = { userId: string; was: Role; role: Role | null; left: boolean }

/**
 * Takes people who are no players any more out of the handouts for some. When somebody lost rights, all pictures and tiles of the active
 * campaign get new names. A DM knew the names of all campaigns, so they get new ones in all of them. After a player or spectator who left by themselves the
 * names stay: a guest who joins and leaves again and again would make every page load all pictures each time.
 */
export async function renewAfterRoles(work: Work, roles: readonly RoleChange[]): Promise<void> {
  const gone = new Set(roles.filter(({ role }) => role !== 'player').map(({ userId }) => userId))
  const lostDm = roles.some(({ was, role }) => isDm(was) && !isDm(role))
  const renewsNames = lostDm || roles.some(({ was, role, left }) => !left && isLower(role, was))
  for (const id of await work.tables.campaigns.ids(work.room.id)) {
    const isActive = id === work.room.activeCampaignId
    // A deleted campaign may be restored.
    const campaign = isActive || lostDm ? await work.tables.campaigns.find(id) : null
    if (!campaign) continue
    const renewed = await renew(work, campaign, { gone, renewsNames })
    const members = roles.flatMap(({ userId, role }) => (role === null ? [] : [userId]))
    if (isActive) await work.emitter.memberViewsAgain(renewed, members)
  }
}

async function renew(
  work: Work,
  campaign: CampaignRow,
  { gone, renewsNames }: { gone: ReadonlySet<string>; renewsNames: boolean },
): Promise<CampaignRow> {
  if (!hasNames(campaign)) return campaign
  const change = changeTo(campaign.state, withoutMembers(campaign.state, gone), { renewsNames })
  const stored = await storeAsSystem(work, campaign, change, { renewsNames })
  if (stored) await work.emitter.updated({ ...stored, entries: [], withdrawn: [], takesBack: false })
  return stored?.campaign ?? campaign
}

const isLower = (role: Role | null, was: Role): boolean =>
  role === null || (!isDm(role) && roleNames.indexOf(role) > roleNames.indexOf(was))

const isDm = (role: Role | null): boolean => role !== null && audienceOf(role) === 'dm'

/** For a campaign that opens: new names, and members who are no players any more see nothing. Emits nothing. */
export async function renewForActivation(work: Work, campaign: CampaignRow): Promise<CampaignRow> {
  if (!hasNames(campaign)) return campaign
  const admitted = await withPlayersOnly(work, campaign.state)
  const change = changeTo(campaign.state, admitted, { renewsNames: true })
  const stored = await storeAsSystem(work, campaign, change, { renewsNames: true })
  return stored?.campaign ?? campaign
}

/** A state without any may be of an older version, which today's rules refuse: nobody's removal may fail for that. */
const hasNames = ({ state }: CampaignRow): boolean =>
  picturesNamed(state).size > 0 || (state.handouts ?? []).length > 0 || (state.maps ?? []).length > 0

/** As a change that no undo takes back. Null where nothing has changed. */
async function storeAsSystem(
  work: Work,
  campaign: CampaignRow,
  asked: Change,
  { renewsNames }: { renewsNames: boolean },
): Promise<{ campaign: CampaignRow; change: Change } | null> {
  const { tables, at } = work
  const fogs = new Fogs(tables, campaign.id)
  // Also of maps that are not shown now: their tiles have the same names when they are shown again.
  if (renewsNames) for (const map of asked.after.maps ?? []) await fogs.renewKey(map)
  const change = await settleChange(work, campaign.roomId, asked, fogs)
  if (!change.patch) return null
  const next: CampaignRow = { ...campaign, state: change.after, version: campaign.version + 1, updatedAt: at }
  const row: JournalRow = {
    campaignId: campaign.id,
    version: next.version,
    at,
    actorId: systemActor.id,
    kind: 'change',
    ...stepWithoutNames(change),
    entryIds: [],
    target: null,
    previousUndo: campaign.undoHead,
    previousRedo: null,
    operation: null,
    applied: null,
  }
  await tables.journal.append(row)
  await tables.campaigns.save(next)
  await fogs.save({ version: next.version, at })
  return { campaign: next, change }
}
