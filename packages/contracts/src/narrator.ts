// The inputs of the narrator's procedures.
import { z } from 'zod'
import { Id, IdempotencyKey } from './ids.ts'
import { Line, normalizeText, NonblankProse, Prose } from './text.ts'

export const NarratorMode = z.enum(['scribe', 'draft', 'auto'])
/** `scribe`: the scribe answers at once. `draft`: a model writes a draft for the DM. `auto`: a model writes for the whole table. */
export type NarratorMode = z.infer<typeof NarratorMode>

const inRoom = z.object({ roomId: Id })
const ofTurn = inRoom.extend({ key: IdempotencyKey, turnId: Id })
export const NarratingInput = inRoom.extend({ lastEventId: Line(100).nullish() })
export const SetNarratorModeInput = inRoom.extend({ key: IdempotencyKey, mode: NarratorMode })
export const AnswerEntryInput = inRoom.extend({
  key: IdempotencyKey,
  entryId: Id,
  message: Prose(4_000).trim().default(''),
})
export const TurnInput = ofTurn
/** `text`: the DM's version of the text; the narrator's by default. `withPatch` false does not change the state. */
export const PublishTurnInput = ofTurn.extend({
  text: NonblankProse(20_000).optional(),
  withPatch: z.boolean().default(true),
})

/** `model`: null when none is configured. The tokens are counted for this room and day. */
export type NarratorStatus = {
  model: string | null
  mode: NarratorMode
  tokensUsed: number
  tokensPerDay: number
}
export type Recap = { text: string; source: 'model' | 'extract' }

export const MAX_SCENARIO = 500_000
/** The text of the file, unchanged. The import normalizes it later, and reports each change. */
const markdown = z
  .string()
  .min(1, 'the file is empty')
  .refine(
    (text) => normalizeText(text).length <= MAX_SCENARIO,
    `a scenario may have ${MAX_SCENARIO.toLocaleString('en')} characters: import it in parts`,
  )
export const PreviewScenarioInput = inRoom.extend({ markdown })
export const ImportScenarioInput = inRoom.extend({ key: IdempotencyKey, markdown })
