import { commandTexts } from '@tablecast/rules/commands'

/**
 * The slash commands, for help and completion. The scribe carries them out. `who`: the audience that may use the command. `example`: a whole
 * command.
 */
export type Command = {
  name: string
  usage: string
  does: string
  who: 'dm' | 'all'
  group: 'Fight' | 'Dice' | 'Story' | 'Table'
  example: string
}

export const commands: readonly Command[] = [
  ...commandTexts,
  {
    name: '/turn',
    usage: '/turn next|prev|Mira|end',
    does: 'Pass the turn',
    who: 'dm',
    group: 'Fight',
    example: '/turn Mira',
  },
  {
    name: '/round',
    usage: '/round [3]',
    does: 'Start the next round, or set it',
    who: 'dm',
    group: 'Fight',
    example: '/round 3',
  },
  {
    name: '/scene',
    usage: '/scene The flooded crypt',
    does: 'Set the scene',
    who: 'dm',
    group: 'Story',
    example: '/scene The flooded crypt',
  },
  {
    name: '/status',
    usage: '/status Combat',
    does: 'Set the status line',
    who: 'dm',
    group: 'Story',
    example: '/status Combat',
  },
  {
    name: '/env',
    usage: '/env add|remove Heavy rain',
    does: 'Change the environmental conditions',
    who: 'dm',
    group: 'Story',
    example: '/env add Heavy rain',
  },
  {
    name: '/threat',
    usage: '/threat add|hide|reveal|clear Name',
    does: 'Change the immediate threats; new ones are hidden',
    who: 'dm',
    group: 'Story',
    example: '/threat add The tide: ten rounds',
  },
  {
    name: '/beat',
    usage: '/beat add|done|reveal Text',
    does: 'Change the story beats; new ones are hidden',
    who: 'dm',
    group: 'Story',
    example: '/beat add The bell rings',
  },
  {
    name: '/reveal',
    usage: '/reveal Name',
    does: 'Show a character, threat or beat to the players',
    who: 'dm',
    group: 'Story',
    example: '/reveal Old Marrow',
  },
  {
    name: '/hide',
    usage: '/hide Name',
    does: 'Hide a character, threat or beat from the players',
    who: 'dm',
    group: 'Story',
    example: '/hide Old Marrow',
  },
  {
    name: '/note',
    usage: '/note The key is under the altar',
    does: 'Add a line to the DM notes',
    who: 'dm',
    group: 'Story',
    example: '/note The key is under the altar',
  },
  {
    name: '/secret',
    usage: '/secret Text or [[1d20]]',
    does: 'Write an entry that only DMs see',
    who: 'dm',
    group: 'Story',
    example: '/secret She lies',
  },
  {
    name: '/undo',
    usage: '/undo [anyway]',
    does: 'Take back the last change of any DM, and say what it was; anyway: also where a later step wrote the same',
    who: 'dm',
    group: 'Table',
    example: '/undo',
  },
  {
    name: '/redo',
    usage: '/redo [anyway]',
    does: 'Make again what was undone last, and say what it was; anyway: also where a later step wrote the same',
    who: 'dm',
    group: 'Table',
    example: '/redo',
  },
  { name: '/help', usage: '/help', does: 'List the commands', who: 'all', group: 'Table', example: '/help' },
]
