import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef } from 'react'
import { api, messageOf, newKey } from '../../../api.ts'
import { queries, queryClient } from '../../../queries.tsx'
import { Button } from '../../../ui/button.tsx'
import { Problem } from '../../../ui/field.tsx'
import { textOf } from '../../../ui/form.ts'

/** Creates a campaign and opens it. Nothing is open before, so there is nothing to confirm. */
export function FirstCampaign({ roomId }: { roomId: string }) {
  // Kept over a retry, so that an answer that was lost on the way makes no second campaign.
  const keys = useRef({ name: '', create: newKey(), open: newKey() })
  const start = useMutation({
    async mutationFn(name: string) {
      if (keys.current.name !== name) keys.current = { name, create: newKey(), open: newKey() }
      const { create, open } = keys.current
      const { id: campaignId } = await api.campaign.create.mutate({ roomId, key: create, name })
      await api.campaign.activate.mutate({ roomId, campaignId, key: open })
    },
    onSuccess: () => queryClient.invalidateQueries(queries.campaign.list.queryFilter({ roomId })),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    start.mutate(textOf(new FormData(event.currentTarget), 'name'))
  }
  return (
    <>
      <p className="text-soft mt-3 text-balance">Start one here. Your players wait on their page and see it at once.</p>
      <form className="mt-4 flex flex-wrap gap-2" onSubmit={submit}>
        <input
          name="name"
          aria-label="Name of the campaign"
          required
          maxLength={60}
          placeholder="The Sunken Bell"
          className="input !w-auto min-w-0 grow basis-48"
        />
        <Button look="primary" type="submit" disabled={start.isPending} className="grow sm:grow-0">
          Create and open
        </Button>
      </form>
      <Problem text={start.error ? messageOf(start.error) : null} />
      <p className="text-soft mt-4 text-sm text-balance">
        “Campaigns” above opens an earlier one, and imports a campaign or an adventure from a file.
      </p>
    </>
  )
}
