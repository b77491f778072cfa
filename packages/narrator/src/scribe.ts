// The built-in narrator: what is written becomes the story, slash commands become changes. No model, no network.
import { type CampaignState, commands, TablecastError } from '@tablecast/contracts'
import { shownNames } from '@tablecast/rules'
import type { Command } from '@tablecast/rules/commands'
import { commandActions, type CommandContext } from './commands.ts'
import { readFightCommand } from './fight-commands.ts'
import { createDice, type Dice } from './dice.ts'
import type { Actor, NarrationResult, NarrationRequest, Narrator } from './narrator.ts'
import { rollInline } from './prose.ts'

export function createScribe({ newId = () => crypto.randomUUID().slice(0, 8) }: ScribeDeps = {}): Narrator {
  return {
    async *narrate(request) {
      const narration = await Promise.resolve(write(request, newId))
      for (const entry of narration.entries) yield { type: 'text', text: entry.text }
      yield { type: 'final', narration }
    },
  }
}

/** `newId` names new threats, beats and conditions. */
type ScribeDeps = { newId?: () => string }

function write({ message, actor, state, roll }: NarrationRequest, newId: () => string): NarrationResult {
  const text = message.trim()
  const dice = createDice(roll)
  if (!text.startsWith('/')) {
    const prose = rollInline(text, dice, 'open')
    const kind = actor.role === 'dm' ? 'narration' : 'player'
    return { patch: null, entries: [{ kind, ...prose, audience: 'all' }], reply: null, action: null }
  }
  const [, word = '', rest = ''] = /^(\/\S*)\s*(.*)$/s.exec(text) ?? []
  const command = commands.find(({ name }) => name === word.toLowerCase())
  if (command?.who === 'dm' && actor.role !== 'dm')
    throw new TablecastError('NOT_THE_DM', `${command.name} is the DM's; players have ${names(false).join(', ')}.`)
  const fight = readFightCommand(text, state, actor)
  if (fight) return { ...nothing, ...writeFight(fight, actor, state, dice) }
  const action = command && commandActions[command.name]
  if (!command || !action) throw unknownCommand(word, actor.role === 'dm')
  const context: CommandContext = { state, dice, newId, usage: command.usage, isDm: actor.role === 'dm' }
  return { ...nothing, ...action(context, rest.trim()) }
}

const nothing: NarrationResult = { patch: null, entries: [], reply: null, action: null }

function writeFight(command: Command, actor: Actor, state: CampaignState, dice: Dice): Partial<NarrationResult> {
  switch (command.kind) {
    case 'operations':
    case 'attack':
    case 'add':
      return { command }
    case 'roll': {
      const roll = dice.roll(command.notation, command.isSecret ? 'secret' : 'open', command.label)
      const text = roll.label || roll.notation
      const isForPlayer = command.isSecret && actor.role !== 'dm'
      return {
        entries: [{ kind: 'roll', text, rolls: [roll], audience: command.isSecret ? 'dm' : 'all' }],
        reply: isForPlayer ? 'You rolled in secret. The DM sees the result.' : null,
      }
    }
    case 'emote': {
      const kind = actor.role === 'dm' ? 'narration' : 'player'
      const prose = rollInline(`${nameInStory(actor, state)} ${command.text}`, dice, 'open')
      return { entries: [{ kind, ...prose, audience: 'all' }] }
    }
  }
}

/** The only character that somebody plays, as players know it; else their own name. */
function nameInStory({ id, name }: Actor, { characters }: CampaignState): string {
  const [only, another] = characters.filter((one) => one.visible && one.ownerId === id)
  return (only && !another && shownNames(characters).get(only.id)) || name
}

const names = (isDm: boolean) => commands.filter(({ who }) => isDm || who === 'all').map(({ name }) => name)

function unknownCommand(word: string, isDm: boolean): TablecastError {
  const near = names(isDm).filter((name) => name.startsWith(word.toLowerCase().slice(0, 2)))
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `the commands are ${names(isDm).join(', ')}.`
  return new TablecastError('UNKNOWN_COMMAND', `There is no command ${word}: ${hint}`)
}
