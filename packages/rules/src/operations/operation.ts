// The changes of a fight, as one discriminated union. Numbers are relative, so two people who act at once never conflict.
import { Id, StoredLine } from '@tablecast/text'
import { z } from 'zod'
import { ConditionName, MAX_CHARACTERS, NewFighter, UntilSave } from '../fighter.ts'
import { MAX_EXPRESSION } from '../notation/expression.ts'

export const Ability = z.enum(['str', 'dex', 'con', 'int', 'wis', 'cha'])
export type Ability = z.infer<typeof Ability>

const Ids = z
  .array(Id)
  .min(1)
  .max(MAX_CHARACTERS)
  .refine((ids) => new Set(ids).size === ids.length, 'each id may stand once')
const Name = StoredLine(60)

/** A number, or dice that the operation rolls once for all of its targets. */
const Amount = z.union([z.int().min(0).max(9_999), z.string().min(1).max(MAX_EXPRESSION)])
/** `rolled`: the number on a real die, in place of one that is drawn. */
const Rolled = z.int().min(1).max(20).optional()
const Advantage = z.enum(['advantage', 'disadvantage']).optional()

const DC = z.int().min(1).max(99)

/** `saved` decides without a roll. `take` is what people answer about resistances: nothing is assumed. */
const Target = z.object({
  id: Id,
  take: z.enum(['all', 'half', 'double', 'none']).default('all'),
  saved: z.boolean().optional(),
  rolled: Rolled,
  advantage: Advantage,
})

const damage = z.object({
  type: z.literal('damage'),
  targets: z
    .array(Target)
    .min(1)
    .max(MAX_CHARACTERS)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'each id may stand once'),
  amount: Amount,
  damageType: StoredLine(40).optional(),
  /** Throws the dice twice, and counts twice against a fighter at 0. */
  critical: z.boolean().default(false),
  /** Each target saves. A save takes half of the damage, or none of it. */
  save: z.object({ ability: Ability, dc: DC, onSave: z.enum(['half', 'none']) }).optional(),
  by: Id.optional(),
  /** The dice of the amount are for DMs alone. Players read the damage. */
  secret: z.boolean().optional(),
})

/** A duration as it is asked for: `turn` is the next start or end of the turn of `of`. */
const For = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rounds'), rounds: z.int().min(1).max(9_999) }),
  z.object({ kind: z.literal('turn'), at: z.enum(['start', 'end']), of: Id }),
  UntilSave,
])
export type For = z.infer<typeof For>

