import { formatValue } from './format-value.ts'

type Level = { id?: unknown; price?: unknown; strength?: unknown; kind?: unknown }

/** The levels of level signals, strongest bars longest. */
export function Levels({ value }: { value: unknown }) {
  const listed = typeof value === 'object' && value !== null ? (value as { levels?: unknown }).levels : null
  if (!Array.isArray(listed)) return null
  const levels = listed
    .filter((level): level is Level => typeof level === 'object' && level !== null)
    .filter(({ price }) => typeof price === 'number')
    .slice(0, 50)
    .toSorted((a, b) => Number(b.price) - Number(a.price))
  if (levels.length === 0) return null
  return (
    <section aria-label="Levels" className="panel overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="mb-2 text-left font-serif text-lg font-semibold">Levels</caption>
        <thead className="text-soft text-left text-xs">
          <tr>
            <th scope="col" className="py-1 pr-4 font-normal">
              Price
            </th>
            <th scope="col" className="py-1 pr-4 font-normal">
              Kind
            </th>
            <th scope="col" className="w-1/2 py-1 font-normal">
              Strength
            </th>
          </tr>
        </thead>
        <tbody>
          {levels.map(({ id, price, strength, kind }) => {
            const share = typeof strength === 'number' ? Math.min(1, Math.max(0, strength)) : 0
            return (
              <tr key={typeof id === 'string' ? id : String(price)} className="border-line border-t">
                <td className="py-1.5 pr-4 font-semibold tabular-nums">{formatValue(Number(price))}</td>
                <td className="text-soft py-1.5 pr-4">{typeof kind === 'string' ? kind : '–'}</td>
                <td className="py-1.5" aria-label={`${Math.round(share * 100)} %`}>
                  <span className="flex items-center gap-3">
                    <span className="bg-raised h-2 grow overflow-hidden rounded-full" aria-hidden="true">
                      <span
                        className={`block h-full rounded-full transition-all ${kind === 'support' ? 'bg-good' : 'bg-bad'}`}
                        style={{ width: `${share * 100}%` }}
                      />
                    </span>
                    <span className="w-10 text-right tabular-nums">{Math.round(share * 100)}&nbsp;%</span>
                  </span>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
