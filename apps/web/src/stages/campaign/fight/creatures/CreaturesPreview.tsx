import type { CreaturesReport } from '@tablecast/contracts'
import { Switch } from '../../../../ui/switch.tsx'

/** `isWithEncounters`: they come into the campaign. `characters`: the places of those that are added. */
export type Choice = { isWithEncounters: boolean; characters: ReadonlySet<number> }

type Props = { report: CreaturesReport; choice: Choice; choose: (choice: Choice) => void }

/** The content of the files before anything is stored. */
export function CreaturesPreview({ report, choice, choose }: Props) {
  const { creatures, duplicates, encounters, characters, lost, problems } = report
  const same = duplicates.filter(({ isSame }) => isSame).map(({ name }) => name)
  const changed = duplicates.filter(({ isSame }) => !isSame).map(({ name }) => name)
  const toggle = (place: number) => {
    const chosen = new Set(choice.characters)
    if (!chosen.delete(place)) chosen.add(place)
    choose({ ...choice, characters: chosen })
  }
  return (
    <div data-testid="creatures-report" className="flex flex-col gap-3 text-sm [overflow-wrap:anywhere]">
      <p className="text-base">{foundWords(report)}</p>
      {creatures.length > 0 && <Names title={`Creatures (${creatures.length})`} names={creatures} />}
      {changed.length > 0 && (
        <Names title={`Replaced, because they are here already (${changed.length})`} names={changed} />
      )}
      {same.length > 0 && <Names title={`Here already, with the same figures (${same.length})`} names={same} />}
      {encounters.length > 0 && (
        <div>
          <Names title={`Encounters (${encounters.length})`} names={encounters} />
          <Switch
            label="Prepare them in this campaign"
            checked={choice.isWithEncounters}
            onChange={(isWithEncounters) => choose({ ...choice, isWithEncounters })}
          />
        </div>
      )}
      {characters.length > 0 && (
        <fieldset>
          <legend className={heading}>Characters to add to this campaign</legend>
          {characters.map(({ name, level, hp, ac }, place) => (
            <label key={place} className="flex min-h-11 items-center gap-2">
              <input type="checkbox" checked={choice.characters.has(place)} onChange={() => toggle(place)} />
              {name}
              <span className="text-soft">
                {level === null ? '' : `level ${level}, `}
                {hp} hit points, AC {ac}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      {problems.length > 0 && (
        <details open={lost > 0}>
          <summary className={`${heading} cursor-pointer`}>
            {lost > 0 ? `Left out (${lost}), and remarks` : `Remarks (${problems.length})`}
          </summary>
          <ul className="mt-1 flex max-h-48 flex-col gap-1 overflow-y-auto" tabIndex={0} aria-label="Left out">
            {problems.map(({ name, reason }, index) => (
              <li key={index}>
                <b>{name}</b>: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

const heading = 'text-soft mb-1 text-xs font-semibold tracking-widest uppercase'

/** “12 creatures, 1 encounter and 2 characters” */
export function foundWords({ creatures, encounters, characters }: CreaturesReport): string {
  const parts = [
    count(creatures.length, 'creature'),
    count(encounters.length, 'encounter'),
    count(characters.length, 'character'),
  ].filter((part) => part !== null)
  return parts.length === 0 ? 'There is nothing to import in it.' : `Found: ${parts.join(', ')}.`
}

const count = (number: number, what: string): string | null =>
  number === 0 ? null : `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`

const SHOWN = 200

function Names({ title, names }: { title: string; names: readonly string[] }) {
  return (
    <section>
      <h3 className={heading}>{title}</h3>
      <p className="max-h-28 overflow-y-auto" tabIndex={0}>
        {names.slice(0, SHOWN).join(', ')}
        {names.length > SHOWN && ` and ${(names.length - SHOWN).toLocaleString('en')} more`}
      </p>
    </section>
  )
}
