import { linkToPage, type PageHeading } from '@tablecast/contracts'
import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, ArrowRight, BookOpen, ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { messageOf } from '../../../api.ts'
import { queries } from '../../../queries.tsx'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Problem } from '../../../ui/field.tsx'
import { Markdown } from '../../../ui/markdown.tsx'
import { Nothing } from '../../../ui/section.tsx'
import { pageParts } from './page-parts.ts'

type Where = { roomId: string; campaignId: string }

/** Imported pages do not change. */
const once = { staleTime: Infinity }
const usePages = ({ roomId, campaignId }: Where, enabled = true) =>
  useQuery(queries.campaign.pages.queryOptions({ roomId, campaignId }, { ...once, enabled }))

/** The adventure that the campaign was made of, for its DMs: a list by heading, and the page that is read. */
export function Pages({
  where,
  openId,
  open,
}: {
  where: Where
  openId: string | null
  open: (id: string | null) => void
}) {
  const { data, error, isLoading } = usePages(where)
  const pages = data?.pages ?? []
  const place = pages.findIndex(({ id }) => id === openId)
  const page = pages[place]
  if (isLoading) return <p className="text-soft">Loading…</p>
  if (error) return <Problem text={messageOf(error)} />
  if (pages.length === 0)
    return <Nothing>No pages. They come with an adventure: choose “Import” among the campaigns.</Nothing>
  return page ? (
    <PageReader
      where={where}
      page={page}
      previous={pages[place - 1] ?? null}
      next={pages[place + 1] ?? null}
      open={open}
    />
  ) : (
    <PageList pages={pages} open={open} />
  )
}

function PageList({ pages, open }: { pages: readonly PageHeading[]; open: (id: string) => void }) {
  const id = useId()
  const [wanted, setWanted] = useState('')
  const words = wanted.trim().toLocaleLowerCase()
  const shown = pages.filter(({ title }) => title.toLocaleLowerCase().includes(words))
  return (
    <div>
      <label htmlFor={id} className="text-soft mb-1 block text-sm">
        Find a page by its title
      </label>
      <input
        id={id}
        type="search"
        className="input"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      <p role="status" className="text-soft my-2 text-sm">
        {words ? `${shown.length} of ${pages.length} pages` : `${pages.length} pages`}. Players see none of them.
      </p>
      <ul>
        {shown.map((page) => (
          <li key={page.id} style={{ paddingLeft: `${words ? 0 : (page.depth - 1) * 0.9}rem` }}>
            <button type="button" onClick={() => open(page.id)} className={row}>
              <span className={`[overflow-wrap:anywhere] ${page.depth === 1 ? 'font-semibold' : ''}`}>
                {page.title}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

type ReaderProps = {
  where: Where
  page: PageHeading
  previous: PageHeading | null
  next: PageHeading | null
  open: (id: string | null) => void
}

function PageReader({ where, page, previous, next, open }: ReaderProps) {
  const { data, error, isLoading } = useQuery(queries.campaign.page.queryOptions({ ...where, pageId: page.id }, once))
  // Each page is read from its beginning.
  const top = useRef<HTMLElement>(null)
  useEffect(() => top.current?.focus(), [page.id])
  return (
    <article ref={top} tabIndex={-1} data-reading aria-label={page.title} className="scroll-mt-4 outline-none">
      <div className="mb-2 flex items-center gap-1">
        <Button look="quiet" className="!px-2" onClick={() => open(null)}>
          <ArrowLeft size={16} aria-hidden="true" /> All pages
        </Button>
        <span className="grow" />
        <IconButton
          label={previous ? `Back to ${previous.title}` : 'This is the first page'}
          disabled={!previous}
          onClick={() => previous && open(previous.id)}
        >
          <ChevronLeft size={18} />
        </IconButton>
        <IconButton
          label={next ? `On to ${next.title}` : 'This is the last page'}
          disabled={!next}
          onClick={() => next && open(next.id)}
        >
          <ChevronRight size={18} />
        </IconButton>
      </div>
      <h2 className="mb-3 text-xl [overflow-wrap:anywhere]">{page.title}</h2>
      {isLoading && <p className="text-soft">Loading…</p>}
      <Problem text={error ? messageOf(error) : null} />
      {data?.text === '' && <Nothing>There is only the heading.</Nothing>}
      <div className="prose-page max-w-[42rem]">
        {pageParts(data?.text ?? '').map((part, place) => (
          <Markdown key={place} text={part} />
        ))}
      </div>
      {data && next && (
        <Button look="quiet" className="mt-6 !px-2 text-left" onClick={() => open(next.id)}>
          <span className="[overflow-wrap:anywhere]">Next: {next.title}</span>
          <ArrowRight size={16} aria-hidden="true" className="shrink-0" />
        </Button>
      )}
    </article>
  )
}

/** Below the notes: the pages that they name, to be opened. */
export function NamedPages({ where, notes, open }: { where: Where; notes: string; open: (id: string) => void }) {
  const { data } = usePages(where, notes.includes('[['))
  const named = (data?.pages ?? []).filter(({ title }) => notes.includes(linkToPage(title)))
  if (named.length === 0) return null
  return (
    <nav aria-label="Pages that the notes name" className="mt-3">
      <details open={named.length <= MANY}>
        <summary className="text-soft cursor-pointer py-3 text-sm">
          {named.length === 1 ? 'A page that the notes name' : `${named.length} pages that the notes name`}
        </summary>
        <ul className="columns-2 gap-2">
          {named.map(({ id, title }) => (
            <li key={id} className="break-inside-avoid">
              <button type="button" onClick={() => open(id)} className={row}>
                <BookOpen size={16} aria-hidden="true" className="text-soft shrink-0" />
                <span className="[overflow-wrap:anywhere]">{title}</span>
              </button>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  )
}

/** More links than these are shown when they are asked for. */
const MANY = 12

const row = 'hover:bg-raised flex min-h-11 w-full items-center gap-2 rounded-lg px-2 text-left lg:min-h-9'
