import { useId, useState } from 'react'
import { useMarket } from './market-connection.ts'
import { Discussion } from './Discussion.tsx'
import { OpenDiscussion } from './OpenDiscussion.tsx'

/** The discussions about the market, and a box to write in. */
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
