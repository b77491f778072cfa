import { useEffect, useState } from 'react'
import { messageOf } from '../../../../api.ts'
import { useLive } from '../../../../live/live-store.ts'
import { isTrue, lacksWhispers, nothingViewed, type Viewed, withEvent, withWhisper } from './viewed.ts'

export type Viewing = {
  viewed: Viewed
  /** Null unless the server has refused, or the view still differs from the server’s after a snapshot. */
  problem: string | null
}

/** Follows the streams of one player, or with null what all players share, over the DM’s own connection. */
export function useViewed(roomId: string, memberId: string | null): Viewing {
  const client = useLive((state) => state.client)
  const [viewing, setViewing] = useState<Viewing>({ viewed: nothingViewed, problem: null })
  const [snapshots, setSnapshots] = useState(0)

  useEffect(() => {
    if (!client) return
    let viewed = nothingViewed
    let isFirst = true
    const take = (next: Viewed) => {
      viewed = next
      if (!isTrue(next) && isFirst)
        return setViewing({ viewed, problem: 'This view differs from the server’s. Reload the page.' })
      setViewing({ viewed, problem: null })
      if (!isTrue(next) || lacksWhispers(next)) setSnapshots((count) => count + 1)
    }
    const onError = (error: unknown) => setViewing({ viewed, problem: messageOf(error) })
    const players = client.viewAs.players.subscribe(
      { roomId, lastEventId: null },
      {
        onError,
        onData({ id, data }) {
          take(withEvent(viewed, id, data))
          isFirst = false
        },
      },
    )
    const own =
      memberId !== null &&
      client.viewAs.member.subscribe(
        { roomId, memberId, lastEventId: null },
        { onError, onData: ({ id, data }) => take(withWhisper(viewed, id, data)) },
      )
    return () => {
      players.unsubscribe()
      if (own) own.unsubscribe()
    }
  }, [client, roomId, memberId, snapshots])

  return viewing
}
