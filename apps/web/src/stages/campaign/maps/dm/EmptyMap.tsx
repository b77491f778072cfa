import type { MapGrid } from '@tablecast/contracts'
import { sizeOfCells } from '@tablecast/maps/grid'
import { type FormEvent, useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Field } from '../../../../ui/field.tsx'
import type { ActOnMaps } from '../operate-maps.ts'
import { CellKind } from './CellKind.tsx'

/** Four blocks of fog a side, so that a cell is revealed as a whole. */
const CELL = 64
const MOST_CELLS = 300

/** A map without a picture: a grid with a number of cells. */
export function EmptyMap({ act, done }: { act: ActOnMaps; done: (id: string | null) => void }) {
  const [title, setTitle] = useState('')
  const [columns, setColumns] = useState('24')
  const [rows, setRows] = useState('18')
  const [kind, setKind] = useState<MapGrid['kind']>('square')
  const make = async (event: FormEvent) => {
    event.preventDefault()
    const answer = await act({
      type: 'addMap',
      title: title.trim() || 'An empty grid',
      picture: sizeOfCells(kind, CELL, { columns: cellsOf(columns), rows: cellsOf(rows) }),
      grid: { kind, size: CELL, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' },
    })
    if (answer) done(answer.madeIds[0] ?? null)
  }
  return (
    <form onSubmit={(event) => void make(event)} className="border-line mb-3 flex flex-col gap-2 rounded-xl border p-3">
      <Field
        label="Name of the map"
        value={title}
        maxLength={120}
        placeholder="An empty grid"
        onChange={({ currentTarget }) => setTitle(currentTarget.value)}
      />
      <CellKind value={kind} change={setKind} />
      <div className="flex gap-2">
        <CellField label="Cells across" value={columns} change={setColumns} />
        <CellField label="Cells down" value={rows} change={setRows} />
      </div>
      <div className="flex gap-2">
        <Button type="submit" look="primary" className="grow">
          Make the map
        </Button>
        <Button onClick={() => done(null)}>Cancel</Button>
      </div>
    </form>
  )
}

const cellsOf = (text: string): number => Math.min(MOST_CELLS, Math.max(1, Number(text) || 1))

const CellField = ({ label, value, change }: { label: string; value: string; change: (text: string) => void }) => (
  <Field
    label={label}
    className="min-w-0 grow"
    inputMode="numeric"
    value={value}
    onChange={({ currentTarget }) => change(currentTarget.value.replaceAll(/\D/g, '').slice(0, 3))}
  />
)
