// Dice that can be checked, on the wire. `docs/dice.md` explains them.
import { z } from 'zod'
import { Id, IdempotencyKey } from './ids.ts'

const inCampaign = z.object({ roomId: Id, campaignId: Id })

/** The roller's own part in the dice. The page makes a random one for each message. */
export const Nonce = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"')

/** The most chains of one answer. */
export const MAX_DICE_CHAINS = 50
/** `before`: the id of the oldest chain that the client has. Without it the answer is the newest ones. */
export const DiceChainsInput = inCampaign.extend({ before: Id.nullish() })
/** `from`: the counter of the first roll of the answer. */
export const DiceRollsInput = inCampaign.extend({
  chainId: Id,
  from: z.int().min(0).max(2_147_483_647).default(0),
  limit: z.int().min(1).max(200).default(100),
})
/** `chainId`: the current chain, as the caller saw it. When it has ended meanwhile, the answer is CONFLICT. */
export const RevealDiceInput = inCampaign.extend({ key: IdempotencyKey, chainId: Id })

/**
 * Dice that come from one seed. `hash`: SHA-256 of the seed. `seed`: null until a DM shows it; both are hexadecimal. `rolls`: their
 * number. `earlierRolls`: the story held rolls that can't be checked when this chain began. `isCurrent`: rolls go on with it. A chain that
 * is neither current nor revealed has lost its seed, because the operator restored a backup. Players get open chains only.
 */
export type DiceChain = {
  id: string
  kind: 'open' | 'secret'
  hash: string
  seed: string | null
  rolls: number
  earlierRolls: boolean
  beganAt: string
  revealedAt: string | null
  isCurrent: boolean
}

/** `draws`: sides and value of each die, in the order in which they were thrown. `entryId`: null for dice that no entry shows. */
export type DiceRoll = {
  counter: number
  nonce: string
  notation: string
  draws: [sides: number, value: number][]
  total: number
  entryId: string | null
  at: string
}

export type DiceChainsPage = { chains: DiceChain[]; more: boolean }
export type DiceRollsPage = { rolls: DiceRoll[]; more: boolean }
/** `next`: the chain that begins now. */
export type RevealAnswer = { revealed: DiceChain; next: DiceChain }
