import { type BlockHeading, type PlannedCreature, TablecastError, startOf } from '@tablecast/contracts'
import { fold } from '@tablecast/rules/names'

/**
 * The creature that a name means: the whole name, its plural, or a beginning that only one has. Throws UNKNOWN_COMMAND with the names to
 * choose from where none or several fit.
 */
export function namedCreature(
  headings: readonly BlockHeading[],
  { name, count }: { name: string; count: number },
): PlannedCreature {
  const folded = fold(name)
  const forms = new Set([folded, folded.replace(/s$/, ''), folded.replace(/es$/, ''), folded.replace(/ves$/, 'f')])
  const whole = headings.filter((heading) => forms.has(fold(heading.name)))
  const fitting = whole.length > 0 ? whole : headings.filter((heading) => fold(heading.name).startsWith(folded))
  const [only, another] = fitting
  if (!only) throw refusal(`There is no creature called “${name}”. Look for it in the bestiary.`, [])
  // The room's own creature comes before the built-in one of the same name.
  if (another && fold(another.name) !== fold(only.name))
    throw refusal(`Several creatures begin with “${name}”. Write the whole name.`, fitting.slice(0, 8))
  return {
    name: startOf(only.name, 60).trim(),
    count,
    block: { source: only.source, id: only.id },
    hitPoints: 'average',
    isHidden: false,
    isSurprised: false,
    sharesInitiative: false,
  }
}

function refusal(message: string, fitting: readonly BlockHeading[]): TablecastError {
  const options = fitting.map(({ name }) => name)
  const hint = options.length > 0 ? ` There is ${options.join(', ')}.` : ''
  return new TablecastError('UNKNOWN_COMMAND', message + hint, {
    refusal: options.length > 0 ? 'several' : 'name',
    options,
  })
}
