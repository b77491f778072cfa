import { Upload } from 'lucide-react'
import { type FormEvent, useId, useRef } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { textOf } from '../../../../ui/form.ts'

/** Takes the text of another program, pasted or from a file. */
export function PasteCharacter({ isBusy, onText }: { isBusy: boolean; onText: (text: string) => void }) {
  const id = useId()
  const file = useRef<HTMLInputElement>(null)
  const paste = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = textOf(new FormData(event.currentTarget), 'text')
    if (text.trim() !== '') onText(text)
  }
  return (
    <form onSubmit={paste} className="flex flex-col gap-2">
      <label htmlFor={id} className="text-soft text-sm">
        Paste the character that D&D Beyond or another program exports as JSON
      </label>
      <textarea id={id} name="text" rows={5} className="input font-mono text-xs" spellCheck={false} required />
      <div className="grid grid-cols-2 gap-2">
        <input
          ref={file}
          type="file"
          aria-label="A file with the character"
          className="hidden"
          onChange={(event) => {
            const chosen = event.target.files?.[0]
            void chosen?.text().then(onText)
            // The same file can be chosen again.
            event.target.value = ''
          }}
        />
        <Button disabled={isBusy} onClick={() => file.current?.click()}>
          <Upload size={16} aria-hidden="true" /> Choose a file
        </Button>
        <Button type="submit" look="primary" disabled={isBusy}>
          Read it
        </Button>
      </div>
    </form>
  )
}
