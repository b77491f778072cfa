import type { PlayerView } from '@tablecast/contracts'
import { CloudOff } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import type { Where } from '../use-operate.ts'
import { turnActions } from './turn-actions.ts'
import { useOwnOperations } from './use-own-operations.ts'

type Props = { view: PlayerView; myId: string; where: Where }

/** The buttons of a player's turn, in the line whose height never changes. */
export function TurnButtons({ view, myId, where }: Props) {
  const [isBusy, setIsBusy] = useState(false)
  const { operate, isWaiting, problem } = useOwnOperations(where)
  return (
    <div className="flex shrink-0 items-center gap-1.5 px-1.5">
      {problem && (
        <p
          role="alert"
          className="bg-raised text-bad border-bad absolute top-full right-2 z-20 max-md:top-auto max-md:bottom-full max-w-72 rounded-lg border p-2 text-sm"
        >
          {problem}
        </p>
      )}
      {turnActions(view, myId).map(({ label, operation }) => (
        <Button
          key={label}
          disabled={isBusy || isWaiting(operation)}
          className="!px-3 text-sm md:!min-h-8"
          onClick={() => {
            setIsBusy(true)
            void operate(label, operation).finally(() => setIsBusy(false))
          }}
        >
          {isWaiting(operation) && <CloudOff size={14} aria-label="Waits for the connection:" />} {label}
        </Button>
      ))}
    </div>
  )
}
