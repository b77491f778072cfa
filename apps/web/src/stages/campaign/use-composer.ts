import { useEffect, useRef, useState } from 'react'
import { api, messageOf, newKey, refusalOf } from '../../api.ts'
import { storage } from '../../storage.ts'

/** The audience of a message: the table, the DMs, or one member. */
export type Whom = 'all' | 'dm' | { userId: string }

/**
 * The text that a person types and sends. It survives every update and a reload. A retry of the same text carries the same key, so that
 * nothing is said twice however often the network drops the answer.
 */
export function useComposer(roomId: string, place: 'player' | 'dm') {
  const storageKey = `tablecast.draft.${place}.${roomId}`
  const [text, setText] = useState(() => storage.read(storageKey) ?? '')
  const [problem, setProblem] = useState<string | null>(null)
  const [answer, setAnswer] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)
  const pending = useRef<{ text: string; to: Whom; key: string }>(null)

  useEffect(() => {
    storage.write(storageKey, text || null)
  }, [storageKey, text])

  async function send(message = text.trim(), to: Whom = 'all'): Promise<boolean> {
    if (message === '' || isSending) return false
    const isSame = pending.current?.text === message && pending.current.to === to
    const attempt = isSame && pending.current ? pending.current : { text: message, to, key: newKey() }
    pending.current = attempt
    setIsSending(true)
    setProblem(null)
    setAnswer(null)
    try {
      const asked = { roomId, key: attempt.key, message }
      const said = to === 'all' ? (await api.campaign.say.mutate(asked)).message : await whisper(asked, to)
      pending.current = null
      setAnswer(said)
      // Text that was typed meanwhile stays.
      setText((now) => (now.trim() === message ? '' : now))
      return true
    } catch (error) {
      // A refusal is an answer: the same text later is a new message.
      if (refusalOf(error)) pending.current = null
      setProblem(messageOf(error))
      return false
    } finally {
      setIsSending(false)
    }
  }

  const whisper = async (asked: { roomId: string; key: string; message: string }, one: Exclude<Whom, 'all'>) => {
    await api.campaign.whisper.mutate({ ...asked, to: one === 'dm' ? null : one.userId })
    return null
  }
  const change = (next: string) => {
    setText(next)
    setProblem(null)
  }
  return { text, change, send, isSending, problem, answer }
}
