import type { DiscussionMessage } from '@tablecast/contracts'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { api, messageOf, newKey, asSomebody } from '../../api.ts'
import { useSession } from '../../auth/use-session.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { clockTime } from '../../ui/clock-time.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Problem } from '../../ui/field.tsx'
import { textOf } from '../../ui/form.ts'
import { useMarket } from './market-connection.ts'
import { withLive } from './market-state.ts'

const MAX_CONTENT = 4_000

/** What is said about the market, and a say in it. */
export function Discussions() {
  const discussions = useMarket((state) => state.market.discussions)
  const [chosen, setChosen] = useState<string | null>(null)
  const selected = discussions.find(({ id }) => id === chosen) ?? discussions[0]
  const id = useId()
  return (
    <section aria-label="Discussions" className="panel flex min-w-0 flex-col gap-3">
      <div className="flex items-end gap-2">
        <div className="min-w-0 grow">
          <label htmlFor={id} className="text-soft mb-1 block text-sm">
            Discussion
          </label>
          <select
            id={id}
            className="input"
            value={selected?.id ?? ''}
            onChange={(event) => setChosen(event.target.value)}
          >
            {discussions.map((discussion) => (
              <option key={discussion.id} value={discussion.id}>
                {discussion.title}
              </option>
            ))}
          </select>
        </div>
        <OpenDiscussion onOpened={setChosen} />
      </div>
      {selected ? (
        <Discussion key={selected.id} id={selected.id} />
      ) : (
        <p className="text-soft">Nobody talks yet. Open the first discussion.</p>
      )}
    </section>
  )
}

const none: readonly DiscussionMessage[] = []

function Discussion({ id }: { id: string }) {
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
  // What was said during a break is in the database.
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
      <Composer discussionId={id} />
    </>
  )
}

/** The words stay until the server has them; a retry is the same message. */
function Composer({ discussionId }: { discussionId: string }) {
  const id = useId()
  const [draft, setDraft] = useState('')
  const [key, setKey] = useState(newKey)
  const isKnown = useSession() !== null
  const post = useMutation({
    mutationFn: ({ content, name }: { content: string; name: string }) =>
      asSomebody(name || 'Guest', () => api.market.post.mutate({ key, discussionId, content })),
    onSuccess: () => {
      setDraft('')
      setKey(newKey())
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const content = draft.trim()
    if (content) post.mutate({ content, name: textOf(new FormData(event.currentTarget), 'name') })
  }
  return (
    <form onSubmit={submit} aria-label="Say something" className="flex flex-col gap-2">
      {!isKnown && <Field label="Your name" name="name" maxLength={60} autoComplete="nickname" placeholder="Guest" />}
      <Problem text={post.error ? messageOf(post.error) : null} />
      <div className="flex items-end gap-2">
        <div className="min-w-0 grow">
          <label htmlFor={id} className="text-soft mb-1 block text-sm">
            Your message
          </label>
          <textarea
            id={id}
            rows={2}
            maxLength={MAX_CONTENT}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
              event.preventDefault()
              event.currentTarget.form?.requestSubmit()
            }}
            className="input resize-none"
          />
        </div>
        <IconButton label="Send" look="primary" type="submit" disabled={post.isPending || draft.trim() === ''}>
          <Send size={18} />
        </IconButton>
      </div>
    </form>
  )
}

function OpenDiscussion({ onOpened }: { onOpened: (id: string) => void }) {
  const [isOpen, setIsOpen] = useState(false)
  const [key, setKey] = useState(newKey)
  const open = useMutation({
    mutationFn: (title: string) => asSomebody('Guest', () => api.market.openDiscussion.mutate({ key, title })),
    onSuccess({ id }) {
      setKey(newKey())
      setIsOpen(false)
      onOpened(id)
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const title = textOf(new FormData(event.currentTarget), 'title')
    if (title) open.mutate(title)
  }
  return (
    <Dialog title="A new discussion" open={isOpen} onOpenChange={setIsOpen} trigger={<Button>New</Button>}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label="What it is about" name="title" required maxLength={120} />
        <Problem text={open.error ? messageOf(open.error) : null} />
        <Button look="primary" type="submit" disabled={open.isPending}>
          Open the discussion
        </Button>
      </form>
    </Dialog>
  )
}
