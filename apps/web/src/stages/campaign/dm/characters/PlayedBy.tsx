import type { Member } from '@tablecast/contracts'
import { useId } from 'react'

type Props = { ownerId: string | null; members: readonly Member[]; onChoose: (userId: string | null) => void }

export function PlayedBy({ ownerId, members, onChoose }: Props) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="text-soft mb-1 block text-sm">
        Played by
      </label>
      <select
        id={id}
        className="input"
        value={ownerId ?? ''}
        onChange={(event) => onChoose(event.target.value || null)}
      >
        <option value="">Nobody</option>
        {members.map((member) => (
          <option key={member.userId} value={member.userId}>
            {member.name}
          </option>
        ))}
      </select>
    </div>
  )
}
