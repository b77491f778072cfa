import { type Column, OpsTable } from './OpsTable.tsx'
import { count } from './units.ts'

type ErrorRow = { code: string; count: number }

const errorColumns: readonly Column<ErrorRow>[] = [
  { name: 'Code', of: ({ code }) => <code className="[overflow-wrap:anywhere]">{code}</code> },
  { name: 'Times', of: ({ count: times }) => count(times), isNumber: true },
]

export function ErrorsTable({ errors }: { errors: readonly ErrorRow[] }) {
  return (
    <OpsTable
      title="Errors, by code"
      columns={errorColumns}
      rows={errors}
      keyOf={({ code }) => code}
      empty="No error in the last five minutes."
    />
  )
}
