import { abilities, abilityNames } from '@tablecast/bestiary/abilities'
import type { Sheet } from '@tablecast/bestiary/sheet'
import { abilityBonus, signed } from '@tablecast/bestiary/sheet-figures'
import { skillAbilities, skillNames } from '@tablecast/bestiary/skills'
import { skillInWords } from '../skill-words.ts'
import { NumberInput } from './NumberInput.tsx'

type Props = { sheet: Sheet; set: (fields: Partial<Sheet>) => void }

/** Scores, saves and skills. An empty bonus is the modifier of the ability. */
export function AbilityFields({ sheet, set }: Props) {
  return (
    <>
      <fieldset>
        <legend className="mb-1 text-sm font-semibold">Abilities and saves</legend>
        <div className="grid grid-cols-2 gap-x-4 gap-y-2">
          {abilities.map((ability) => (
            <div key={ability} className="grid grid-cols-2 gap-2">
              <NumberInput
                label={abilityNames[ability]}
                value={sheet.abilities[ability]}
                least={0}
                most={99}
                required
                onChange={(score) => set({ abilities: { ...sheet.abilities, [ability]: score ?? 10 } })}
              />
              <NumberInput
                label={`Save (${ability})`}
                value={sheet.saves[ability] ?? null}
                placeholder={signed(abilityBonus(sheet, ability))}
                least={-99}
                most={99}
                onChange={(bonus) => set({ saves: withBonus(sheet.saves, ability, bonus) })}
              />
            </div>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend className="mb-1 text-sm font-semibold">Skills</legend>
        <p className="text-soft mb-1 text-xs">Leave a skill empty where its ability alone counts.</p>
        <div className="grid grid-cols-3 gap-2">
          {skillNames.map((skill) => (
            <NumberInput
              key={skill}
              label={skillInWords(skill)}
              value={sheet.skills[skill] ?? null}
              placeholder={signed(abilityBonus(sheet, skillAbilities[skill]))}
              least={-99}
              most={99}
              onChange={(bonus) => set({ skills: withBonus(sheet.skills, skill, bonus) })}
            />
          ))}
        </div>
      </fieldset>
    </>
  )
}

function withBonus<K extends string>(
  known: Partial<Record<K, number>>,
  name: K,
  bonus: number | null,
): Partial<Record<K, number>> {
  const { [name]: _before, ...others } = known
  return bonus === null ? (others as Partial<Record<K, number>>) : { ...known, [name]: bonus }
}
