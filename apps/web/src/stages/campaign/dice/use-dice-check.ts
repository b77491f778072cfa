import { useCallback, useEffect, useState } from 'react'
import { api, messageOf, refusalOf } from '../../../api.ts'
import { checkDice, type DiceReport } from './check-chains.ts'

export type CheckDiceProps = { roomId: string; campaignId: string; isDm: boolean }

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
        chains: (before) => patiently(() => api.dice.chains.query({ ...where, before })),
        rolls: (chainId, from) => patiently(() => api.dice.rolls.query({ ...where, chainId, from, limit: PAGE })),
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

const PAUSE_MS = 1_000
const TRIES = 10

/** A long campaign has more pages than the server answers in a second. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call()
    } catch (error) {
      if (tries === TRIES || refusalOf(error)?.code !== 'RATE_LIMITED') throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
}
