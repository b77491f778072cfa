import { useEffect } from 'react'
import { loadCheckDice } from '../dice/CheckDiceButton.tsx'
import { loadDice } from '../DiceButton.tsx'
import { loadRecap } from '../RecapButton.tsx'

/** Loads the dialogs when the first input shows that a person is there, so that they also open when the network is gone. */
export function useDialogsAtHand(): void {
  useEffect(() => {
    const inputs = new AbortController()
    const load = () => {
      inputs.abort()
      // A dialog that fails to load now is loaded again when it is opened.
      void Promise.allSettled([loadDice(), loadRecap(), loadCheckDice()])
    }
    for (const input of ['pointermove', 'pointerdown', 'keydown'])
      addEventListener(input, load, { signal: inputs.signal })
    return () => inputs.abort()
  }, [])
}
