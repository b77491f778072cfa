import { matchKeybindingPress, parseKeybinding } from 'tinykeys'
import type { Command } from './commands.ts'
import { isTyping } from './is-typing.ts'

/** The command that this key runs; undefined while a person types, and for a key that is held down. */
export function commandOfKey<One extends Pick<Command, 'key'>>(
  event: KeyboardEvent,
  commands: readonly One[],
): One | undefined {
  if (event.defaultPrevented || event.repeat || isTyping(event)) return undefined
  return commands.find(({ key }) => {
    // `/` and `?` are typed with Shift on some keyboards.
    const [press] = key ? parseKeybinding(key.length === 1 ? `[Shift]+${key}` : key) : []
    return press !== undefined && matchKeybindingPress(event, press)
  })
}

const isMac = () => /Mac|iPod|iPhone|iPad/.test(navigator.platform)

/** A key as a person reads it: `$mod+k` is Ctrl+K, on a Mac ⌘K. */
export const keyInWords = (key: string): string =>
  key.replace('$mod+', isMac() ? '⌘' : 'Ctrl+').replace(/(?<=[+⌘]).$/, (letter) => letter.toUpperCase())
