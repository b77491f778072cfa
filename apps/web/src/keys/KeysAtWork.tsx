import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { focusOn, places } from '../ui/skip-places.ts'
import { usePart } from '../ui/use-part.tsx'
import { commandOfKey } from './command-of-key.ts'
import { type Command, commandsNow, useCommands } from './commands.ts'

const loadPalette = async () => (await import('./Palette.tsx')).Palette
const loadKeyList = async () => (await import('./KeyList.tsx')).KeyList

const pages = [
  ['/', 'Start page', 'home tables'],
  ['/arena', 'Arena', 'agents fake news game'],
  ['/topics', 'Topics', 'publish subscribe'],
  ['/market', 'Market', 'agents sectors trade'],
  ['/signals', 'Signals', 'feeds'],
] as const

const message = () => places().find(({ dataset }) => dataset['skip'] === 'Message')

/** `commands`: as they were when it opened, and the element that had the focus then. */
type Shown = { kind: 'palette' | 'keys' | null; commands: readonly Command[]; from: Element | null }
const nothing: Shown = { kind: null, commands: [], from: null }

/** Listens for the keys of all commands, and opens the palette and the list of keys. `first` is a key that was pressed before. */
export function KeysAtWork({ first }: { first: KeyboardEvent | null }) {
  const [, navigate] = useLocation()
  const palette = usePart(loadPalette)
  const keyList = usePart(loadKeyList)
  const [shown, setShown] = useState<Shown>(nothing)
  const open = (kind: 'palette' | 'keys') => {
    const part = kind === 'palette' ? palette : keyList
    if (!part.Part) part.want()
    setShown({ kind, commands: commandsNow(), from: document.activeElement })
  }
  const close = () => setShown((before) => ({ ...before, kind: null }))
  useCommands(() => {
    const box = message()
    const write = { id: 'message', label: 'Write a message', group: 'This page', words: 'say act chat', key: '/' }
    return [
      ...(box ? [{ ...write, run: () => focusOn(box) }] : []),
      ...pages.map(([path, label, words]) => ({
        id: `page ${path}`,
        label,
        group: 'Go to',
        words,
        run: () => navigate(path),
      })),
      {
        id: 'palette',
        label: 'Find a command',
        group: 'Keys',
        words: 'palette',
        key: '$mod+k',
        run: () => open('palette'),
      },
      { id: 'keys', label: 'List the keys', group: 'Keys', words: 'help shortcuts', key: '?', run: () => open('keys') },
    ]
  })
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const command = commandOfKey(event, commandsNow())
      if (!command) return
      event.preventDefault()
      command.run()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [])
  useEffect(() => {
    // The loader has called `preventDefault` for it.
    if (first) commandOfKey(new KeyboardEvent('keydown', first), commandsNow())?.run()
  }, [first])
  return (
    <>
      {palette.Part && <palette.Part {...shown} isOpen={shown.kind === 'palette'} close={close} />}
      {keyList.Part && <keyList.Part {...shown} isOpen={shown.kind === 'keys'} close={close} />}
      {palette.problem || keyList.problem}
    </>
  )
}
