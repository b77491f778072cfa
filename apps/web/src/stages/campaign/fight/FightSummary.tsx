import type { Summary } from '@tablecast/rules'
import { Dialog } from '../../../ui/dialog.tsx'

/** How the fight ended. `heroes`: among how many the experience is shared. */
export function FightSummary({ summary, heroes, onClose }: { summary: Summary; heroes: number; onClose: () => void }) {
  const { name, rounds, minutes, fallen, xp } = summary
  const facts = [
    ['Time', `${plural(rounds, 'round')}, ${plural(minutes, 'minute')}`],
    ['Fallen', fallen.join(', ') || 'Nobody'],
    [
      'Worth',
      `${xp.toLocaleString('en')} XP${heroes > 1 ? `, ${Math.floor(xp / heroes).toLocaleString('en')} each` : ''}`,
    ],
  ] as const
  return (
    <Dialog title={`${name || 'The fight'} is over`} open onOpenChange={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-2">
        {facts.map(([term, text]) => (
          <div key={term} className="contents">
            <dt className="text-soft">{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`
