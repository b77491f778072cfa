// The weapons in the pack of a character of D&D Beyond, as attacks.
import { startOf } from '@tablecast/text'
import type { Sheet } from './dnd-beyond-sheet.ts'
import type { DraftAction } from './draft.ts'
import { diceOf } from './figures-in-text.ts'
import { defined, isFields, listOf, textOf, valueAt, wholeOf } from './loose-values.ts'

/** Equal weapons are one attack. Every character can strike unarmed. */
export function weaponsOf(inventory: readonly unknown[], sheet: Sheet): DraftAction[] {
  const weapons = inventory.flatMap((item) => {
    const definition = valueAt(item, 'definition')
    return isWeapon(definition) ? [weaponOf(definition, sheet)] : []
  })
  const distinct = new Map(weapons.map((weapon) => [JSON.stringify(weapon), weapon]))
  return [...distinct.values(), unarmed(sheet)].slice(0, 80)
}

const isWeapon = (definition: unknown): boolean =>
  textOf(valueAt(definition, 'damage', 'diceString')) !== '' &&
  (valueAt(definition, 'filterType') === 'Weapon' || wholeOf(valueAt(definition, 'attackType')) !== undefined)

/** `attackType` 1 is melee, 2 is ranged. */
const RANGED = 2

function weaponOf(definition: unknown, sheet: Sheet): DraftAction {
  const properties = listOf(valueAt(definition, 'properties')).map((one) => textOf(valueAt(one, 'name')))
  const isRanged = wholeOf(valueAt(definition, 'attackType')) === RANGED
  const isFinesse = properties.includes('Finesse')
  const ability = isRanged || (isFinesse && sheet.modifier('dex') > sheet.modifier('str')) ? 'dex' : 'str'
  const magic = listOf(valueAt(definition, 'grantedModifiers')).reduce<number>(
    (sum, one) =>
      valueAt(one, 'type') === 'bonus' && valueAt(one, 'subType') === 'magic'
        ? sum + (wholeOf(valueAt(one, 'value')) ?? 0)
        : sum,
    0,
  )
  const bonus = sheet.modifier(ability) + magic
  const toHit = bonus + (isProficient(definition, sheet) ? sheet.proficiency : 0)
  const dice = diceOf(`${textOf(valueAt(definition, 'damage', 'diceString'))}${signed(bonus)}`)
  const type = textOf(valueAt(definition, 'damageType')).toLowerCase()
  const [range, longRange] = [wholeOf(valueAt(definition, 'range')), wholeOf(valueAt(definition, 'longRange'))]
  const isThrown = properties.includes('Thrown')
  return {
    kind: 'action',
    name: startOf(textOf(valueAt(definition, 'name')), 120) || 'Weapon',
    text: '',
    figures: defined({
      toHit,
      reach: isRanged ? undefined : properties.includes('Reach') ? 10 : 5,
      range: isRanged || isThrown ? range : undefined,
      longRange: isRanged || isThrown ? longRange : undefined,
      damage: dice === undefined ? undefined : [{ dice, ...(type === '' ? {} : { type }) }],
    }),
  }
}

const signed = (bonus: number): string => (bonus === 0 ? '' : bonus > 0 ? `+${bonus}` : String(bonus))

/** Simple weapons are of category 1, martial ones of 2. */
function isProficient(definition: unknown, sheet: Sheet): boolean {
  const category = wholeOf(valueAt(definition, 'categoryId'))
  if (category === 1 && sheet.has('proficiency', 'simple-weapons')) return true
  if (category === 2 && sheet.has('proficiency', 'martial-weapons')) return true
  const type = textOf(isFields(definition) ? (definition.type ?? definition.name) : '')
  const slug = type.toLowerCase().replaceAll(/[^a-z]+/g, '-')
  const turned = type.toLowerCase().split(', ').toReversed().join('-')
  return sheet.has('proficiency', slug) || sheet.has('proficiency', turned)
}

function unarmed(sheet: Sheet): DraftAction {
  const strength = sheet.modifier('str')
  return {
    kind: 'action',
    name: 'Unarmed Strike',
    text: '',
    figures: {
      toHit: strength + sheet.proficiency,
      reach: 5,
      damage: [{ flat: Math.max(0, 1 + strength), type: 'bludgeoning' }],
    },
  }
}
