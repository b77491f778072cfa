import { type LibraryItem, startOf } from '@tablecast/contracts'
import type { FormEvent } from 'react'
import { api, newKey } from '../../../../api.ts'
import { Button } from '../../../../ui/button.tsx'
import { Field } from '../../../../ui/field.tsx'
import { textOf } from '../../../../ui/form.ts'

type Props = {
  roomId: string
  campaign: LibraryItem
  act: (work: () => Promise<unknown>) => void
  onDone: () => void
}

const MAX_NAME = 60
const SUFFIX = ' (copy)'

/** The same state and pages under another name; with the story, or without it, for another group. */
export function DuplicateForm({ roomId, campaign: { id, name, entries }, act, onDone }: Props) {
  const duplicate = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const asked = { name: textOf(form, 'name'), withStory: form.get('story') === 'on' }
    act(() => api.campaign.duplicate.mutate({ roomId, campaignId: id, key: newKey(), ...asked }))
    onDone()
  }
  return (
    <form className="border-line mt-2 flex flex-col gap-2 rounded-lg border p-3" onSubmit={duplicate}>
      <Field
        label="Name of the copy"
        name="name"
        required
        maxLength={MAX_NAME}
        defaultValue={startOf(name, MAX_NAME - SUFFIX.length) + SUFFIX}
      />
      <label className="flex min-h-11 items-center gap-2 text-sm">
        <input type="checkbox" name="story" defaultChecked className="size-5" />
        With the story so far ({entries.toLocaleString('en')} {entries === 1 ? 'entry' : 'entries'})
      </label>
      <Button look="primary" type="submit" className="self-end">
        Make the copy
      </Button>
    </form>
  )
}
