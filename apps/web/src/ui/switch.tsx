type Props = {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  hideLabel?: boolean
  /** Makes it a command of the page, in this group. */
  command?: string
}

/** The browser's own checkbox, drawn as a switch. */
export function Switch({ label, checked, onChange, disabled = false, hideLabel = false, command }: Props) {
  return (
    <label className="inline-flex min-h-11 cursor-pointer items-center gap-2 text-sm">
      <input
        type="checkbox"
        role="switch"
        data-command={command}
        aria-label={label}
        checked={checked}
        aria-checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        className="border-line bg-page checked:bg-accent before:bg-ink checked:before:bg-on-accent flex h-6 w-10 shrink-0 cursor-pointer appearance-none items-center rounded-full border p-0.5 transition before:size-4.5 before:rounded-full before:transition checked:before:translate-x-4"
      />
      {!hideLabel && <span aria-hidden="true">{label}</span>}
    </label>
  )
}
