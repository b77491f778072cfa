import { useState } from 'react'
import { messageOf } from '../../../../api.ts'
import { addCall } from '../../../../live/add-call.ts'
import type { AskedOperation } from '../../../../live/outbox-calls.ts'
import { useOutbox } from '../../../../live/outbox-state.ts'
import type { Where } from '../use-operate.ts'
import { isRepeated } from './own-operations.ts'

/** A player's own operations. They go through the outbox, in one order with the player's messages. */
export function useOwnOperations({ campaignId }: Where) {
  const [problem, setProblem] = useState<string | null>(null)
  const waiting = useOutbox((state) => state.waiting)
    .map(({ call }) => call)
    .filter((call) => call.do === 'operate')
    .filter((call) => call.campaignId === campaignId)

  /** `what` names the operation for people. False if it was refused; `problem` says why. */
  const operate = async (what: string, operation: AskedOperation): Promise<boolean> => {
    setProblem(null)
    const outcome = await addCall({ do: 'operate', campaignId, what, operation })
    if (outcome.kind === 'refused') setProblem(messageOf(outcome.error))
    return outcome.kind !== 'refused'
  }
  const isWaiting = (operation: AskedOperation) => waiting.some((call) => isRepeated(operation, call.operation))
  return { operate, isWaiting, problem }
}
