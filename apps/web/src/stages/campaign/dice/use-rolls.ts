import { useState } from 'react'
import { messageOf } from '../../../api.ts'
import { addCall } from '../../../live/add-call.ts'
import { type AskedRoll, rollMessage } from './roll-message.ts'

/** `whispers`: a roll that is not secret goes to the DM as a whisper. */
export function useRolls({ whispers = false }: { whispers?: boolean } = {}) {
  const [problem, setProblem] = useState<string | null>(null)
  /** Words for this person alone, such as that a secret roll was made. */
  const [answer, setAnswer] = useState<string | null>(null)

  /** Rolls through the outbox, in one order with the messages. */
  const roll = async (asked: AskedRoll): Promise<void> => {
    setProblem(null)
    setAnswer(null)
    const message = rollMessage(asked)
    const outcome = await addCall(
      whispers && !asked.isSecret ? { do: 'whisper', message, to: null } : { do: 'say', message },
    )
    if (outcome.kind === 'refused') setProblem(messageOf(outcome.error))
    if (outcome.kind === 'sent') setAnswer(outcome.answer.message ?? null)
    if (outcome.kind === 'waits') setAnswer('The roll waits for the connection.')
  }
  return { roll, problem, answer }
}
