import { type BlockHeading, type PlannedCreature, startOf } from '@tablecast/contracts'

export type Wanted = { name: string; count: number }

const MOST = 50

/** Reads “6 goblin, hobgoblin” or “6 × Goblin”. */
export function readCreatures(text: string): Wanted[] {
  return text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(readOne)
}

function readOne(text: string): Wanted {
  const found = /^(\d{1,3})\s*[×*]?\s*(\p{L}.*)$/iu.exec(text)
  // The “x” of “6 x Goblin” stands apart; that of “6 xorn” begins the name.
  const spaced = /^(\d{1,3})\s*[x×*]\s+(.+)$/iu.exec(text)
  const [, count = '1', name = text] = spaced ?? found ?? []
  return { name: name.trim(), count: Math.min(MOST, Math.max(1, Number(count))) }
}

/** The creature that was meant: the whole name, or else the first that was found. */
export function bestOf(found: readonly BlockHeading[], name: string): BlockHeading | undefined {
  const asked = name.toLowerCase()
  return found.find((one) => one.name.toLowerCase() === asked) ?? found[0]
}

const asUsual = { hitPoints: 'average', isHidden: false, isSurprised: false, sharesInitiative: false } as const

export const planned = ({ source, id, name }: BlockHeading, count: number): PlannedCreature => ({
  ...asUsual,
  name: startOf(name, 60),
  count,
  block: { source, id },
})

/** A creature that no stat block has. The DM fills in its figures. */
export const withoutBlock = (name: string, count: number): PlannedCreature => ({
  ...asUsual,
  name: startOf(name, 60),
  count,
  figures: { kind: 'monster', hp: 10, armourClass: 10, initiativeBonus: 0, xp: 0 },
})

/** “6 × Goblin, Hobgoblin”. */
export const creaturesInWords = (creatures: readonly Pick<PlannedCreature, 'name' | 'count'>[]): string =>
  creatures.map(({ name, count }) => (count > 1 ? `${count} × ${name}` : name)).join(', ')
