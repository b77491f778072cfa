import type { Advantage } from '../attack.ts'
import type { Turn } from '../fighter.ts'
import type { Named } from '../names/find.ts'
import type { Operation } from '../operations/operation.ts'

/**
 * A typed command in the terms of the game. Names are ids already, except for creatures that are still to be found, and for an attack
 * (`action`), which is empty where the fighter's only one is meant.
 */
export type Command =
  | { kind: 'operations'; operations: Operation[] }
  | { kind: 'roll'; notation: string; label: string; isSecret: boolean }
  | { kind: 'emote'; text: string }
  | { kind: 'add'; creatures: { count: number; name: string }[]; isHidden: boolean }
  | { kind: 'attack'; by: string; action: string; target: string | null; advantage: Advantage; isSecret: boolean }

/**
 * The fight as the person sees it who types. `fighters` have the names that this person knows, `awaiting` are those
 * without an initiative. */
export type Table = { fighters: readonly Named[]; turn: Turn; awaiting?: readonly string[] }

/** `group` and `example` are for the list of commands. `dm`: players may not use it. */
export type CommandText = {
  name: string
  usage: string
  example: string
  does: string
  group: 'Fight' | 'Dice' | 'Story'
  who: 'dm' | 'all'
}

export const commandTexts: readonly CommandText[] = [
  {
    name: '/damage',
    usage: '/damage 2d6+3 [type] Names [half|double|none]',
    example: '/damage 2d6+3 fire Goblin 1, Goblin 2 half',
    does: 'Hurt one or several',
    group: 'Fight',
    who: 'all',
  },
  {
    name: '/attack',
    usage: '/attack Name [attack] [on Name] [adv|dis] [open]',
    example: '/attack Goblin 1 scimitar on Mira',
    does: 'Roll an attack of a stat block: in secret, unless open',
    group: 'Fight',
    who: 'dm',
  },
  {
    name: '/heal',
    usage: '/heal 2d8+3 Names',
    example: '/heal 2d8+3 Mira, Old Tom',
    does: 'Give back hit points',
    group: 'Fight',
    who: 'all',
  },
  {
    name: '/hp',
    usage: '/hp Names -7|+4|=12|max=30|temp=5',
    example: '/hp Mira -2d6',
    does: 'Change hit points',
    group: 'Fight',
    who: 'all',
  },
  {
    name: '/temp',
    usage: '/temp Names 5',
    example: '/temp Mira 5',
    does: 'Set temporary hit points',
    group: 'Fight',
    who: 'all',
  },
  {
    name: '/condition',
    usage: '/condition Names +prone [3 rounds|until save con 14|until end of turn]',
    example: '/condition Mira +prone 3',
    does: 'Add (+) or remove (-) conditions',
    group: 'Fight',
    who: 'all',
  },
  {
    name: '/conc',
    usage: '/conc Name spell|off',
    example: '/conc Mira bless',
    does: 'Begin or end a concentration',
    group: 'Fight',
    who: 'all',
  },
  {
    name: '/save',
    usage: '/save dex 14 Names [half|none 8d6 type]',
    example: '/save dex 14 Goblin 1-3 half 8d6 fire',
    does: 'Roll saves, with damage for those who fail',
    group: 'Fight',
    who: 'dm',
  },
  {
    name: '/initiative',
    usage: '/initiative [Names 17|1d20+3]',
    example: '/initiative Mira 1d20+3',
    does: 'Roll initiative for those without one, else for all, or set it',
    group: 'Fight',
    who: 'all',
  },
  { name: '/next', usage: '/next', example: '/next', does: 'End the turn', group: 'Fight', who: 'all' },
  { name: '/back', usage: '/back', example: '/back', does: 'Go back to the turn before', group: 'Fight', who: 'dm' },
  {
    name: '/death',
    usage: '/death Name [roll]',
    example: '/death Mira 14',
    does: 'Make a death save',
    group: 'Fight',
    who: 'all',
  },
  {
    name: '/add',
    usage: '/add [hidden] 6 goblin, hobgoblin',
    example: '/add 6 goblin',
    does: 'Bring creatures into the fight',
    group: 'Fight',
    who: 'dm',
  },
  {
    name: '/roll',
    usage: '/roll 2d6+3 [label]',
    example: '/roll 1d20+5 adv stealth',
    does: 'Roll dice; also /r, and [[1d20+5]] in a text',
    group: 'Dice',
    who: 'all',
  },
  {
    name: '/gmroll',
    usage: '/gmroll 1d20+5 [label]',
    example: '/gmroll 1d20+2 insight',
    does: 'Roll dice that only DMs see',
    group: 'Dice',
    who: 'all',
  },
  {
    name: '/me',
    usage: '/me draws a sword',
    example: '/me draws a sword',
    does: 'Say what your character does',
    group: 'Story',
    who: 'all',
  },
]
