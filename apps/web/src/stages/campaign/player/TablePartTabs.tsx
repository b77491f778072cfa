import { Button } from '../../../ui/button.tsx'

const parts = [
  ['map', 'Map'],
  ['story', 'Story'],
  ['party', 'Party'],
  ['world', 'World'],
] as const

export type TablePart = (typeof parts)[number][0]

type Props = { part: TablePart; hasMap: boolean; onChoose: (part: TablePart) => void }

/** On a small screen, which shows one part of the table at a time. */
export function TablePartTabs({ part, hasMap, onChoose }: Props) {
  return (
    <nav aria-label="Parts of the table" className="border-line order-2 flex shrink-0 border-t md:hidden">
      {parts
        .filter(([value]) => value !== 'map' || hasMap)
        .map(([value, label]) => (
          <Button
            key={value}
            look="quiet"
            aria-current={part === value ? 'page' : undefined}
            className={`grow rounded-none ${part === value ? '!text-accent font-semibold' : ''}`}
            onClick={() => onChoose(value)}
          >
            {label}
          </Button>
        ))}
    </nav>
  )
}
