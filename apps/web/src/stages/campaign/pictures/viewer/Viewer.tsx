import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { IconButton } from '../../../../ui/button.tsx'
import { Markdown } from '../../../../ui/markdown.tsx'
import type { ShownHandout } from '@tablecast/contracts'
import { useBackCloses } from './use-back-closes.ts'
import { ZoomedPicture } from './ZoomedPicture.tsx'

type Props = { handout: ShownHandout; onClose: () => void }

/** A handout on the whole screen. Escape, the button and the back gesture lead back. */
export function Viewer({ handout, onClose }: Props) {
  useBackCloses(onClose)
  const { title, text, alt, picture } = handout
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Popup data-testid="viewer" className="bg-page text-ink fixed inset-0 z-50 flex flex-col outline-none">
          <header className="flex h-14 shrink-0 items-center gap-2 pr-2 pl-4">
            <Dialog.Title dir="auto" className="min-w-0 grow truncate text-lg">
              {title}
            </Dialog.Title>
            <Dialog.Close
              render={
                <IconButton label="Close">
                  <X size={20} />
                </IconButton>
              }
            />
          </header>
          {picture && <ZoomedPicture key={picture.name} picture={picture} alt={alt || title} />}
          {text !== '' && (
            // A long text scrolls, also by the arrow keys.
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            <div
              tabIndex={0}
              role="region"
              aria-label="Text"
              className={`overflow-y-auto px-4 pb-6 ${picture ? 'max-h-[35dvh] shrink-0 pt-3' : 'grow'}`}
            >
              <div dir="auto" className="prose-page mx-auto max-w-[42rem]">
                <Markdown text={text} />
              </div>
            </div>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
