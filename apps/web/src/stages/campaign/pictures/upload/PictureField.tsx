import { ImagePlus } from 'lucide-react'
import { type ChangeEvent, useRef } from 'react'
import { Button } from '../../../../ui/button.tsx'

/** Without HEIC in this list an iPhone sends a photo as JPEG. */
const KINDS = 'image/jpeg,image/png,image/webp,image/avif,image/gif'

type Props = {
  label: string
  isMultiple?: boolean
  /** By this word a command finds the button. */
  adds?: string
  onChosen: (files: readonly File[]) => void
}

/** A button that lets a person choose pictures of their device. */
export function PictureField({ label, isMultiple = false, adds, onChosen }: Props) {
  const field = useRef<HTMLInputElement>(null)
  const chosen = ({ target }: ChangeEvent<HTMLInputElement>) => {
    onChosen([...(target.files ?? [])])
    // Lets the person choose the same file again.
    target.value = ''
  }
  return (
    <>
      <input
        ref={field}
        type="file"
        accept={KINDS}
        multiple={isMultiple}
        hidden
        aria-label={label}
        data-testid="picture-field"
        onChange={chosen}
      />
      <Button data-adds={adds} onClick={() => field.current?.click()}>
        <ImagePlus size={17} aria-hidden="true" /> {label}
      </Button>
    </>
  )
}
