import { Pencil } from 'lucide-react'
import { useId } from 'react'
import { NameForm } from './NameForm.tsx'

/** A person's own name. A click on it lets them take another. */
export function YourName({ name, look = '' }: { name: string; look?: string }) {
  const id = useId()
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-label={`Your name: ${name}`}
        title="Change your name"
        className={`text-soft hover:text-ink flex min-h-11 min-w-0 items-center gap-1.5 text-sm ${look}`}
      >
        <span dir="auto" className="max-w-40 truncate">
          {name}
        </span>
        <Pencil size={14} aria-hidden="true" className="shrink-0" />
      </button>
      <div
        id={id}
        popover="auto"
        className="under-button border-line bg-raised text-ink w-[min(92vw,22rem)] rounded-xl border p-4 shadow-xl"
      >
        <NameForm key={name} name={name} />
      </div>
    </>
  )
}
