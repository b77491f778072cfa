// The commands of a page: the palette lists them, and keys run some. A part of the page adds its own in one of two ways. A button or
// switch has `data-command` with the group’s name. For what has no button in view, the part calls `useCommands` while it is shown.
import { isBehindMore } from '../ui/behind-more.ts'
import { useEffect, useRef } from 'react'
import { create } from 'zustand'

export type Command = {
  /** No other command’s. */
  id: string
  /** The action as a person says it: “Next turn”. */
  label: string
  /** The heading in the palette. */
  group: string
  /** More words by which the palette finds it. */
  words?: string | undefined
  /** A key that runs it while nobody types, as tinykeys writes it: `n`, `$mod+k`. */
  key?: string | undefined
  /** A key for which its part listens itself. The palette and the list of keys show it. */
  shownKey?: string | undefined
  run: () => void
}

type Part = () => readonly Command[]

const useParts = create<{ parts: readonly Part[] }>(() => ({ parts: [] }))

/** Adds the commands of the calling part while it is shown. `commandsOf` is called whenever somebody looks for a command. */
export function useCommands(commandsOf: Part): void {
  const newest = useRef(commandsOf)
  useEffect(() => {
    newest.current = commandsOf
  })
  useEffect(() => {
    const part = () => newest.current()
    useParts.setState(({ parts }) => ({ parts: [...parts, part] }))
    return () => useParts.setState(({ parts }) => ({ parts: parts.filter((one) => one !== part) }))
  }, [])
}

/** Every command that a person could run now: those of buttons in the order of the page, then the others. */
export const commandsNow = (): Command[] => [
  ...Array.from(document.querySelectorAll<HTMLElement>('[data-command]'))
    .filter((element) => (element.checkVisibility() || isBehindMore(element)) && !element.matches(':disabled'))
    .map(commandOf),
  ...useParts.getState().parts.flatMap((commandsOf) => commandsOf()),
]

function commandOf(element: HTMLElement, place: number): Command {
  const { command: group = '', words, shownKey, label } = element.dataset
  return {
    id: `button ${place}`,
    label: label ?? element.ariaLabel ?? element.textContent.trim(),
    group,
    words,
    shownKey,
    // Focus comes back to the button from a dialog that it opens.
    run: () => {
      element.focus()
      element.click()
    },
  }
}
