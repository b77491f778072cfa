// A room with pictures and an active campaign, for tests.
import {
  applyPatch,
  type CampaignEvent,
  type CampaignState,
  emptyMemberView,
  emptyState,
  type MemberView,
  type PictureOperation,
  type PlayerView,
  stateHash,
  type WhisperEvent,
} from '@tablecast/contracts'
import type { Store } from '@tablecast/store'
import type { RoomCaller } from '../index.ts'
import { aCharacter, dee } from './fight-room.ts'
import { openRoom, requestBy, roomId } from './room.ts'

const at = '2026-01-01T20:00:00.000Z'

/** Pictures of the room: `pat-1` and `pat-2` by Pat, the others by the DM. */
export const pictureIds = ['map', 'letter', 'goblin', 'pat-1', 'pat-2'] as const

export const whole = { x: 0.5, y: 0.5, zoom: 1 }

/** Pat plays Mira, Pia plays Tobin, and nobody sees the goblin. Sid watches. */
const heroes: CampaignState = {
  ...emptyState,
  characters: [
    aCharacter('mira', { name: 'Mira', ownerId: 'pat' }),
    aCharacter('tobin', { name: 'Tobin', ownerId: 'pia' }),
    aCharacter('goblin', { name: 'Goblin', kind: 'monster', visible: false }),
  ],
}

export type PictureRoom = Awaited<ReturnType<typeof openPictureRoom>>

/** `campaignId`: of a room that is open already, on the same database. */
export async function openPictureRoom(
  store: Store,
  { state = heroes, campaignId: known }: { state?: CampaignState; campaignId?: string } = {},
) {
  const { orchestrator, events } = await openRoom(store)
  if (!known)
    await store.write(async ({ rooms, pictures }) => {
      for (const [userId, role] of [
        ['olga', 'owner'],
        ['dee', 'dm'],
        ['dan', 'dm'],
        ['pat', 'player'],
        ['pia', 'player'],
        ['sid', 'spectator'],
      ] as const)
        await rooms.putMember(roomId, { userId, name: userId, role, joinedAt: at })
      for (const id of pictureIds)
        await pictures.insert(roomId, {
          id,
          hash: id.padEnd(64, '0'),
          width: 640,
          height: 480,
          thumbhash: 'AAAA',
          bytes: 9,
          uploadedBy: id.startsWith('pat') ? 'pat' : 'dee',
          createdAt: at,
          unusedSince: at,
          tileLevels: null,
        })
    })
  const campaignId = known ?? (await orchestrator.library.create({ ...requestBy(dee), name: 'C', state })).id
  if (!known) await orchestrator.activateCampaign({ ...requestBy(dee), campaignId })
  const operate = (operation: PictureOperation, caller: RoomCaller = dee) =>
    orchestrator.pictures.operate({ ...requestBy(caller), campaignId, operation })
  return {
    orchestrator,
    events,
    campaignId,
    operate,
    /** Answers the id of the new handout. */
    add: async (title: string, pictureId: string | null = null) => {
      const { handoutId } = await operate({ type: 'addHandout', title, text: '', pictureId, alt: `Alt of ${title}` })
      return handoutId ?? ''
    },
    undo: () => orchestrator.undo({ ...requestBy(dee), campaignId }),
    redo: () => orchestrator.redo({ ...requestBy(dee), campaignId }),
    edit: async (patch: object, caller: RoomCaller = dee) => {
      const { campaign } = await orchestrator.library.get(roomId, campaignId)
      return orchestrator.editCampaign({ ...requestBy(caller), campaignId, baseVersion: campaign.version, patch })
    },
    state: async () => (await orchestrator.library.get(roomId, campaignId)).state,
    entries: async () => (await orchestrator.library.get(roomId, campaignId)).entries,
    /** All that reached one audience, or one member, as text. */
    bytesOf: (listener: string) =>
      events
        .filter(({ streamId }) => streamId === `room:${roomId}:${listener}`)
        .map(({ text }) => text)
        .join('\n'),
    eventsOf: (listener: string) => events.filter(({ streamId }) => streamId === `room:${roomId}:${listener}`),
  }
}

/** The players' view as a page holds it that received all events. Throws where a hash differs. */
export function foldedView({ eventsOf }: Pick<PictureRoom, 'eventsOf'>): PlayerView | null {
  let view: PlayerView | null = null
  for (const { text } of eventsOf('player')) {
    const event = JSON.parse(text) as Extract<CampaignEvent, { audience: 'player' }>
    if (event.type === 'campaign_loaded' || event.type === 'campaign_active') view = event.snapshot.view
    if (event.type === 'campaign_deactivated') view = null
    if (event.type !== 'campaign_updated' || !view) continue
    if (event.patch) view = applyPatch(view, event.patch)
    if (stateHash(view) !== event.hash) throw new Error('the players’ view has another hash')
  }
  return view
}

/** The same of one member's own view. */
export function foldedMemberView({ eventsOf }: Pick<PictureRoom, 'eventsOf'>, userId: string): MemberView {
  let view: MemberView = emptyMemberView
  for (const { text } of eventsOf(`member:${userId}`)) {
    const event = JSON.parse(text) as WhisperEvent
    if (event.type === 'member_loaded') view = event.view
    if (event.type !== 'member_updated') continue
    view = applyPatch(view, event.patch)
    if (stateHash(view) !== event.hash) throw new Error(`the view of ${userId} has another hash`)
  }
  return view
}

/** All names in a state, of DMs and players. */
export const namesIn = (state: CampaignState): string[] =>
  JSON.stringify(state).match(/(?<="name":")[A-Za-z0-9_-]{22}(?=")/g) ?? []

export const handoutIn = (state: CampaignState, id: string) => state.handouts?.find((one) => one.id === id)
export const nameOf = async (room: PictureRoom, id: string): Promise<string> =>
  handoutIn(await room.state(), id)?.name ?? ''
export const portraitOf = (state: CampaignState, id: string) => state.characters.find((one) => one.id === id)?.portrait

/** The id of a new campaign of the room. */
export const anotherCampaign = async ({ orchestrator }: PictureRoom): Promise<string> =>
  (await orchestrator.library.create({ ...requestBy(dee), name: 'Another' })).id

/** A campaign with a picture in every place. */
export async function filled(room: PictureRoom): Promise<{ shown: string; forPat: string; hidden: string }> {
  const shown = await room.add('Shown', 'map')
  const forPat = await room.add('For Pat', 'letter')
  const hidden = await room.add('Hidden', 'goblin')
  await room.operate({ type: 'show', id: shown, to: 'everyone' })
  await room.operate({ type: 'show', id: forPat, to: { members: ['pat', 'pia'] } })
  await room.operate({
    type: 'setScenePicture',
    picture: { pictureId: 'map', alt: '', focus: { x: 0, y: 0 }, dimming: 0 },
  })
  await room.operate({ type: 'setPortrait', characterId: 'mira', pictureId: 'pat-1', crop: whole })
  await room.operate({ type: 'setPortrait', characterId: 'goblin', pictureId: 'goblin', crop: whole })
  return { shown, forPat, hidden }
}
