// Who belongs to the table, who may come, and what happened to that.
import type { AuditEvent, AuditKind, AuditPage, Member, Role, RoomDetails } from '@tablecast/contracts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Settings } from 'lucide-react'
import { useState } from 'react'
import { api, messageOf, newKey } from '../../../api.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Problem } from '../../../ui/field.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { Nothing, Section } from '../Sheet.tsx'
import { MemberMenu, roleWords } from './MemberMenu.tsx'
import { type Act, useAct } from './use-act.ts'

type Props = { details: RoomDetails; onChanged: () => void }

export function TableSettings({ details, onChanged }: Props) {
  const { room, members, bans, role } = details
  const act = useAct(onChanged)
  const call = () => ({ roomId: room.id, key: newKey() })
  return (
    <Dialog
      title="The table"
      trigger={
        <IconButton label="Table settings">
          <Settings size={18} />
        </IconButton>
      }
    >
      <Section title="Who may come">
        <Switch
          label="Lock the table"
          checked={room.locked}
          onChange={(locked) =>
            act(() => api.rooms.setLocked.mutate({ ...call(), locked }), locked ? 'Nobody new gets in' : 'Open again')
          }
        />
        <p className="text-soft text-sm">Nobody new gets in, whatever link they have. Who is in stays in.</p>
      </Section>
      <Section title={`Members (${members.length})`}>
        <ul className="flex flex-col gap-1">
          {members.map((member) => (
            <MemberRow key={member.userId} member={member} details={details} act={act} />
          ))}
        </ul>
      </Section>
      {bans.length > 0 && (
        <Section title="Banned">
          <ul className="flex flex-col gap-1">
            {bans.map(({ userId, name }) => (
              <li key={userId} className="flex items-center justify-between gap-2">
                <span className="min-w-0 truncate">{name}</span>
                <Button
                  look="quiet"
                  onClick={() => act(() => api.rooms.unban.mutate({ ...call(), userId }), `${name} may come back`)}
                >
                  Let {name} back in
                </Button>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {role === 'owner' && <Trail roomId={room.id} />}
    </Dialog>
  )
}

function MemberRow({ member, details, act }: { member: Member; details: RoomDetails; act: Act }) {
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

/** What touched the access of the table, for its owner. */
function Trail({ roomId }: { roomId: string }) {
  const [isOpen, setIsOpen] = useState(false)
  const trail = useInfiniteQuery({
    queryKey: ['rooms.audit', roomId],
    queryFn: ({ pageParam }) => api.rooms.audit.query({ roomId, limit: 20, before: pageParam }),
    enabled: isOpen,
    initialPageParam: null as string | null,
    getNextPageParam: (page: AuditPage) => (page.more ? (page.events.at(-1)?.id ?? null) : null),
  })
  const events = trail.data?.pages.flatMap((page) => page.events) ?? []
  return (
    <Section title="What happened">
      {!isOpen && <Button onClick={() => setIsOpen(true)}>Show who came, was refused, removed…</Button>}
      {isOpen && trail.isPending && <Nothing>Reading…</Nothing>}
      <Problem text={trail.error ? messageOf(trail.error) : null} />
      {isOpen && trail.data && events.length === 0 && <Nothing>Nothing yet.</Nothing>}
      <ol className="flex flex-col gap-1.5">
        {events.map((event) => (
          <li key={event.id} className="text-sm [overflow-wrap:anywhere]">
            <time className="text-soft tabular-nums" dateTime={event.at}>
              {new Date(event.at).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' })}
            </time>{' '}
            {auditWords(event)}
          </li>
        ))}
      </ol>
      {trail.hasNextPage && (
        <Button look="quiet" disabled={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
          Earlier
        </Button>
      )}
    </Section>
  )
}

const sentences: Record<AuditKind, (who: string, detail: AuditEvent['detail']) => string> = {
  signed_in: (who) => `${who} signed in`,
  upgraded: (who, { name }) => `${who} got an account (was the guest ${name})`,
  joined: (who, { role }) => `${who} came in as ${role ? roleWords[role] : 'member'}`,
  left: (who) => `${who} left`,
  refused: (who, { what, code }) => `${who} was refused: ${what} (${code})`,
  kicked: (who, { name }) => `${who} removed ${name}`,
  banned: (who, { name }) => `${who} banned ${name}`,
  unbanned: (who, { name }) => `${who} let ${name} back in`,
  role_changed: (who, { name, role }) => `${who} made ${name} ${role ? roleWords[role] : ''}`,
  handed_over: (who, { name }) => `${who} handed the table over to ${name}`,
  locked: (who) => `${who} locked the table`,
  unlocked: (who) => `${who} unlocked the table`,
  invite_rotated: (who, { role }) => `${who} made a new link for ${role ? roleWords[role] : ''}s`,
  invite_revoked: (who, { role }) => `${who} took back the link for ${role ? roleWords[role] : ''}s`,
  exported: (who, { what }) => `${who} exported ${what}`,
}

const auditWords = ({ kind, actorName, detail }: AuditEvent): string =>
  `${sentences[kind](actorName, detail)}${detail.times ? ` (${detail.times} times)` : ''}`
