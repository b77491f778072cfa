import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { queries } from '../../../queries.tsx'
import { useSession } from '../../../auth/use-session.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { roleWords } from '../dm/members/role-words.ts'
import { pathOf } from './room-path.ts'

export function RecentRooms() {
  const isKnown = useSession() !== null
  const { data } = useQuery({ ...queries.rooms.list.queryOptions(), enabled: isKnown })
  if (!data || data.length === 0) return null
  return (
    <section className="mt-10">
      <h2 className="text-xl font-semibold">Your tables</h2>
      <ul className="mt-3 grid grid-cols-1 gap-2 sm:grid-cols-2">
        {data.slice(0, 8).map(({ room, role }) => (
          <li key={room.id}>
            <Link to={pathOf({ room, role })} className={buttonClass('plain', 'w-full !justify-between')}>
              <span dir="auto" className="truncate">
                {room.name}
              </span>
              <span className="text-soft shrink-0 text-sm">{roleWords[role]}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
