// Creatures and encounters of another program's file.
import type { StatBlock } from '@tablecast/bestiary'
import type { BlockReference } from '@tablecast/rules'
import type { Imported, ImportedEncounter, ImportedFighter } from '@tablecast/bestiary/import'
import {
  type BlockAddress,
  type CreaturesReport,
  type EncounterPlan,
  type PlannedCreature,
  startOf,
} from '@tablecast/contracts'

/** The ids that the stat blocks have in the room, so that an import of the same file replaces and never doubles. */
export function withRoomIds({ creatures, encounters, characters, ...rest }: Imported): Imported {
  const idOf = (id: string) => `imported-${id}`.slice(0, 64)
  return {
    ...rest,
    creatures: creatures.map((block) => ({ ...block, id: idOf(block.id) })),
    characters: characters.map((one) => ({ ...one, sheet: { ...one.sheet, id: idOf(one.sheet.id) } })),
    encounters: encounters.map((encounter) => ({
      ...encounter,
      fighters: encounter.fighters.map((one) => ({
        ...one,
        creature: one.creature === null ? null : idOf(one.creature),
      })),
    })),
  }
}

/** `known`: the hashes of the room's stat blocks by id. `hashes`: those of the import. */
export function reportOf(
  { creatures, characters, lost, problems }: Imported,
  plans: readonly NamedPlan[],
  { known, hashes }: { known: ReadonlyMap<string, string>; hashes: ReadonlyMap<string, string> },
): CreaturesReport {
  const duplicates = creatures.flatMap(({ id, name }) =>
    known.has(id) ? [{ name, isSame: known.get(id) === hashes.get(id) }] : [],
  )
  return {
    creatures: creatures.map(({ name }) => name),
    replaced: duplicates.length,
    duplicates,
    encounters: plans.map(({ name }) => name),
    characters: characters.map(({ name, level, currentHp, sheet: { hp, ac, initiative } }) => ({
      name,
      level,
      hp,
      currentHp,
      ac,
      initiative,
      block: null,
    })),
    lost,
    problems: [...problems, ...plans.flatMap((plan) => plan.problems)],
  }
}

/** The report after the sheets of some characters were stored. */
export const withSheets = (report: CreaturesReport, stored: ReadonlyMap<number, BlockReference>): CreaturesReport => ({
  ...report,
  characters: report.characters.map((one, place) => ({ ...one, block: stored.get(place) ?? null })),
})

export type NamedPlan = { name: string; plan: EncounterPlan; problems: CreaturesReport['problems'] }

const MAX_KINDS = 50

/**
 * An encounter as a DM would prepare it. `find`: a stat block of the room or a built-in one, by its name. A creature that is in neither and
 * has no hit points of its own is left out with a reason, and so are players' characters, who join a fight from the campaign.
 */
export function planOf(
  { name, fighters }: ImportedEncounter,
  find: (name: string) => BlockAddress | undefined,
): NamedPlan {
  const problems: CreaturesReport['problems'] = []
  const creatures = fighters.flatMap((one): PlannedCreature[] => {
    if (one.creature === null && !one.figures) {
      problems.push({ name, reason: `${one.name} is a player’s character, and joins the fight from the campaign.` })
      return []
    }
    const block = one.creature === null ? find(one.name) : ({ source: 'room', id: one.creature } as const)
    const figures = block ? undefined : figuresOf(one)
    if (block || figures) return [{ ...plannedOf(one), ...(block ? { block } : { figures }) }]
    problems.push({ name, reason: `There is no creature “${one.name}” here, so the encounter has none.` })
    return []
  })
  if (creatures.length > MAX_KINDS)
    problems.push({ name, reason: `It has more than ${MAX_KINDS} kinds of creatures. The others are left out.` })
  return { name, plan: { notes: '', creatures: creatures.slice(0, MAX_KINDS) }, problems }
}

const plannedOf = ({ name, count, alias, isHidden }: ImportedFighter): Omit<PlannedCreature, 'block' | 'figures'> => ({
  name: startOf(name, 60).trim() || 'Creature',
  count: Math.min(50, count),
  hitPoints: 'average',
  ...(alias === null ? {} : { alias: startOf(alias, 60).trim() }),
  isHidden,
  isSurprised: false,
  sharesInitiative: false,
})

function figuresOf({ figures = {} }: ImportedFighter): PlannedCreature['figures'] {
  const { hp, ac, initiative = 0, xp = 0 } = figures
  if (hp === undefined || hp < 0 || hp > 9_999) return undefined
  return {
    kind: 'monster',
    hp,
    armourClass: ac !== undefined && ac >= 0 && ac <= 99 ? ac : null,
    initiativeBonus: Math.max(-99, Math.min(99, initiative)),
    xp: Math.max(0, Math.min(1_000_000, xp)),
  }
}

/** The sheets of the chosen characters by their places. */
export const chosenSheets = ({ characters }: Imported, chosen: readonly number[]): ReadonlyMap<number, StatBlock> =>
  new Map(characters.flatMap(({ sheet }, place) => (chosen.includes(place) ? [[place, sheet] as const] : [])))
