// From “6 × Goblin” to the fighters of a fight.
import { asNewFighter } from '@tablecast/bestiary'
import { type PlannedCreature, TablecastError } from '@tablecast/contracts'
import type { NewFighter } from '@tablecast/rules'
import type { Repositories } from '@tablecast/store'
import type { BlockShelf } from './block-shelf.ts'

/** Throws VALIDATION_FAILED where a stat block is gone. */
export async function fightersOf(
  tables: Repositories,
  roomId: string,
  creatures: readonly PlannedCreature[],
  shelf: BlockShelf,
): Promise<NewFighter[]> {
  const addresses = creatures.flatMap(({ block }) => (block ? [block] : []))
  const blocks = await shelf.find(tables, roomId, addresses)
  return creatures.map((creature) => {
    const { name, count, alias, side, sharesInitiative, isHidden, isSurprised, hitPoints, figures } = creature
    const chosen = {
      name,
      sharesInitiative,
      visible: !isHidden,
      surprised: isSurprised,
      ...(alias === undefined ? {} : { alias }),
      ...(side === undefined ? {} : { side }),
    }
    if (figures) return { ...figures, ...chosen, count, hpVisible: false, uses: [] }
    const found = creature.block ? blocks.get(creature.block) : undefined
    if (!found)
      throw new TablecastError(
        'VALIDATION_FAILED',
        `The stat block of ${name} is gone. Choose another one for this creature.`,
      )
    const made = asNewFighter(found.block, {
      count,
      block: found.reference,
      rollsHitPoints: hitPoints === 'rolled',
    })
    return { ...made, ...chosen }
  })
}
