import { useId } from 'react'

type NodeChoiceProps = {
  nodes: readonly (readonly [id: string, name: string])[]
  chosen: string | null
  onChoose: (id: string | null) => void
}

export function NodeChoice({ nodes, chosen, onChoose }: NodeChoiceProps) {
  const id = useId()
  return (
    <div className="flex min-w-0 items-center gap-2 text-sm">
      <label htmlFor={id} className="text-soft">
        Of
      </label>
      <select
        id={id}
        className="input !w-auto min-w-0"
        value={chosen ?? ''}
        onChange={({ target }) => onChoose(target.value || null)}
      >
        <option value="">all nodes together</option>
        {nodes.map(([nodeId, name]) => (
          <option key={nodeId} value={nodeId}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}
