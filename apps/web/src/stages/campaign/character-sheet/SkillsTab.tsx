import type { Sheet } from '@tablecast/bestiary/sheet'
import { signed, skillBonus } from '@tablecast/bestiary/sheet-figures'
import { skillAbilities, skillNames } from '@tablecast/bestiary/skills'
import { d20With } from '../dice/roll-message.ts'
import type { RollOnSheet } from './roll-on-sheet.ts'
import { skillInWords } from './skill-words.ts'

/** All skills. Those with a bonus of their own come first: a character uses them most. */
export function SkillsTab({ sheet, roll }: { sheet: Sheet; roll: RollOnSheet }) {
  const own = skillNames.filter((skill) => sheet.skills[skill] !== undefined)
  const others = skillNames.filter((skill) => sheet.skills[skill] === undefined)
  return (
    <ul aria-label="Skills" className="grid grid-cols-2 gap-1.5">
      {[...own, ...others].map((skill) => {
        const bonus = skillBonus(sheet, skill)
        const isOwn = sheet.skills[skill] !== undefined
        return (
          <li key={skill}>
            <button
              type="button"
              className={`hover:border-accent active:bg-accent active:text-on-accent flex min-h-12 w-full items-center justify-between gap-2 rounded-lg border px-3 text-left text-sm ${isOwn ? 'border-accent bg-raised font-semibold' : 'border-line'}`}
              onClick={() => roll(skillInWords(skill), d20With(bonus))}
            >
              <span className="min-w-0">
                {skillInWords(skill)} <span className="text-soft text-xs font-normal">{skillAbilities[skill]}</span>
              </span>
              <span className="shrink-0 whitespace-nowrap tabular-nums">{signed(bonus)}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
