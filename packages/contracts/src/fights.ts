// A fight on the wire: operations, and the encounters that DMs prepare.
import { NewFighter } from '@tablecast/rules/fighter'
import { type Due, Operation, type Rating, type Summary } from '@tablecast/rules'
import { z } from 'zod'
import { Nonce } from './dice.ts'
import { Id, IdempotencyKey } from './ids.ts'
import type { Ack } from './ack.ts'
import { BlockAddress } from './stat-blocks.ts'
import { Prose, StoredLine } from './text.ts'

const inCampaign = z.object({ roomId: Id, campaignId: Id })
const key = IdempotencyKey

/** `nonce`: the roller's part in the dice of the operation. Without one the server makes one. */
export const OperateInput = inCampaign.extend({ key, operation: Operation, nonce: Nonce.optional() })

/**
 * `due`: what the operation asks of people, and what a turn's start or end ran. Players get what is about their own characters.
 * `summary`: how the fight ended, for DMs. Without a change `version` is the one before, and `seq` is 0.
 */
export type OperateAnswer = Ack & { due: Due[]; summary: Summary | null }

/** Figures of a creature that has no stat block. */
const Figures = NewFighter.pick({ kind: true, hp: true, armourClass: true, initiativeBonus: true, xp: true })

/** `6 × Goblin`: a stat block, or a name with figures. `isHidden`: players do not see it until the DM shows it. */
export const PlannedCreature = z
  .object({
    name: NewFighter.shape.name,
    count: NewFighter.shape.count,
    block: BlockAddress.nullish(),
    figures: Figures.nullish(),
    hitPoints: z.enum(['average', 'rolled']).default('average'),
    alias: NewFighter.shape.alias,
    side: NewFighter.shape.side,
    isHidden: z.boolean().default(false),
    isSurprised: z.boolean().default(false),
    sharesInitiative: NewFighter.shape.sharesInitiative,
  })
  .refine(({ block, figures }) => Boolean(block) !== Boolean(figures), 'a creature has a stat block or figures')
export type PlannedCreature = z.infer<typeof PlannedCreature>

const Creatures = z.array(PlannedCreature).max(50)
/** A prepared encounter. It is DM's eyes only. */
export const EncounterPlan = z.object({ notes: Prose(4_000).default(''), creatures: Creatures })
export type EncounterPlan = z.infer<typeof EncounterPlan>

const EncounterName = StoredLine(120)
/** An encounter of an exported campaign. */
export const ExportedEncounter = z.object({ id: Id, name: EncounterName, plan: EncounterPlan })
export type ExportedEncounter = z.infer<typeof ExportedEncounter>

const Roll = z.enum(['foes', 'everybody', 'nobody']).default('foes')

export const EncountersInput = inCampaign
export const EncounterInput = inCampaign.extend({ encounterId: Id })
/** Without `encounterId` it is a new one. `version`: the one that the editor saw; when it is another by now, nothing changes: CONFLICT. */
export const SaveEncounterInput = inCampaign.extend({
  key,
  encounterId: Id.nullish(),
  version: z.int().min(0).default(0),
  name: EncounterName,
  plan: EncounterPlan,
})
export const RemoveEncounterInput = EncounterInput.extend({ key })
/** `joining`: characters of the campaign who take part, and `surprised` among them. `roll`: whose initiative is rolled at once. */
export const StartEncounterInput = EncounterInput.extend({
  key,
  joining: z.array(Id).max(100),
  surprised: z.array(Id).max(100).default([]),
  roll: Roll,
  nonce: Nonce.optional(),
})
/** Reinforcements. Without a fight, creatures that wait for the next one. */
export const AddCreaturesInput = inCampaign.extend({
  key,
  creatures: Creatures.min(1),
  roll: Roll,
  nonce: Nonce.optional(),
})

/** For the characters in the campaign that players play. */
export const DifficultyInput = inCampaign.extend({ creatures: Creatures })
/** Null without a party. */
export type DifficultyAnswer = { rating: Rating | null }

export type PreparedEncounter = ExportedEncounter & { version: number; createdAt: string; updatedAt: string }
