import type { Health } from '@tablecast/contracts'
import { EyeOff, Lock } from 'lucide-react'
import { Portrait } from '../../pictures/Portrait.tsx'
import { sideColour } from '../../sheet/health-words.ts'
import { conditionIcons } from './condition-icons.ts'
import type { TableToken } from './table-tokens.ts'
import './tokens.css'

/** How much of the ring is drawn, and its colour. */
const rings: Readonly<Record<Health, { share: number; colour: string }>> = {
  unhurt: { share: 1, colour: '#7cc48a' },
  hurt: { share: 0.75, colour: '#7cc48a' },
  bloodied: { share: 0.45, colour: '#e5bd5a' },
  down: { share: 0.12, colour: '#f08a80' },
}

const ROUND = 2 * Math.PI * 47
const MOST_BADGES = 3

/** Portrait or initials, the ring of hit points, and the conditions. Its words stand in the name of its button. */
export function TokenFace({ token, isNamed }: { token: TableToken; isNamed: boolean }) {
  const { name, face, side, health, conditions, isLocked, isHidden } = token
  const ring = health && rings[health]
  const more = conditions.length - MOST_BADGES
  return (
    <>
      <Portrait face={face} className={`map-token-face ${side ? sideColour(side) : 'border-soft text-soft'}`} />
      {ring && (
        <svg aria-hidden="true" viewBox="0 0 100 100" className="map-token-ring">
          <circle cx="50" cy="50" r="47" fill="none" stroke="#14110f" strokeWidth="7" />
          <circle
            cx="50"
            cy="50"
            r="47"
            fill="none"
            stroke={ring.colour}
            strokeWidth="5"
            strokeDasharray={`${ring.share * ROUND} ${ROUND}`}
          />
        </svg>
      )}
      <span aria-hidden="true" className="map-token-badges">
        {isHidden && (
          <span className="map-token-badge">
            <EyeOff size="70%" />
          </span>
        )}
        {isLocked && (
          <span className="map-token-badge">
            <Lock size="65%" />
          </span>
        )}
        {conditions.slice(0, MOST_BADGES).map((condition) => (
          <ConditionBadge key={condition} condition={condition} />
        ))}
        {more > 0 && <span className="map-token-badge">+{more}</span>}
      </span>
      <span aria-hidden="true" dir="auto" className={`map-token-name ${isNamed ? 'is-shown' : ''}`}>
        {name}
        {isNamed && conditions.length > 0 && ` · ${conditions.join(', ')}`}
      </span>
    </>
  )
}

function ConditionBadge({ condition }: { condition: string }) {
  const Icon = conditionIcons[condition.toLowerCase()]
  return (
    <span className="map-token-badge" title={condition}>
      {Icon ? <Icon size="70%" /> : condition.slice(0, 1).toUpperCase()}
    </span>
  )
}
