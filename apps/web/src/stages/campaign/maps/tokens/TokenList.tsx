import type { Grid } from '@tablecast/maps/grid'
import { Nothing } from '../../../../ui/section.tsx'
import type { TableToken } from './table-tokens.ts'
import { placeAndNeighbours } from './token-words.ts'

type Props = {
  grid: Grid
  tokens: readonly TableToken[]
  onFind: (token: TableToken) => void
}

/** The map in words: who stands where, and next to whom. A press finds the token on the map. */
export function TokenList({ grid, tokens, onFind }: Props) {
  if (tokens.length === 0) return <Nothing>Nobody stands on the map.</Nothing>
  return (
    <ul aria-label="On the map" className="flex flex-col">
      {tokens.map((token) => (
        <li key={token.id}>
          <button
            type="button"
            aria-current={token.isActing ? 'step' : undefined}
            className="hover:bg-raised min-h-11 w-full rounded-lg px-2 py-1.5 text-start text-sm [overflow-wrap:anywhere]"
            onClick={() => onFind(token)}
          >
            {token.isActing && <strong className="text-accent">Acts now: </strong>}
            {/* The sentence runs from left to right, whatever the script of the name. */}
            <bdi>{token.name}</bdi>, {placeAndNeighbours(grid, token, tokens)}
            <Details token={token} />
          </button>
        </li>
      ))}
    </ul>
  )
}

function Details({ token: { hurtWords, conditions, isHidden, inFog } }: { token: TableToken }) {
  const words = [hurtWords, ...conditions, isHidden && 'hidden from players', !isHidden && inFog && 'in fog']
  const text = words.filter(Boolean).join(', ')
  return text ? <span className="text-soft block text-xs">{text}</span> : null
}
