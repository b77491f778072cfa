import { Upload } from 'lucide-react'
import { type DragEvent, type FormEvent, useRef, useState } from 'react'
import { Button } from '../../../../ui/button.tsx'
import { textOf } from '../../../../ui/form.ts'

type Props = { onFiles: (files: File[]) => void; onText: (text: string) => void }

/** Takes files that are dropped or chosen, and text that is pasted. */
export function FileIntake({ onFiles, onText }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  // The console takes pictures that are dropped anywhere else.
  const over = (event: DragEvent) => {
    event.preventDefault()
    event.stopPropagation()
    setIsOver(true)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    event.stopPropagation()
    setIsOver(false)
    onFiles([...event.dataTransfer.files])
  }
  const paste = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = textOf(new FormData(event.currentTarget), 'text')
    if (text.trim() !== '') onText(text)
  }
  return (
    <>
      <p className="text-soft mb-3 text-sm">
        Creatures of Improved Initiative, Open5e, 5e-database and Foundry VTT, notes of Obsidian with stat blocks or
        encounters, and characters of D&D Beyond. Several files at once, or a vault as a ZIP file, work too.
      </p>
      <div
        data-testid="drop-creatures"
        onDragEnter={over}
        onDragOver={over}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={`rounded-xl border border-dashed p-5 text-center ${isOver ? 'border-accent bg-raised' : 'border-line'}`}
      >
        <input
          ref={input}
          type="file"
          multiple
          aria-label="Files with creatures"
          className="hidden"
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])])
            // Lets the DM choose the same file again.
            event.target.value = ''
          }}
        />
        <Button look="primary" onClick={() => input.current?.click()}>
          <Upload size={16} aria-hidden="true" /> Choose files
        </Button>
        <p className="text-soft mt-2 text-sm">or drop them here</p>
      </div>
      <form className="mt-4" onSubmit={paste}>
        <label className="text-soft mb-1 block text-sm" htmlFor="pasted-creatures">
          Or paste the text of a file
        </label>
        <textarea id="pasted-creatures" name="text" rows={4} className="input font-mono text-xs" spellCheck={false} />
        <Button type="submit" className="mt-2">
          Read the text
        </Button>
      </form>
    </>
  )
}
