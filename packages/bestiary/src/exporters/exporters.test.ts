import { describe, expect, it } from 'vitest'
import { readBuiltIn } from '../built-in.ts'
import { read, readFolder } from '../importers/index.ts'
import type { StatBlock } from '../stat-block.ts'
import { asImprovedInitiative, asVault } from './index.ts'

const all = readBuiltIn()

/** The figures that both formats keep, as fields or as words. */
const kept = ({
  id: _id,
  source: _source,
  traits,
  actions,
  xp: _xp,
  proficiency: _proficiency,
  speed,
  ...block
}: StatBlock) => ({
  ...block,
  speed: speed && Object.fromEntries(Object.entries(speed).filter(([, feet]) => feet !== false)),
  traits: traits.map(({ name, uses }) => ({ name, uses })),
  actions: actions.map(({ name, kind, toHit, uses, recharge, save }) => ({
    name,
    kind,
    toHit,
    uses,
    recharge,
    save: save?.dc,
  })),
})
const rolled = ({ actions }: StatBlock) =>
  actions.map(({ name, damage = [] }) => ({
    name,
    dice: damage.map(({ dice, flat, type }) => `${dice ?? flat} ${type}`).toSorted(),
  }))
const byKind = (block: StatBlock): StatBlock => {
  const kinds = ['action', 'bonus', 'reaction', 'legendary', 'mythic', 'lair']
  return { ...block, actions: block.actions.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)) }
}
const named = <T extends { name: string }>(blocks: readonly T[]) =>
  blocks.toSorted((a, b) => (a.name < b.name ? -1 : 1))

describe('an export of the 334 built-in creatures', () => {
  it('for Improved Initiative comes back with the same figures', () => {
    const { creatures, problems } = read(JSON.stringify(asImprovedInitiative(all)))
    expect(problems).toEqual([])
    expect(named(creatures).map(kept)).toEqual(named(all).map(byKind).map(kept))
    expect(named(creatures).map(rolled)).toEqual(named(all).map(byKind).map(rolled))
  })

  it('as a vault comes back with the same figures', () => {
    const notes = asVault(all).map(({ path, text }) => ({ path, content: text }))
    expect(new Set(notes.map(({ path }) => path.toLowerCase())).size).toBe(all.length)
    const { creatures, problems } = readFolder(notes)
    expect(problems).toEqual([])
    expect(named(creatures).map(kept)).toEqual(named(all).map(byKind).map(kept))
    expect(named(creatures).map(rolled)).toEqual(named(all).map(byKind).map(rolled))
  })
})

describe('a vault', () => {
  it('has encounters beside their creatures, and names that every system can write', () => {
    const [wolf] = all
    if (!wolf) throw new Error('there is no creature')
    const strange = { ...wolf, name: 'A/B: “C” [D]..', text: 'Fences: ``` and ````' }
    const notes = asVault(
      [strange, strange],
      [{ name: 'Ford', notes: 'By night.', creatures: [{ name: strange.name, count: 3, isHidden: true }] }],
    )
    expect(notes.map(({ path }) => path)).toEqual([
      'Creatures/A B “C” D.md',
      'Creatures/A B “C” D 2.md',
      'Encounters/Ford.md',
    ])
    const { encounters, creatures } = readFolder(notes.map(({ path, text }) => ({ path, content: text })))
    expect(creatures).toHaveLength(1)
    expect(encounters).toMatchObject([
      { name: 'Ford', fighters: [{ creature: creatures[0]?.id, count: 3, isHidden: true }] },
    ])
  })
})
