import { Dialog } from '../ui/dialog.tsx'
import { keyInWords } from './command-of-key.ts'
import type { Command } from './commands.ts'

type Props = { isOpen: boolean; commands: readonly Command[]; close: () => void }

/** Keys that the browser and the parts of a page give. */
const others = [
  ['Tab', 'To the next part'],
  ['↑ ↓ ← →', 'Within a list, tabs or a toolbar'],
  ['Enter', 'Press, or send the message'],
  ['Esc', 'Close'],
] as const

/** The keys of this page. */
export function KeyList({ isOpen, commands, close }: Props) {
  const keyed = commands.flatMap(({ key, shownKey = key, label }) =>
    shownKey === undefined ? [] : [[keyInWords(shownKey), label] as const],
  )
  return (
    <Dialog title="Keys" open={isOpen} onOpenChange={close}>
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-5 gap-y-2">
        {[...keyed, ...others].map(([key, label]) => (
          <div key={label} className="contents">
            <dt>
              <kbd className="border-line bg-raised rounded-md border px-2 py-0.5 font-sans text-sm whitespace-nowrap">
                {key}
              </kbd>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
      <p className="text-soft mt-4 text-sm">None of them acts while you type.</p>
    </Dialog>
  )
}
