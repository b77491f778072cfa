import { useEffect, useState } from 'react'
import { messageOf } from '../../api.ts'
import { openedOutbox } from '../../live/outbox-state.ts'
import { storage } from '../../storage.ts'

/** The audience of a message: the table, the DMs, or one member. */
export type Whom = 'all' | 'dm' | { userId: string }

/**
 * The text that a person types and sends. It survives every update and a reload. Without a connection the message goes to the outbox,
 * which sends it later.
 */
export function useComposer(roomId: string, place: 'player' | 'dm') {
  const storageKey = `tablecast.draft.${place}.${roomId}`
  const [text, setText] = useState(() => storage.read(storageKey) ?? '')
  const [problem, setProblem] = useState<string | null>(null)
  const [answer, setAnswer] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)

  useEffect(() => {
    storage.write(storageKey, text || null)
  }, [storageKey, text])

  /** True when the message was sent, or waits in the outbox. */
  async function send(message = text.trim(), to: Whom = 'all'): Promise<boolean> {
    if (message === '' || isSending) return false
    setIsSending(true)
    setProblem(null)
    setAnswer(null)
    // Text that was typed meanwhile stays.
    const taken = () => setText((now) => (now.trim() === message ? '' : now))
    const call = to === 'all' ? { do: 'say' as const, message } : { do: 'whisper' as const, message, to: memberOf(to) }
    const sent = async (onWaiting: () => void): Promise<boolean> => {
      const box = await openedOutbox()
      const outcome = await box.add(call, onWaiting)
      if (outcome.kind === 'sent') {
        setAnswer(outcome.answer.message ?? null)
        taken()
      }
      // The outbox itself shows an item that had to wait.
      if (outcome.kind === 'refused' && !outcome.isLate) setProblem(messageOf(outcome.error))
      return outcome.kind === 'sent'
    }
    const isTaken = await new Promise<boolean>((resolve, reject) => {
      const waits = () => {
        taken()
        resolve(true)
      }
      sent(waits).then(resolve, reject)
    })
    setIsSending(false)
    return isTaken
  }

  const change = (next: string) => {
    setText(next)
    setProblem(null)
  }
  /** Puts a message back that was not sent, after the text that stands there by now. */
  const takeBack = (message: string) => setText((now) => (now.trim() === '' ? message : `${now}\n${message}`))
  return { text, change, send, takeBack, isSending, problem, answer }
}

const memberOf = (to: Exclude<Whom, 'all'>): string | null => (to === 'dm' ? null : to.userId)
