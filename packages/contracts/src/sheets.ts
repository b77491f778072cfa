// The sheets of players' characters: their place in the state, and the operations on them. docs/access.md says who may do what.
import { Sheet } from '@tablecast/bestiary/sheet'
import { z } from 'zod'
import type { Ack } from './ack.ts'
import { Id, IdempotencyKey, Timestamp } from './ids.ts'
import { StoredLine } from './text.ts'

/** Sheets of an exported campaign: those of its characters and of the requests. */
export const MAX_SHEETS = 150
/** Characters that players ask for, in a campaign and for one player. */
export const MAX_REQUESTS = 20
export const MAX_REQUESTS_OF_PLAYER = 3

/** The sheet is in a row of its own, by the hash of its content. The state never holds its figures. */
export const SheetReference = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) })
export type SheetReference = z.infer<typeof SheetReference>

const name = StoredLine(60)
const MaxHitPoints = z.int().min(1).max(9_999)
const ArmourClass = z.int().min(0).max(99).nullable()

/** A character that a player asks for. `id`: the character gets it when a DM accepts. DM's eyes only, beside its player's. */
export const CharacterRequest = z.object({
  id: Id,
  ownerId: Id,
  name,
  hp: MaxHitPoints,
  armourClass: ArmourClass,
  level: z.int().min(1).max(20),
  sheet: SheetReference,
  at: Timestamp,
})
export type CharacterRequest = z.infer<typeof CharacterRequest>

/** A sheet of an exported campaign. `id`: of the character or the request. */
export const ExportedSheet = z.object({ id: Id, sheet: Sheet })
export type ExportedSheet = z.infer<typeof ExportedSheet>

/**
 * `save`: `was` is the hash of the sheet that the editor saw, null for none. If it is another by now, the answer is CONFLICT with the current
 * sheet. `hp` and `armourClass` stand on the character itself; without them they stay. `rest`: a long one brings back all that a short one does,
 * and the hit points. `propose`: asks the DM for a new character. `accept` and `decline` name a request.
 */
export const SheetOperation = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('save'),
    characterId: Id,
    was: SheetReference.shape.hash.nullable(),
    sheet: Sheet,
    hp: MaxHitPoints.optional(),
    armourClass: ArmourClass.optional(),
  }),
  z.object({ type: z.literal('rest'), characterId: Id, kind: z.enum(['short', 'long']) }),
  z.object({
    type: z.literal('propose'),
    character: z.object({ name, hp: MaxHitPoints, armourClass: ArmourClass, sheet: Sheet }),
  }),
  z.object({ type: z.literal('accept'), requestId: Id }),
  z.object({ type: z.literal('decline'), requestId: Id }),
])
export type SheetOperation = z.infer<typeof SheetOperation>
export type SheetOperationType = SheetOperation['type']

/** `own`: a player may, for a visible character or a request of their own. `player`: every player. `dm`: DMs alone. */
export const sheetRights: Readonly<Record<SheetOperationType, 'own' | 'player' | 'dm'>> = {
  save: 'own',
  rest: 'own',
  propose: 'player',
  accept: 'dm',
  decline: 'own',
}

const inCampaign = z.object({ roomId: Id, campaignId: Id })

/** `id`: of a character, or of a request. */
export const GetSheetInput = inCampaign.extend({ id: Id })
/** `hash` and `sheet` are null for a character that has no sheet yet. */
export type SheetAnswer = { id: string; hash: string | null; sheet: Sheet | null }

export const OperateSheetsInput = inCampaign.extend({ key: IdempotencyKey, operation: SheetOperation })
/** `id`: of the character or the request. `hash`: of the sheet that it has now. */
export type OperateSheetsAnswer = Ack & { id: string; hash: string | null }

/** Characters of the text that a player pastes. */
const MAX_PASTED_CHARACTER = 1_500_000
/** `text`: the character as another program exports it. */
export const ReadCharactersInput = z.object({ roomId: Id, text: z.string().min(1).max(MAX_PASTED_CHARACTER) })
type ReadCharacter = { name: string; hp: number; armourClass: number; sheet: Sheet }
/** The characters that the text holds, and what could not be read. Nothing is stored. */
export type CharactersRead = { characters: ReadCharacter[]; problems: { name: string; reason: string }[] }
