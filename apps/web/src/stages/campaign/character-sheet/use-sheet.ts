import type { Sheet } from '@tablecast/bestiary/sheet'
import { useEffect, useState } from 'react'
import { create } from 'zustand'
import { api, messageOf } from '../../../api.ts'

export type Where = { roomId: string; campaignId: string }

/** The sheets that this page has read, by character. They stay readable without a connection. */
const useRead = create<Record<string, { hash: string; sheet: Sheet }>>(() => ({}))

/** `hash`: of the sheet as it is now; null for a character without one. The sheet before stays while a newer one loads. */
export function useSheet(
  { roomId, campaignId }: Where,
  id: string,
  hash: string | null,
): { sheet: Sheet | null; isNewest: boolean; problem: string | null } {
  const key = `${campaignId} ${id}`
  const read = useRead((all) => all[key])
  const [problem, setProblem] = useState<string | null>(null)
  const isNewest = hash === null || read?.hash === hash
  useEffect(() => {
    if (isNewest) return
    const abort = new AbortController()
    const load = async () => {
      try {
        const answer = await api.sheets.get.query({ roomId, campaignId, id }, { signal: abort.signal })
        setProblem(null)
        if (answer.hash !== null && answer.sheet)
          useRead.setState({ [key]: { hash: answer.hash, sheet: answer.sheet } })
      } catch (error) {
        if (!abort.signal.aborted) setProblem(messageOf(error))
      }
    }
    const again = () => void load()
    again()
    addEventListener('online', again)
    return () => {
      abort.abort()
      removeEventListener('online', again)
    }
  }, [roomId, campaignId, id, key, hash, isNewest])
  return { sheet: hash === null ? null : (read?.sheet ?? null), isNewest, problem: isNewest ? null : problem }
}
