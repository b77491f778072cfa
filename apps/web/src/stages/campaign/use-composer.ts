import { useEffect, useRef, useState } from 'react'
import { api, messageOf, newKey, refusalOf } from '../../api.ts'

/**
 * What is being typed and sent. The text survives every update and a reload; a retry of the same text carries the same key,
 * so that nothing is said twice however often the network drops the answer.
 */
export function useComposer(roomId: string, place: 'player' | 'dm') {
  const storageKey = `tablecast.draft.${place}.${roomId}`
  const [text, setText] = useState(() => localStorage.getItem(storageKey) ?? '')
  const [problem, setProblem] = useState<string | null>(null)
  const [answer, setAnswer] = useState<string | null>(null)
  const [isSending, setIsSending] = useState(false)
  const pending = useRef<{ text: string; key: string }>(null)

  useEffect(() => {
    if (text) localStorage.setItem(storageKey, text)
    else localStorage.removeItem(storageKey)
  }, [storageKey, text])

  async function send(message = text.trim()): Promise<boolean> {
    if (message === '' || isSending) return false
    const attempt = pending.current?.text === message ? pending.current : { text: message, key: newKey() }
    pending.current = attempt
    setIsSending(true)
    setProblem(null)
    setAnswer(null)
    try {
      const said = await api.campaign.say.mutate({ roomId, key: attempt.key, message })
      pending.current = null
      setAnswer(said.message)
      // What was typed meanwhile stays.
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

  const change = (next: string) => {
    setText(next)
    setProblem(null)
  }
  return { text, change, send, isSending, problem, answer }
}
