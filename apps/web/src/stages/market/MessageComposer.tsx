import { useMutation } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { api, messageOf, newKey, asSomebody } from '../../api.ts'
import { useSession } from '../../auth/use-session.ts'
import { IconButton } from '../../ui/button.tsx'
import { Field, Problem } from '../../ui/field.tsx'
import { textOf } from '../../ui/form.ts'

const MAX_CONTENT = 4_000

/** The words stay until the server has them. A retry is the same message. */
export function MessageComposer({ discussionId }: { discussionId: string }) {
  const id = useId()
  const [draft, setDraft] = useState('')
  const [key, setKey] = useState(newKey)
  const isKnown = useSession() !== null
  const post = useMutation({
    mutationFn: ({ content, name }: { content: string; name: string }) =>
      asSomebody(name || 'Guest', () => api.market.post.mutate({ key, discussionId, content })),
    onSuccess: () => {
      setDraft('')
      setKey(newKey())
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const content = draft.trim()
    if (content) post.mutate({ content, name: textOf(new FormData(event.currentTarget), 'name') })
  }
  return (
    <form onSubmit={submit} aria-label="Say something" className="flex flex-col gap-2">
      {!isKnown && <Field label="Your name" name="name" maxLength={60} autoComplete="nickname" placeholder="Guest" />}
      <Problem text={post.error ? messageOf(post.error) : null} />
      <div className="flex items-end gap-2">
        <div className="min-w-0 grow">
          <label htmlFor={id} className="text-soft mb-1 block text-sm">
            Your message
          </label>
          <textarea
            id={id}
            rows={2}
            maxLength={MAX_CONTENT}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
              event.preventDefault()
              event.currentTarget.form?.requestSubmit()
            }}
            className="input resize-none"
          />
        </div>
        <IconButton label="Send" look="primary" type="submit" disabled={post.isPending || draft.trim() === ''}>
          <Send size={18} />
        </IconButton>
      </div>
    </form>
  )
}
