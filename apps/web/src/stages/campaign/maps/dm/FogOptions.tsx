import { Button } from '../../../../ui/button.tsx'
import type { FogDraft, FogShapeKind } from '../tools/draft.ts'
import { ToolButton } from '../tools/ToolButton.tsx'
import { fogShapes } from './fog-shapes.ts'

type Props = {
  reveals: boolean
  shape: FogShapeKind
  choose: (shape: FogShapeKind) => void
  /** In cells. */
  brush: number
  setBrush: (cells: number) => void
  draft: FogDraft | null
  finish: () => void
  cancel: () => void
  /** Of the whole map. */
  all: () => void
}

/** How the fog is changed: the shape, the width of the brush, and all at once. */
export function FogOptions({ reveals, shape, choose, brush, setBrush, draft, finish, cancel, all }: Props) {
  const corners = draft?.kind === 'polygon' ? draft.points.length : 0
  return (
    <div className="map-options">
      <div role="group" aria-label={reveals ? 'Reveal by' : 'Hide by'} className="flex gap-1">
        {fogShapes.map(([value, label, icon]) => (
          <ToolButton key={value} label={label} icon={icon} isChosen={shape === value} onChoose={() => choose(value)} />
        ))}
      </div>
      {shape === 'brush' && (
        <label className="bg-raised border-line flex min-h-11 items-center gap-2 rounded-lg border px-3 text-sm">
          Width
          <input
            type="range"
            min={0.5}
            max={6}
            step={0.5}
            value={brush}
            aria-valuetext={`${brush} cells`}
            onChange={({ target }) => setBrush(Number(target.value))}
            className="w-24"
          />
        </label>
      )}
      {corners >= 3 && (
        <Button look="primary" onClick={finish}>
          {reveals ? 'Reveal it' : 'Hide it'}
        </Button>
      )}
      {corners > 0 && <Button onClick={cancel}>Cancel</Button>}
      <Button onClick={all}>{reveals ? 'Reveal all' : 'Hide all'}</Button>
    </div>
  )
}