export const Operation = z.discriminatedUnion('type', [
  damage,
  /** Rolls an attack of a stat block by its name. `secret`: for DMs alone. It changes no figures: the damage is an operation of its own. */
  z.object({
    type: z.literal('attack'),
    by: Id,
    action: StoredLine(200).min(1),
    target: Id.nullable(),
    advantage: Advantage,
    secret: z.boolean().default(true),
  }),
  z.object({ type: z.literal('heal'), targets: Ids, amount: Amount }),
  z.object({ type: z.literal('setTemp'), targets: Ids, amount: Amount }),
  z.object({
    type: z.literal('setHitPoints'),
    targets: Ids,
    current: z.int().min(0).max(9_999).optional(),
    max: z.int().min(0).max(9_999).optional(),
  }),
  z.object({ type: z.literal('addCondition'), targets: Ids, condition: ConditionName, for: For.optional() }),
  z.object({ type: z.literal('removeCondition'), targets: Ids, condition: ConditionName }),
  /** Null ends the concentration. */
  z.object({ type: z.literal('concentrate'), id: Id, on: Name.nullable() }),
  /** Rolls a save for each. `ends`: the condition that a save ends. `concentration`: a failed save ends it. */
  z.object({
    type: z.literal('save'),
    targets: Ids,
    ability: Ability,
    dc: DC,
    ends: ConditionName.optional(),
    concentration: z.boolean().default(false),
    rolled: Rolled,
    advantage: Advantage,
  }),
  /** A number, or dice. Null takes the fighter out of the order. */
  z.object({
    type: z.literal('setInitiative'),
    id: Id,
    initiative: z.union([z.number().min(-99).max(999), z.string().min(1).max(MAX_EXPRESSION)]).nullable(),
  }),
  /** `rolled` is for one target only. */
  z.object({ type: z.literal('rollInitiative'), targets: Ids, rolled: Rolled, advantage: Advantage }),
  /** Names the turn that it ends, so that a repeat or a double click changes nothing. */
  z.object({
    type: z.literal('advanceTurn'),
    ends: z.object({ fighter: Id.nullable(), round: z.int().min(0).max(9_999) }),
    direction: z.enum(['next', 'back']).default('next'),
  }),
  /** `before` null: to the end of the order. */
  z.object({ type: z.literal('moveInOrder'), id: Id, before: Id.nullable() }),
  /** Keeps the place in the order (`ready`), or leaves it until `enterTurn` (`delayed`). */
  z.object({ type: z.literal('wait'), id: Id, how: z.enum(['ready', 'delayed']) }),
  /** A fighter who waits acts after the acting one. */
  z.object({ type: z.literal('enterTurn'), id: Id }),
  z.object({ type: z.literal('deathSave'), id: Id, rolled: Rolled }),
  z.object({ type: z.literal('stabilise'), id: Id }),
  z.object({ type: z.literal('defeat'), targets: Ids }),
  z.object({ type: z.literal('revive'), targets: Ids, hitPoints: z.int().min(1).max(9_999).default(1) }),
  /** Takes a use, or gives one back with a negative count. */
  z.object({ type: z.literal('use'), id: Id, key: z.string().max(40), count: z.int().min(-9).max(9).default(1) }),
  z.object({ type: z.literal('setAlias'), targets: Ids, alias: Name }),
  /** Players learn the real names. */
  z.object({ type: z.literal('revealName'), targets: Ids }),
  z.object({ type: z.literal('show'), targets: Ids, visible: z.boolean() }),
  z.object({
    type: z.literal('startEncounter'),
    name: StoredLine(120),
    fighters: z.array(NewFighter).max(50),
    /** Characters of the campaign who take part. */
    joining: z.array(Id).max(MAX_CHARACTERS),
    /** Joining characters who are surprised. */
    surprised: z.array(Id).max(MAX_CHARACTERS).default([]),
    roll: z.enum(['foes', 'everybody', 'nobody']).default('foes'),
  }),
  z.object({
    type: z.literal('addFighters'),
    fighters: z.array(NewFighter).max(50),
    joining: z.array(Id).max(MAX_CHARACTERS).default([]),
    roll: z.enum(['foes', 'everybody', 'nobody']).default('foes'),
  }),
  /** `campaign`: the characters are deleted, too. */
  z.object({ type: z.literal('removeFighters'), targets: Ids, from: z.enum(['fight', 'campaign']) }),
  /** `removeFoes` deletes the monsters that are defeated, or all of them. */
  z.object({ type: z.literal('endEncounter'), removeFoes: z.enum(['none', 'defeated', 'all']).default('none') }),
])
export type Operation = z.infer<typeof Operation>
export type OperationType = Operation['type']
export type OperationOf<T extends OperationType> = Extract<Operation, { type: T }>

/** The fighters whom an operation changes, for the check of who may do it. Turns, encounters and new fighters name none. */
export function targetsOf(operation: Operation): string[] {
  switch (operation.type) {
    case 'damage':
      return operation.targets.map(({ id }) => id)
    case 'attack':
      return [operation.by]
    case 'startEncounter':
    case 'addFighters':
      return operation.joining
    case 'advanceTurn':
      return operation.ends.fighter === null ? [] : [operation.ends.fighter]
    case 'endEncounter':
      return []
    case 'heal':
    case 'setTemp':
    case 'setHitPoints':
    case 'addCondition':
    case 'removeCondition':
    case 'save':
    case 'rollInitiative':
    case 'defeat':
    case 'revive':
    case 'setAlias':
    case 'revealName':
    case 'show':
    case 'removeFighters':
      return operation.targets
    case 'concentrate':
    case 'setInitiative':
    case 'moveInOrder':
    case 'wait':
    case 'enterTurn':
    case 'deathSave':
    case 'stabilise':
    case 'use':
      return [operation.id]
  }
}
