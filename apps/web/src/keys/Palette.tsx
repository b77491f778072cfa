import { Dialog } from '@base-ui/react/dialog'
import { Command as Menu } from 'cmdk'
import { useRef } from 'react'
import { keyInWords } from './command-of-key.ts'
import type { Command } from './commands.ts'
import { matchCommand } from './match-command.ts'

/** `from` had the focus before. */
type Props = { isOpen: boolean; commands: readonly Command[]; from: Element | null; close: () => void }

/** Finds a command by its words and runs it. */
export function Palette({ isOpen, commands, from, close }: Props) {
  const chosen = useRef<Command>(null)
  const groups = [
    ...Map.groupBy(
      commands.filter(({ id }) => id !== 'palette'),
      ({ group }) => group,
    ),
  ]
  return (
    <Dialog.Root
      open={isOpen}
      onOpenChange={close}
      onOpenChangeComplete={(open) => {
        if (open) return
        if (from instanceof HTMLElement) from.focus()
        // A command may open a dialog of its own, or move the focus. So the palette is closed before it runs.
        chosen.current?.run()
        chosen.current = null
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/60" />
        <Dialog.Popup
          finalFocus={false}
          className="border-line bg-card arrive fixed top-[10dvh] left-1/2 z-50 w-[min(94vw,36rem)] -translate-x-1/2 overflow-hidden rounded-2xl border shadow-2xl"
        >
          <Dialog.Title className="sr-only">Commands</Dialog.Title>
          <Menu
            label="Find a command"
            loop
            filter={(_id, typed, [label = '', words = ''] = []) => matchCommand(typed, label, words)}
          >
            <Menu.Input
              placeholder="Find a command…"
              className="border-line placeholder:text-soft w-full border-b bg-transparent px-4 py-3.5 text-base -outline-offset-2"
            />
            <Menu.List label="Commands" className="max-h-[60dvh] scroll-py-2 overflow-y-auto overscroll-contain p-2">
              <Menu.Empty className="text-soft px-3 py-6 text-center">
                No command has these words. Try “character”, “turn” or “invite”.
              </Menu.Empty>
              {groups.map(([group, ofGroup]) => (
                <Menu.Group
                  key={group}
                  heading={group}
                  className="[&_[cmdk-group-heading]]:text-soft mb-2 [&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-semibold"
                >
                  {ofGroup.map((command) => (
                    <Menu.Item
                      key={command.id}
                      value={command.id}
                      keywords={[command.label, `${command.words ?? ''} ${group}`]}
                      onSelect={() => {
                        chosen.current = command
                        close()
                      }}
                      className="data-[selected=true]:bg-accent data-[selected=true]:text-on-accent flex min-h-11 cursor-pointer items-center justify-between gap-4 rounded-lg px-3"
                    >
                      <span className="min-w-0 [overflow-wrap:anywhere]">{command.label}</span>
                      <KeyOf command={command} />
                    </Menu.Item>
                  ))}
                </Menu.Group>
              ))}
            </Menu.List>
          </Menu>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function KeyOf({ command: { key, shownKey } }: { command: Command }) {
  const shown = key ?? shownKey
  return shown && <kbd className="shrink-0 font-sans text-sm opacity-80">{keyInWords(shown)}</kbd>
}
