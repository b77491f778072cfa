// The inputs and outputs of the typed API. Every mutation takes an idempotency `key`.
import { MAX_BLOCKS, MAX_ENCOUNTERS, StatBlock } from '@tablecast/bestiary/stat-block'
import { z } from 'zod'
import type { CampaignEvent, WhisperEvent } from './events.ts'
import type { Ack } from './ack.ts'
import { Nonce } from './dice.ts'
import { ExportedEncounter } from './fights.ts'
import { Id, IdempotencyKey, Timestamp } from './ids.ts'
import { ExportedFog, MAX_MAPS } from './maps.ts'
import { MAX_PAGES, Page } from './pages.ts'
import { ExportedSheet, MAX_SHEETS } from './sheets.ts'
import type { Ban, Invite, Member, Role, Room } from './room.ts'
import { Applied, DisplayName, NonOwnerRole, PlayerStatus } from './room.ts'
import { Line, NonblankProse } from './text.ts'
import { CampaignState, Character, HitPoints, NarrativeEntry, StatePatch } from './state.ts'

const key = IdempotencyKey
const inRoom = z.object({ roomId: Id })
const inCampaign = inRoom.extend({ campaignId: Id })
const position = Line(100).nullish()

export const MAX_MESSAGE = 4_000
const Message = NonblankProse(MAX_MESSAGE)

export const CreateRoomInput = z.object({ key, name: DisplayName })
export const JoinRoomInput = z.object({ key, code: Line(100).min(1), name: DisplayName.optional() })
export const LeaveRoomInput = inRoom.extend({ key })
const role = NonOwnerRole
/** Makes a new link, and ends the old one. Without `expiresInHours` and `maxUses` the link works forever. */
export const RotateInviteInput = inRoom.extend({
  key,
  role,
  expiresInHours: z.int().min(1).max(8_760).nullish(),
  maxUses: z.int().min(1).max(1_000).nullish(),
})
export const RevokeInviteInput = inRoom.extend({ key, role })
export const KickInput = inRoom.extend({ key, userId: Id })
export const BanInput = KickInput
export const UnbanInput = KickInput
export const HandOverInput = KickInput
export const LockInput = inRoom.extend({ key, locked: z.boolean() })
export const SetRoleInput = inRoom.extend({ key, userId: Id, role })
export const AuditInput = inRoom.extend({
  before: z
    .string()
    .regex(/^\d{1,15}$/)
    .nullish(),
  limit: z.int().min(1).max(100).default(50),
})

export const CreateCampaignInput = inRoom.extend({ key, name: DisplayName })
export const RenameCampaignInput = inCampaign.extend({ key, name: DisplayName })
export const ArchiveCampaignInput = inCampaign.extend({ key, archived: z.boolean() })
/** A copy under a new name, not active. `withStory` false: without the entries. */
export const DuplicateCampaignInput = inCampaign.extend({
  key,
  name: DisplayName,
  withStory: z.boolean().default(true),
})
export const DeleteCampaignInput = inCampaign.extend({ key })
export const RestoreCampaignInput = inCampaign.extend({ key })
/** `audience`: the readers of the document. JSON holds the whole campaign, so only DMs get it. */
export const ExportCampaignInput = inCampaign.extend({
  format: z.enum(['json', 'markdown']),
  audience: z.enum(['dm', 'player']).default('dm'),
})
export const CampaignInput = inCampaign
export const ActivateCampaignInput = inCampaign.extend({ key })
export const DeactivateCampaignInput = inRoom.extend({ key })
/** `nonce`: the roller's part in the dice of the message. Without one the server makes one. */
export const SayInput = inRoom.extend({ key, message: Message, nonce: Nonce.optional() })
/** A message or roll for one member and the DMs. `to`: the member, if a DM whispers. Players whisper to the DMs. */
export const WhisperInput = inRoom.extend({ key, message: Message, to: Id.nullish(), nonce: Nonce.optional() })
export const WhisperEventsInput = z.object({ roomId: Id, lastEventId: position })
export const WhisperSinceInput = z.object({ roomId: Id, cursor: position })

/** The fields that a player may change of their own character. */
export const OwnCharacterFields = z.strictObject({
  hp: HitPoints.pick({ current: true, temp: true }).optional(),
  conditions: Character.shape.conditions.optional(),
  initiative: Character.shape.initiative.optional(),
})
export type OwnCharacterFields = z.infer<typeof OwnCharacterFields>
/** `was`: the values that the player saw. If they have changed since, the answer is CONFLICT with the current values. */
export const EditOwnCharacterInput = inCampaign.extend({
  key,
  characterId: Id,
  was: OwnCharacterFields,
  is: OwnCharacterFields,
})

const ofEntry = inCampaign.extend({ key, entryId: Id })
/** A narrator may have written more than a message holds. */
const MAX_ENTRY = 20_000
export const EditEntryInput = ofEntry.extend({ text: NonblankProse(MAX_ENTRY) })
/** `deleted` false: a DM puts a deleted entry back. */
export const DeleteEntryInput = ofEntry.extend({ deleted: z.boolean() })

