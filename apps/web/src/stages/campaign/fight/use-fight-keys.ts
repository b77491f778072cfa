import type { CampaignState } from '@tablecast/contracts'
import { useEffect } from 'react'
import { flushSync } from 'react-dom'
import { type Command, useCommands } from '../../../keys/commands.ts'
import { isTyping } from '../../../keys/is-typing.ts'
import { turnOperations } from './turn-operations.ts'
import type { Operate } from './use-operate.ts'

type Keys = {
  state: CampaignState
  operate: Operate
  chosen: ReadonlySet<string>
  open: (id: string | null) => void
}

/** The keys and the palette's commands of a fight. A digit goes to the damage box of the chosen rows, of the focused row, or of the acting one. */
export function useFightKeys({ state, operate, chosen, open }: Keys): void {
  const { turn, characters } = state
  const { next, back } = turnOperations(turn)
  const box = () => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-fighter]')?.dataset['fighter']
    const of = chosen.size > 0 ? 'many' : (focused ?? turn.current ?? turn.order[0])
    return document.querySelector<HTMLInputElement>(`[data-damage="${of}"]`)
  }
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey } = event
      if (!/^\d$/.test(key) || ctrlKey || metaKey || altKey || event.defaultPrevented || isTyping(event)) return
      // The browser types the digit into the box that has the focus now.
      box()?.focus()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  })
  useCommands((): Command[] => {
    const inFight = { group: 'Fight', words: 'fight combat turn' }
    return [
      { ...inFight, id: 'fight.next', label: 'Next turn', key: 'n', run: () => void operate(next) },
      ...(turn.current === null
        ? []
        : [
            { ...inFight, id: 'fight.back', label: 'Back to the turn before', key: 'b', run: () => void operate(back) },
          ]),
      { ...inFight, id: 'fight.damage', label: 'Type damage', shownKey: '0–9', run: () => box()?.focus() },
      ...characters
        .filter(({ id }) => turn.order.includes(id))
        .map(({ id, name }) => ({
          id: `fight.fighter.${id}`,
          label: `Act on ${name}`,
          group: 'Fighters',
          words: 'creature damage condition row',
          run: () => {
            flushSync(() => open(id))
            const row = document.querySelector<HTMLElement>(`[data-fighter="${id}"]`)
            row?.scrollIntoView({ block: 'nearest' })
            row?.querySelector<HTMLInputElement>('[data-damage]')?.focus()
          },
        })),
    ]
  })
}
