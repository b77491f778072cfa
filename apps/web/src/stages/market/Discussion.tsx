import type { DiscussionMessage } from '@tablecast/contracts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, messageOf } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { clockTime } from '../../ui/clock-time.ts'
import { Problem } from '../../ui/field.tsx'
import { useMarket } from './market-connection.ts'
import { withLive } from './market-state.ts'
import { MessageComposer } from './MessageComposer.tsx'

export const none: readonly DiscussionMessage[] = []

export function Discussion({ id }: { id: string }) {
  const live = useMarket((state) => state.market.messages.get(id)) ?? none
  const snapshots = useMarket((state) => state.market.snapshots)
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['market', 'messages', id],
    queryFn: ({ pageParam, signal }) =>
      api.market.messages.query({ discussionId: id, ...(pageParam ? { before: pageParam } : {}) }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchOnWindowFocus: false,
  })
  // Messages that were missed during a break are in the database.
  useEffect(() => {
    if (snapshots > 1) void refetch()
  }, [snapshots, refetch])
  const messages = withLive(data?.pages.toReversed().flatMap((page) => page.messages) ?? [], live)
  const log = useRef<HTMLDivElement>(null)
  const newest = messages.at(-1)?.id
  const isAtEnd = useRef(true)
  useEffect(() => {
    if (isAtEnd.current) log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [newest])
  return (
    <>
      <Problem text={error ? messageOf(error) : null} />
      <div
        ref={log}
        role="log"
        aria-label="Messages"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40
        }}
        className="flex max-h-96 min-h-40 flex-col overflow-y-auto xl:h-[32rem] xl:max-h-none"
      >
        <div className="mt-auto flex flex-col gap-3">
          {hasNextPage && (
            <Button
              look="quiet"
              className="shrink-0"
              disabled={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {isFetchingNextPage ? 'Reading…' : 'What was said before'}
            </Button>
          )}
          {isPending && <p className="text-soft">Reading what was said…</p>}
          {data && messages.length === 0 && <p className="text-soft">Nobody has said anything yet.</p>}
          {messages.map(({ id: messageId, authorName, content, timestamp }) => (
            <article key={messageId} data-testid="market-message">
              <p className="flex items-baseline gap-2 text-sm">
                <span className="min-w-0 truncate font-semibold">{authorName}</span>
                <time dateTime={timestamp} className="text-soft shrink-0 text-xs">
                  {clockTime(timestamp)}
                </time>
              </p>
              <p className="[overflow-wrap:anywhere] whitespace-pre-line">{content}</p>
            </article>
          ))}
        </div>
      </div>
      <MessageComposer discussionId={id} />
    </>
  )
}
