import { useId, useState } from 'react'

type Props = {
  label: string
  value: number | null
  onChange: (value: number | null) => void
  /** Shown in an empty field: the number that holds without one. */
  placeholder?: string
  least: number
  most: number
  required?: boolean
}

/** A field for a whole number. Typed text stays as it is; the form refuses text that is no number within the bounds. */
export function NumberInput({ label, value, onChange, placeholder, least, most, required = false }: Props) {
  const id = useId()
  const [text, setText] = useState(value === null ? '' : String(value))
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="text-soft mb-0.5 block truncate text-xs">
        {label}
      </label>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        className="input !px-2 tabular-nums"
        value={text}
        min={least}
        max={most}
        step={1}
        required={required}
        placeholder={placeholder}
        onChange={(event) => {
          setText(event.target.value)
          const typed = event.target.value.trim()
          if (typed === '') onChange(null)
          else if (Number.isInteger(Number(typed))) onChange(Number(typed))
        }}
      />
    </div>
  )
}
