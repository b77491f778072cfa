import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { api, asSomebody, messageOf, newKey } from '../../../api.ts'
import { queries } from '../../../queries.tsx'
import { useSession } from '../../../auth/use-session.ts'
import { Button } from '../../../ui/button.tsx'
import { Problem } from '../../../ui/field.tsx'
import { pathOf } from './room-path.ts'

/** The sample table in mid-play, one click away. Only on a server that has one. */
export function SampleTable() {
  const [, navigate] = useLocation()
  const { data } = useQuery(queries.auth.config.queryOptions())
  const session = useSession()
  const enter = useMutation({
    mutationFn: ({ code, name }: { code: string; name: string }) =>
      asSomebody(name, () => api.rooms.join.mutate({ key: newKey(), code })),
    onSuccess: (room) => navigate(pathOf(room)),
  })
  const sample = data?.sample
  // Without guests, a person signs in first.
  if (!sample || (!data.guests && !session)) return null
  return (
    <section aria-label="Sample table" className="panel bg-raised mt-8 flex flex-wrap items-center gap-4">
      <div className="min-w-60 grow basis-80">
        <h2 className="text-lg font-semibold">See it live in ten seconds</h2>
        <p className="text-soft text-sm">
          The sample table is in mid-play. Open it as the DM here, and as a player in a private window or on another
          device.
        </p>
        <Problem text={enter.error ? messageOf(enter.error) : null} />
      </div>
      {/* Columns of a fixed width: the buttons stay where they are when another font comes. */}
      <div className="grid w-full gap-3 sm:w-auto sm:grid-cols-[15rem_15rem]">
        <Button
          look="primary"
          disabled={enter.isPending}
          onClick={() => enter.mutate({ code: sample.ownerCode ?? sample.dmCode, name: 'The DM' })}
        >
          Open the sample as DM
        </Button>
        <Button disabled={enter.isPending} onClick={() => enter.mutate({ code: sample.playerCode, name: 'A player' })}>
          Open the sample as player
        </Button>
      </div>
    </section>
  )
}
