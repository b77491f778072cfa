import type { AuditPage } from '@tablecast/contracts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, messageOf } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { Nothing, Section } from '../../../../ui/section.tsx'
import { auditWords } from './audit-words.ts'

/** The events that changed who has access to the table, for its owner. */
export function AuditTrail({ roomId }: { roomId: string }) {
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
      {!isOpen && <Button onClick={() => setIsOpen(true)}>Show who joined, left or was turned away</Button>}
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
