import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, messageOf, newKey, asSomebody } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Problem } from '../../ui/field.tsx'
import { textOf } from '../../ui/form.ts'

export function OpenDiscussion({ onOpened }: { onOpened: (id: string) => void }) {
  const [isOpen, setIsOpen] = useState(false)
  const [key, setKey] = useState(newKey)
  const open = useMutation({
    mutationFn: (title: string) => asSomebody('Guest', () => api.market.openDiscussion.mutate({ key, title })),
    onSuccess({ id }) {
      setKey(newKey())
      setIsOpen(false)
      onOpened(id)
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const title = textOf(new FormData(event.currentTarget), 'title')
    if (title) open.mutate(title)
  }
  return (
    <Dialog title="A new discussion" open={isOpen} onOpenChange={setIsOpen} trigger={<Button>New</Button>}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Field label="What it is about" name="title" required maxLength={120} />
        <Problem text={open.error ? messageOf(open.error) : null} />
        <Button look="primary" type="submit" disabled={open.isPending}>
          Open the discussion
        </Button>
      </form>
    </Dialog>
  )
}
