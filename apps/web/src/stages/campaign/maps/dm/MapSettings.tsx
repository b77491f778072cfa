import type { GameMap, MapGrid, MapSight } from '@tablecast/contracts'
import { useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { Field } from '../../../../ui/field.tsx'
import { Switch } from '../../../../ui/switch.tsx'
import type { ActOnMaps } from '../operate-maps.ts'
import { CellKind } from './CellKind.tsx'

type Props = {
  map: GameMap
  /** The grid on trial, which the map shows before it is saved; null while the saved one counts. */
  trial: MapGrid | null
  tryGrid: (grid: MapGrid | null) => void
  act: ActOnMaps
}

/** The name, the grid and the sight of a map. The grid is shown on the map while it is changed. */
export function MapSettings({ map, trial, tryGrid, act }: Props) {
  const [title, setTitle] = useState(map.title)
  const { sight } = map
  const grid = trial ?? map.grid
  const change = (part: Partial<MapGrid>) => tryGrid({ ...grid, ...part })
  const setSight = (part: Partial<MapSight>) => void act({ type: 'editMap', id: map.id, sight: { ...sight, ...part } })
  const save = async () => {
    if (await act({ type: 'editMap', id: map.id, grid })) tryGrid(null)
  }
  return (
    <div className="flex flex-col gap-3">
      <Field
        label="Name of the map"
        value={title}
        maxLength={120}
        onChange={({ currentTarget }) => setTitle(currentTarget.value)}
        onBlur={() =>
          title.trim() !== '' &&
          title.trim() !== map.title &&
          void act({ type: 'editMap', id: map.id, title: title.trim() })
        }
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="text-soft text-xs font-semibold tracking-widest uppercase">Grid</legend>
        <CellKind value={grid.kind} change={(kind) => change({ kind })} />
        <NumberField
          label={grid.kind === 'none' ? 'Pixels for the length below' : 'Size of a cell, pixels'}
          value={grid.size}
          min={8}
          max={2_000}
          change={(size) => change({ size })}
        />
        {grid.kind !== 'none' && (
          <div className="flex gap-2">
            <NumberField
              label="From the left"
              value={grid.offset.x}
              min={-2_000}
              max={2_000}
              change={(x) => change({ offset: { ...grid.offset, x } })}
            />
            <NumberField
              label="From the top"
              value={grid.offset.y}
              min={-2_000}
              max={2_000}
              change={(y) => change({ offset: { ...grid.offset, y } })}
            />
          </div>
        )}
        <div className="flex gap-2">
          <NumberField
            label="Length of a cell"
            value={grid.scale}
            min={0.1}
            max={1_000}
            change={(scale) => change({ scale })}
          />
          <Field
            label="Unit"
            value={grid.unit}
            maxLength={10}
            onChange={({ currentTarget }) => change({ unit: currentTarget.value })}
          />
        </div>
        {trial && (
          <div className="flex gap-2">
            <Button look="primary" className="grow" disabled={grid.unit.trim() === ''} onClick={() => void save()}>
              Keep this grid
            </Button>
            <Button onClick={() => tryGrid(null)}>Cancel</Button>
          </div>
        )}
      </fieldset>
      <fieldset className="flex flex-col gap-1">
        <legend className="text-soft text-xs font-semibold tracking-widest uppercase">Sight and rights</legend>
        <Switch label="Reveal what the party sees" checked={sight.isOn} onChange={(isOn) => setSight({ isOn })} />
        <Switch
          label="Daylight everywhere"
          checked={sight.isDaylight}
          onChange={(isDaylight) => setSight({ isDaylight })}
        />
        <NumberField
          label={`How far anybody sees, ${map.grid.unit}`}
          value={sight.farthest}
          min={1}
          max={10_000}
          change={(farthest) => setSight({ farthest })}
        />
        <Switch
          label="Players may not move tokens"
          checked={map.isLocked}
          onChange={(isLocked) => void act({ type: 'editMap', id: map.id, isLocked })}
        />
      </fieldset>
    </div>
  )
}

type NumberProps = { label: string; value: number; min: number; max: number; change: (value: number) => void }

/** Tells a number only once it is one in the bounds. */
function NumberField({ label, value, min, max, change }: NumberProps) {
  const [text, setText] = useState<string | null>(null)
  const settle = () => {
    const number = Number(text?.replace(',', '.'))
    setText(null)
    if (text !== null && text.trim() !== '' && Number.isFinite(number) && number !== value)
      change(Math.min(max, Math.max(min, number)))
  }
  return (
    <Field
      label={label}
      className="min-w-0 grow"
      inputMode="decimal"
      value={text ?? String(value)}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      onBlur={settle}
      onKeyDown={({ key }) => {
        if (key === 'Enter') settle()
      }}
    />
  )
}
