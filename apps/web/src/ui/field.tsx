import { type ComponentProps, useId } from 'react'

export function Field({
  label,
  hint,
  className = '',
  ...rest
}: ComponentProps<'input'> & { label: string; hint?: string }) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="text-soft mb-1 block text-sm">
        {label}
      </label>
      <input id={id} className="input" {...rest} aria-describedby={hint ? `${id}-hint` : undefined} />
      {hint && (
        <p id={`${id}-hint`} className="text-soft mt-1 text-xs">
          {hint}
        </p>
      )}
    </div>
  )
}

/** Says what went wrong, next to the field or button that the person used. */
export function Problem({ text }: { text: string | null }) {
  return (
    <p role="alert" className="text-bad min-h-0 text-sm whitespace-pre-line empty:hidden">
      {text}
    </p>
  )
}
