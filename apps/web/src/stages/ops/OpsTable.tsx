import type { ReactNode } from 'react'

export type Column<R> = {
  name: string
  of: (row: R) => ReactNode
  isNumber?: boolean
  /** Left out on a phone. */
  isWide?: boolean
}

type Props<R> = {
  title: string
  columns: readonly Column<R>[]
  rows: readonly R[]
  keyOf: (row: R) => string
  /** Shown when there are no rows. */
  empty: string
  className?: string
}

/** The first column names the row. */
export function OpsTable<R>({ title, columns, rows, keyOf, empty, className = '' }: Props<R>) {
  const looks = ({ isNumber, isWide }: Column<R>) =>
    `${isNumber ? 'text-right tabular-nums whitespace-nowrap' : 'text-left'} ${isWide ? 'hidden sm:table-cell' : ''}`
  return (
    <section aria-label={title} className={`panel min-w-0 ${className}`}>
      <h2 className="text-lg font-semibold">{title}</h2>
      {rows.length === 0 ? (
        <p className="text-soft mt-2 text-sm">{empty}</p>
      ) : (
        <div className="mt-1 overflow-x-auto" tabIndex={0} role="group" aria-label={`${title}, as a table`}>
          <table className="w-full text-sm">
            <thead className="text-soft text-xs">
              <tr>
                {columns.map((column) => (
                  <th
                    key={column.name}
                    scope="col"
                    className={`py-1.5 pl-3 font-normal whitespace-nowrap first:pl-0 ${looks(column)}`}
                  >
                    {column.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={keyOf(row)} className="border-line border-t align-top">
                  {columns.map((column, place) => {
                    const Cell = place === 0 ? 'th' : 'td'
                    return (
                      <Cell
                        key={column.name}
                        scope={place === 0 ? 'row' : undefined}
                        className={`py-2 pl-3 font-normal first:pl-0 ${looks(column)}`}
                      >
                        {column.of(row)}
                      </Cell>
                    )
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

const tones = { good: 'text-good', warn: 'text-warn', bad: 'text-bad' } as const

/** A state in words, with a colour beside it. */
export function StateMark({ tone, text }: { tone: keyof typeof tones; text: string }) {
  return (
    <span className={`inline-flex items-center gap-2 whitespace-nowrap ${tones[tone]}`}>
      <span aria-hidden="true" className="size-2.5 shrink-0 rounded-full bg-current" />
      {text}
    </span>
  )
}