/**
 * `baseVersion`: the version that the editor saw. If the same fields have changed since, the answer is CONFLICT with the newer state.
 * `own`: later versions that this editor made. They are no conflict.
 */
export const EditInput = inRoom.extend({
  key,
  campaignId: Id,
  baseVersion: z.int().min(0),
  own: z.array(z.int().min(1)).max(200).optional(),
  patch: StatePatch,
})
/**
 * `step`: the step that the caller saw. If another step comes first by now, the answer is CONFLICT with that step. A step of a fight is also
 * refused when a later step wrote the same text, list or turn: CONFLICT with `later`, unless `force` is true.
 */
export const UndoInput = inRoom.extend({
  key,
  campaignId: Id,
  step: z.int().min(1).nullish(),
  force: z.boolean().default(false),
})

/** `before`: the id of the client's oldest entry. Without it the answer is the newest page. */
export const HistoryInput = inCampaign.extend({ before: Id.nullish(), limit: z.int().min(1).max(100).default(50) })
export const EventsInput = z.object({ roomId: Id, lastEventId: position })
/** `memberId`: the player whose own stream the DM follows. */
export const ViewAsInput = EventsInput.extend({ memberId: Id })
export const SinceInput = z.object({ roomId: Id, cursor: position })
export const SetPresenceInput = inRoom.extend({
  status: PlayerStatus.optional(),
  applied: Applied.optional(),
  rttMs: z.int().min(0).max(600_000).optional(),
})
/** Without `lastEventId`, each event carries the whole roster. Null asks for the roster once, and then for its changes. */
export const PresenceEventsInput = z.object({ roomId: Id, lastEventId: position })
export const PresenceSinceInput = z.object({ roomId: Id, cursor: position })
export const ResyncInput = inRoom.extend({ key, userId: Id })

export const MAX_ENTRIES = 200_000

/**
 * A campaign in one JSON document. `format` and `formatVersion` identify the document. An import keeps all ids except the campaign's.
 * Older documents have no `pages`, `encounters`, `statBlocks`, `sheets` and `fogs`. A map without a fog is all hidden.
 */
export const CampaignDocument = z.object({
  format: z.literal('tablecast-campaign'),
  formatVersion: z.literal(1),
  /** The document holds all secrets. Documents of older servers lack this field. */
  audience: z.literal('dm').default('dm'),
  exportedAt: Timestamp,
  name: DisplayName,
  state: CampaignState,
  entries: z.array(NarrativeEntry).max(MAX_ENTRIES),
  pages: z.array(Page).max(MAX_PAGES).optional(),
  encounters: z.array(ExportedEncounter).max(MAX_ENCOUNTERS).optional(),
  /** The room's own stat blocks that the state and the encounters refer to. */
  statBlocks: z.array(StatBlock).max(MAX_BLOCKS).optional(),
  /** The sheets that characters and requests of the state refer to. A reference without its sheet is dropped. */
  sheets: z.array(ExportedSheet).max(MAX_SHEETS).optional(),
  fogs: z.array(ExportedFog).max(MAX_MAPS).optional(),
})
export type CampaignDocument = z.infer<typeof CampaignDocument>
/** The server parses the file itself, so that an error message suits the person who chose the file. */
export const PreviewImportInput = inRoom.extend({ document: z.unknown() })
export const ImportCampaignInput = inRoom.extend({ key, document: z.unknown().pipe(CampaignDocument) })

export type Session = { token: string; userId: string; name: string; expiresAt: string }
/**
 * `members`: for a DM everybody, except that of a crowd only the newest spectators are listed, and `unlisted` counts the others. Everybody
 * else sees only themselves there. Only DMs get `invites` and `bans`. A new code has at least 128 bits.
 */
export type RoomDetails = {
  room: Room
  role: Role
  me: Member
  members: Member[]
  unlisted: number
  invites: Invite[]
  bans: Ban[]
}
/** `origins`: where other devices reach the server, as `http://192.168.1.20:8000`. */
export type RoomAddresses = { origins: string[] }
export type RoomListItem = { room: Room; role: Role }
/** `message`: an answer for the author of a command only, such as the list of `/help`. */
export type SayAnswer = Ack & { message: string | null }
/** `message`: the change that was undone or redone, and its author. */
export type UndoAnswer = Ack & { message: string }
/** `isPatchLeftOut`: the text was published without the turn's changes. */
export type PublishAnswer = Ack & { isPatchLeftOut: boolean }
export type WhisperSinceAnswer = { cursor: string; events: WhisperEvent[] }
export type HistoryPage = { entries: NarrativeEntry[]; more: boolean }
/** Polling: the events after the cursor (or one snapshot) and the cursor to send next. */
export type SinceAnswer = { cursor: string; events: CampaignEvent[] }
export type CampaignExport = { fileName: string; mediaType: string; text: string }
