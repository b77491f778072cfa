import { useCallback, useEffect, useState } from 'react'
import { api, messageOf } from '../../../api.ts'
import { checkDice, type DiceReport } from './check-chains.ts'

/** Rolls of one answer. */
const PAGE = 200

type State = { report: DiceReport | null; looked: number; problem: string | null }
const begun: State = { report: null, looked: 0, problem: null }

/** Runs a check at once, and another one for each call of `again`. `looked`: rolls so far. */
export function useDiceCheck(roomId: string, campaignId: string): State & { again: () => void } {
  const [state, setState] = useState(begun)
  const [round, setRound] = useState(0)
  useEffect(() => {
    let isOver = false
    const change = (next: Partial<State>) => {
      if (!isOver) setState((now) => ({ ...now, ...next }))
    }
    const where = { roomId, campaignId }
    checkDice(
      {
        chains: (before) => api.dice.chains.query({ ...where, before }),
        rolls: (chainId, from) => api.dice.rolls.query({ ...where, chainId, from, limit: PAGE }),
      },
      (looked) => change({ looked }),
    ).then(
      (report) => change({ report }),
      (error: unknown) => change({ problem: messageOf(error) }),
    )
    return () => {
      isOver = true
    }
  }, [roomId, campaignId, round])
  const again = useCallback(() => {
    setState(begun)
    setRound((now) => now + 1)
  }, [])
  return { ...state, again }
}
