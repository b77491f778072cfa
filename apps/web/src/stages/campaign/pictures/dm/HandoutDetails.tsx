import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import { Button, IconButton } from '../../../../ui/button.tsx'
import type { HandoutRowProps } from './handout-row-props.ts'
import { SavedField } from './SavedField.tsx'
import { useActOnPictures } from './use-act-on-pictures.ts'
import { useEditText } from './use-edit-text.ts'

/** The words of a handout, its place in the tray, and its end. */
export function HandoutDetails({ handout, index, last, where, takesFocus, onMove }: HandoutRowProps) {
  const { id, title, text, alt, pictureId } = handout
  const { actWithUndo } = useActOnPictures(where)
  const editText = useEditText(where)
  const saveOf = (field: 'title' | 'text' | 'alt', what: string) => (next: string, before: string) =>
    editText({
      what,
      was: before,
      is: next,
      operation: (is, was) => ({ type: 'editHandout', id, [field]: is, was: { [field]: was } }),
    })
  return (
    <div className="mt-3 flex flex-col gap-3 px-1 pb-1">
      <SavedField
        label="Title"
        value={title}
        maxLength={120}
        isRequired
        startsSelected={takesFocus}
        save={saveOf('title', `The title of ${title}`)}
      />
      {pictureId !== null && (
        <SavedField
          label="What the picture shows"
          hint="It is read aloud to players who can’t see the picture. The narrator knows the picture by these words."
          value={alt}
          maxLength={300}
          save={saveOf('alt', `What ${title} shows`)}
        />
      )}
      <SavedField
        label={pictureId === null ? 'Text' : 'Text below the picture'}
        value={text}
        rows={pictureId === null ? 8 : 2}
        maxLength={4_000}
        save={saveOf('text', `The text of ${title}`)}
      />
      <div className="flex items-center gap-2">
        <IconButton label={`Move ${title} up`} disabled={index === 0} onClick={() => onMove(index, index - 1)}>
          <ArrowUp size={16} />
        </IconButton>
        <IconButton label={`Move ${title} down`} disabled={index === last} onClick={() => onMove(index, index + 1)}>
          <ArrowDown size={16} />
        </IconButton>
        <span className="grow" />
        <Button look="danger" onClick={() => actWithUndo({ type: 'removeHandout', id }, `“${title}” is deleted`)}>
          <Trash2 size={16} aria-hidden="true" /> Delete
        </Button>
      </div>
    </div>
  )
}
