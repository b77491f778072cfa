import { Switch as Base } from '@base-ui/react/switch'

type Props = {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
  disabled?: boolean
  hideLabel?: boolean
}

export function Switch({ label, checked, onChange, disabled = false, hideLabel = false }: Props) {
  return (
    <label className="inline-flex min-h-11 cursor-pointer items-center gap-2 text-sm">
      <Base.Root
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-label={label}
        className="border-line bg-page data-[checked]:bg-accent flex h-6 w-10 shrink-0 items-center rounded-full border p-0.5 transition"
      >
        <Base.Thumb className="bg-ink data-[checked]:bg-on-accent size-4.5 rounded-full transition data-[checked]:translate-x-4" />
      </Base.Root>
      {!hideLabel && <span aria-hidden="true">{label}</span>}
    </label>
  )
}
