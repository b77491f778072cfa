import type { Grid } from '@tablecast/maps/grid'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../../../../ui/button.tsx'
import type { TableToken } from '../tokens/table-tokens.ts'
import { listed } from '../tokens/token-words.ts'
import type { TableArea } from './AreaLayer.tsx'
import { areaInWords, tokensInside } from './area-words.ts'

type Props = {
  grid: Grid
  areas: readonly TableArea[]
  tokens: readonly TableToken[]
  mayRemove: (area: TableArea) => boolean
  remove: (area: TableArea) => void
  /** Beside an area. */
  aside?: (area: TableArea, words: string) => ReactNode
  /** Under an area, with the tokens that stand inside. */
  children?: (area: TableArea, inside: readonly TableToken[]) => ReactNode
}

/** The areas on the map, and who stands inside. */
export function AreaList({ grid, areas, tokens, mayRemove, remove, aside, children }: Props) {
  if (areas.length === 0) return null
  return (
    <ul aria-label="Areas" className="flex flex-col gap-1">
      {areas.map((area) => {
        const words = areaInWords(grid, area.shape)
        const inside = tokensInside(grid, area.shape, tokens)
        const names = inside.length > 0 ? listed(inside.map(({ name }) => name)) : 'nobody'
        return (
          <li key={area.id} className="border-line rounded-lg border p-2 text-sm">
            <div className="flex items-center gap-2">
              <p className="min-w-0 grow [overflow-wrap:anywhere]">
                <strong>{words}</strong>
                {area.isHidden && <span className="text-soft"> (hidden from players)</span>}
                <span className="text-soft block">Inside: {names}</span>
              </p>
              {aside?.(area, words)}
              {mayRemove(area) && (
                <IconButton label={`Remove: ${words}`} onClick={() => remove(area)}>
                  <X size={17} />
                </IconButton>
              )}
            </div>
            {children?.(area, inside)}
          </li>
        )
      })}
    </ul>
  )
}
