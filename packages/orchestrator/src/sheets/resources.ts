// The resources of a sheet as uses of its character. The sheet says how many there are, and the state how many are left.
import type { Resource } from '@tablecast/bestiary'
import type { Use } from '@tablecast/rules'

/** Uses that a fight gives, such as the reaction. They are on no sheet. */
const isOfFight = ({ back }: Use): boolean => back.kind !== 'rest'

/** A new resource is full, and one that shrank keeps what still fits. */
export function usesOf(resources: readonly Resource[], known: readonly Use[]): Use[] {
  return [
    ...known.filter(isOfFight),
    ...resources.map(({ key, name, most }): Use => {
      const left = known.find((use) => use.key === key && !isOfFight(use))?.left ?? most
      return { key, name, left: Math.min(left, most), most, back: { kind: 'rest' } }
    }),
  ].slice(0, MAX_USES)
}

/** As `fighterFields` has it. */
const MAX_USES = 20

/** The uses after a rest. A long one brings back all that a short one does. Without a sheet it brings back all uses. */
export function rested(uses: readonly Use[], resources: readonly Resource[] | null, kind: 'short' | 'long'): Use[] {
  const back = new Map(resources?.map((one) => [one.key, one.back]))
  const isBack = ({ key }: Use) => {
    const when = resources ? back.get(key) : 'long'
    return when === 'short' || when === kind
  }
  return uses.map((use) => (!isOfFight(use) && isBack(use) ? { ...use, left: use.most } : use))
}
