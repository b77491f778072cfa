// Reads the slash commands of a fight. A command takes all of what was typed, or refuses with the reason.
import { fold } from '../names/fold.ts'
import { looksLikeDice, readNotation } from '../notation/index.ts'
import { splitItems } from '../names/list.ts'
import { Refusal } from '../refusal.ts'
import { Operation } from '../operations/operation.ts'
import { readAttack } from './attack-command.ts'
import { commandTexts, type Command, type Table } from './command.ts'
import { readConcentration, readCondition, readSave } from './condition-commands.ts'
import { readDamage, readHeal, readHitPoints, readTemp } from './hit-point-commands.ts'
import { readDeath, readInitiative, readTurn } from './turn-commands.ts'

/** Null: the text is no command of this list, as prose and `/scene` are. Throws `Refusal` with the reason. */
export function readCommand(text: string, table: Table): Command | null {
  const [, word = '', rest = ''] = /^\s*(\/\S+)\s*(.*)$/su.exec(text) ?? []
  const asked = word.toLowerCase()
  const secret = asked === '/secret' ? /^\/(?:r|roll|gmroll)\s+(.*)$/isu.exec(rest) : null
  if (secret) return readRoll(secret[1] ?? '', true)
  const reader = Object.hasOwn(readers, asked) ? readers[asked] : undefined
  if (!reader) return null
  const command = reader(rest.trim(), table)
  // Bounds of numbers stand in the schema alone.
  if (command.kind === 'operations') for (const one of command.operations) check(one, asked)
  return command
}

type Reader = (rest: string, table: Table) => Command

const readers: Readonly<Record<string, Reader>> = {
  '/damage': operations(readDamage),
  '/attack': readAttack,
  '/heal': operations(readHeal),
  '/hp': operations(readHitPoints),
  '/temp': operations(readTemp),
  '/condition': operations(readCondition),
  '/conc': operations(readConcentration),
  '/save': operations(readSave),
  '/initiative': operations(readInitiative),
  '/next': operations((rest, table) => readTurn(rest, table, 'next')),
  '/back': operations((rest, table) => readTurn(rest, table, 'back')),
  '/death': operations(readDeath),
  '/add': readAdd,
  '/r': (rest) => readRoll(rest, false),
  '/roll': (rest) => readRoll(rest, false),
  '/gmroll': (rest) => readRoll(rest, true),
  '/me': readEmote,
}

function operations(read: (rest: string, table: Table) => Operation[]): Reader {
  return (rest, table) => ({ kind: 'operations', operations: read(rest, table) })
}

function check(operation: Operation, name: string): void {
  if (Operation.safeParse(operation).success) return
  throw new Refusal('command', `A number or a name is out of bounds. Write it like ${exampleOf(name)}.`)
}

const exampleOf = (name: string): string => commandTexts.find((known) => known.name === name)?.example ?? name

function readRoll(rest: string, isSecret: boolean): Command {
  if (rest === '') throw new Refusal('command', 'Say which dice: /roll 1d20+5.')
  const { text, label } = readNotation(rest)
  return { kind: 'roll', notation: text, label, isSecret }
}

function readEmote(rest: string): Command {
  if (rest === '') throw new Refusal('command', 'Say what your character does: /me draws a sword.')
  return { kind: 'emote', text: rest }
}

/** The names are checked by the caller, who has the bestiary. */
function readAdd(rest: string): Command {
  const [, hidden, list = ''] = /^(hidden\s+)?(.*)$/isu.exec(rest) ?? []
  const creatures = splitItems(list).map((item) => {
    const [, count, name = ''] = /^(?:(\d+)\s*[x×*]?\s+)?(.+)$/su.exec(item) ?? []
    const number = count === undefined ? 1 : Number(count)
    if (number < 1 || number > 50) throw new Refusal('command', 'Add 1 to 50 creatures of a kind.')
    if (fold(name) === '' || looksLikeDice(name))
      throw new Refusal('command', `“${item}” is no creature. Write /add 6 goblin.`)
    return { count: number, name: name.trim() }
  })
  return { kind: 'add', creatures, isHidden: hidden !== undefined }
}
