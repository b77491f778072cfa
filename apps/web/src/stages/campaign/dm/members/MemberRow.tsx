import type { Member, Role, RoomDetails } from '@tablecast/contracts'
import { MemberMenu } from './MemberMenu.tsx'
import { roleWords } from './role-words.ts'
import type { Act } from '../use-act.ts'

export function MemberRow({ member, details, act }: { member: Member; details: RoomDetails; act: Act }) {
  const { userId, name, role } = member
  const isBelow = ranks.indexOf(role) > ranks.indexOf(details.role)
  return (
    <li className="border-line flex items-center gap-2 rounded-xl border py-1 pr-1 pl-3">
      <span className="min-w-0 grow truncate">
        {name} {userId === details.me.userId && <span className="text-soft text-xs">(you)</span>}
      </span>
      <span className="text-soft shrink-0 text-sm">{roleWords[role]}</span>
      {isBelow ? (
        <MemberMenu label={`Change ${name}`} person={member} details={details} act={act} />
      ) : (
        <span className="min-h-11 w-11 shrink-0" />
      )}
    </li>
  )
}

const ranks: readonly Role[] = ['owner', 'dm', 'player', 'spectator']
