/** The slash commands, for help and completion. The scribe carries them out. `who`: the audience that may use the command. */
export type Command = { name: string; usage: string; does: string; who: 'dm' | 'all' }

export const commands: readonly Command[] = [
  { name: '/roll', usage: '/roll 2d6+3 [label]', does: 'Roll dice; also inline as [[1d20+5]]', who: 'all' },
  { name: '/hp', usage: '/hp Mira -7', does: 'Change hit points: -7, +4, =12, or temp=5', who: 'dm' },
  { name: '/condition', usage: '/condition Mira +prone', does: 'Add (+) or remove (-) a condition', who: 'dm' },
  {
    name: '/initiative',
    usage: '/initiative [Mira 17]',
    does: 'Roll initiative for all, or set one, and order the turns',
    who: 'dm',
  },
  { name: '/turn', usage: '/turn next|prev|Mira|end', does: 'Pass the turn', who: 'dm' },
  { name: '/round', usage: '/round [3]', does: 'Start the next round, or set it', who: 'dm' },
  { name: '/scene', usage: '/scene The flooded crypt', does: 'Set the scene', who: 'dm' },
  { name: '/status', usage: '/status Combat', does: 'Set the status line', who: 'dm' },
  { name: '/env', usage: '/env add|remove Heavy rain', does: 'Change the environmental conditions', who: 'dm' },
  {
    name: '/threat',
    usage: '/threat add|hide|reveal|clear Name',
    does: 'Change the immediate threats; new ones are hidden',
    who: 'dm',
  },
  {
    name: '/beat',
    usage: '/beat add|done|reveal Text',
    does: 'Change the story beats; new ones are hidden',
    who: 'dm',
  },
  { name: '/reveal', usage: '/reveal Name', does: 'Show a character, threat or beat to the players', who: 'dm' },
  { name: '/hide', usage: '/hide Name', does: 'Hide a character, threat or beat from the players', who: 'dm' },
  { name: '/note', usage: '/note The key is under the altar', does: 'Add a line to the DM notes', who: 'dm' },
  { name: '/secret', usage: '/secret Text or [[1d20]]', does: 'Write an entry that only DMs see', who: 'dm' },
  { name: '/undo', usage: '/undo', does: 'Take back the last change of any DM, and say what it was', who: 'dm' },
  { name: '/redo', usage: '/redo', does: 'Make again what was undone last, and say what it was', who: 'dm' },
  { name: '/help', usage: '/help', does: 'List the commands', who: 'all' },
]
