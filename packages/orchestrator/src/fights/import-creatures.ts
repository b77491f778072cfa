// Creatures and encounters of another program's file.
import type { Imported, ImportedEncounter } from '@tablecast/bestiary/import'
import { type CreaturesReport, type EncounterPlan, type PlannedCreature, startOf } from '@tablecast/contracts'

/** The ids that the creatures have in the room, so that an import of the same file replaces and never doubles. */
export function withRoomIds({ creatures, encounters, ...rest }: Imported): Imported {
  const idOf = (id: string) => `imported-${id}`.slice(0, 64)
  return {
    ...rest,
    creatures: creatures.map((block) => ({ ...block, id: idOf(block.id) })),
    encounters: encounters.map((encounter) => ({
      ...encounter,
      fighters: encounter.fighters.map((one) => ({
        ...one,
        creature: one.creature === null ? null : idOf(one.creature),
      })),
    })),
  }
}

export const reportOf = (
  { creatures, encounters, characters, problems }: Imported,
  known: ReadonlySet<string>,
): CreaturesReport => ({
  creatures: creatures.map(({ name }) => name),
  replaced: creatures.filter(({ id }) => known.has(id)).length,
  encounters: encounters.map(({ name }) => name),
  characters: characters.map(({ name, level, currentHp, sheet: { hp, ac, initiative } }) => ({
    name,
    level,
    hp,
    currentHp,
    ac,
    initiative,
  })),
  problems,
})

/** Characters of players join a fight from the campaign, so the plan holds the creatures alone. */
export function planOf({ fighters }: ImportedEncounter): EncounterPlan {
  const creatures = fighters.flatMap(({ creature, name, count, alias, isHidden }): PlannedCreature[] => {
    if (creature === null) return []
    return [
      {
        name: startOf(name, 60).trim(),
        count,
        block: { source: 'room', id: creature },
        hitPoints: 'average',
        ...(alias === null ? {} : { alias: startOf(alias, 60).trim() }),
        isHidden,
        isSurprised: false,
        sharesInitiative: false,
      },
    ]
  })
  return { notes: '', creatures: creatures.slice(0, 50) }
}
