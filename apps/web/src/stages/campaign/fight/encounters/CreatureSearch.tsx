import { type BlockHeading, type PlannedCreature, startOf } from '@tablecast/contracts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type FormEvent, useDeferredValue, useState } from 'react'
import { api, messageOf } from '../../../../api.ts'
import { queries } from '../../../../queries.tsx'
import { Button } from '../../../../ui/button.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { BlockPreview } from '../block/BlockPreview.tsx'
import { challengeInWords } from '../block/StatBlockCard.tsx'
import { bestOf, planned, readCreatures, withoutBlock } from './creature-text.ts'

type Props = { roomId: string; add: (creatures: PlannedCreature[]) => void }

/** Searches the bestiary as one types. Enter adds all that was typed, such as “6 goblin, hobgoblin”. */
export function CreatureSearch({ roomId, add }: Props) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [shown, setShown] = useState<BlockHeading | null>(null)
  const last = useDeferredValue(readCreatures(text).at(-1))
  const { data } = useQuery({
    ...queries.statBlocks.search.queryOptions({ roomId, query: startOf(last?.name ?? '', 100), limit: 6 }),
    enabled: last !== undefined,
    placeholderData: keepPreviousData,
  })
  const found = last ? (data?.found ?? []) : []
  /** `chosen`: the creature that was tapped for the last one of the text. */
  const addAll = async (chosen: BlockHeading | null) => {
    const wanted = readCreatures(text)
    try {
      const answers = await Promise.all(
        wanted.map(({ name }) => api.statBlocks.search.query({ roomId, query: startOf(name, 100), limit: 20 })),
      )
      add(
        wanted.map(({ name, count }, index) => {
          const isLast = index === wanted.length - 1
          const best = isLast && chosen ? chosen : bestOf(answers[index]?.found ?? [], name)
          return best ? planned(best, count) : withoutBlock(name, count)
        }),
      )
      setText('')
      setProblem(null)
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void addAll(null)
  }
  return (
    <div>
      <form onSubmit={submit} className="flex gap-2">
        <input
          aria-label="Creatures to add"
          data-finds="creatures"
          autoComplete="off"
          placeholder="6 goblin, hobgoblin"
          maxLength={200}
          value={text}
          onChange={({ target }) => setText(target.value)}
          className="input"
        />
        <Button type="submit" className="shrink-0" disabled={last === undefined}>
          Add
        </Button>
      </form>
      <Problem text={problem} />
      {found.length > 0 && (
        <ul aria-label="Creatures found" className="mt-1 flex flex-col">
          {found.map((heading) => (
            <li key={`${heading.source} ${heading.id}`} className="flex items-center gap-1">
              <Button
                look="quiet"
                className="min-w-0 grow !justify-between !px-2 text-left text-sm"
                onClick={() => void addAll(heading)}
              >
                <span className="text-ink min-w-0 truncate">
                  {(last?.count ?? 1) > 1 && `${last?.count} × `}
                  {heading.name}
                </span>
                <span className="shrink-0 text-xs">
                  {heading.cr === undefined ? '' : `CR ${challengeInWords(heading.cr)} · `}AC {heading.ac} ·{' '}
                  {heading.hp} HP
                </span>
              </Button>
              <Button
                look="quiet"
                className="!px-2 text-xs"
                aria-label={`View ${heading.name}`}
                onClick={() => setShown(heading)}
              >
                View
              </Button>
            </li>
          ))}
        </ul>
      )}
      {last && data?.found.length === 0 && (
        <p className="text-soft mt-1 text-sm">No creature is called “{last.name}”. Add it with figures of your own.</p>
      )}
      {shown && <BlockPreview roomId={roomId} heading={shown} onClose={() => setShown(null)} />}
    </div>
  )
}
