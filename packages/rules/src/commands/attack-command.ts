import { findAtStart, tryAtStart, type Found } from '../names/find.ts'
import { Refusal } from '../refusal.ts'
import type { Command, Table } from './command.ts'

type Attack = Extract<Command, { kind: 'attack' }>

/** `Goblin 1 scimitar on Mira adv open`. The attack is found by the caller, who has the stat blocks. */
export function readAttack(rest: string, { fighters }: Table): Attack {
  const { text, advantage, isSecret } = readManner(rest)
  const { ids, rest: after } = findAtStart(fighters, text)
  const by = only(ids, 'One fighter attacks: /attack Goblin 1 scimitar on Mira.')
  const { action, target } = splitAtTarget(after, (name) => tryAtStart(fighters, name))
  return { kind: 'attack', by, action, target, advantage, isSecret }
}

type Manner = Pick<Attack, 'advantage' | 'isSecret'>

const MANNERS: Readonly<Record<string, Partial<Manner>>> = {
  adv: { advantage: 'advantage' },
  advantage: { advantage: 'advantage' },
  dis: { advantage: 'disadvantage' },
  disadvantage: { advantage: 'disadvantage' },
  open: { isSecret: false },
  secret: { isSecret: true },
}

/** Takes the words at the end that say how it is rolled. */
function readManner(rest: string): Manner & { text: string } {
  let manner: Manner = { advantage: null, isSecret: true }
  const words = rest.split(/\s+/u)
  for (;;) {
    const word = words.at(-1)?.toLowerCase() ?? ''
    const known = Object.hasOwn(MANNERS, word) ? MANNERS[word] : undefined
    if (!known) return { ...manner, text: words.join(' ') }
    manner = { ...manner, ...known }
    words.pop()
  }
}

/** The name of an attack may hold an “on” of its own, so the first one counts that has a whole name behind it. */
function splitAtTarget(text: string, find: (name: string) => Found | null): Pick<Attack, 'action' | 'target'> {
  const splits = [...text.matchAll(/(?:^|\s)(?:on|at|against)\s+/giu)]
  for (const { index, 0: between } of splits) {
    const found = find(text.slice(index + between.length))
    if (!found || found.rest !== '') continue
    const target = only(found.ids, 'An attack has one target.')
    return { action: text.slice(0, index).trim(), target }
  }
  const [first] = splits
  if (first)
    throw new Refusal('name', `Nobody is meant by “${text.slice(first.index + first[0].length, first.index + 60)}”.`)
  return { action: text.trim(), target: null }
}

function only(ids: readonly string[], otherwise: string): string {
  const [id] = ids
  if (id === undefined || ids.length > 1) throw new Refusal('command', otherwise)
  return id
}
