import { audienceOf, type RoomDetails } from '@tablecast/contracts'
import { useEffect } from 'react'
import { api } from '../../api.ts'
import { useSession } from '../../auth/use-session.ts'
import { addOlderPage, addWhisperPage, useLive } from '../../live/live-store.ts'
import { RoomConnection } from '../../live/room-connection.ts'
import { useRoomDetails } from './use-room-details.ts'

export type Room = {
  details: RoomDetails | undefined
  error: unknown
  /** False when nobody is signed in, not even as a guest. */
  isSomebody: boolean
  reload: () => void
}

/** The room of this page, and its live connection for as long as the page is shown. */
export function useRoom(roomId: string): Room {
  const isSomebody = useSession() !== null
  const { details, error, reload } = useRoomDetails(roomId, isSomebody)
  const role = details?.role
  const userId = details?.me.userId
  useEffect(() => {
    if (!role || !userId) return
    const opened = new RoomConnection(roomId, { userId, role })
    return () => opened.close()
  }, [roomId, role, userId])

  // A member came or went, or a role or a name changed: load the list of members again. Players see only themselves in it.
  const isDm = role !== undefined && audienceOf(role) === 'dm'
  const members = useLive(({ roster }) =>
    roster.people
      .filter((person) => isDm || person.userId === userId)
      .map(({ userId: id, role: has, name }) => id + has + name)
      .toSorted()
      .join(),
  )
  useEffect(() => {
    if (members) reload()
  }, [members, reload])
  return { details, error, isSomebody, reload }
}

/** Reads the page of entries before the oldest one known. */
export async function loadOlder(roomId: string): Promise<void> {
  const campaign = useLive.getState().room?.campaign
  if (!campaign) return
  const before = campaign.entries[0]?.id ?? null
  const page = await api.campaign.history.query({ roomId, campaignId: campaign.id, before, limit: 50 })
  // A snapshot came during the request: the page may hold withdrawn words, and may not fit before it.
  if (useLive.getState().room?.campaign?.since !== campaign.since) return
  addOlderPage(campaign.id, page)
  const { whispers } = useLive.getState()
  const oldest = whispers?.entries[0]
  if (whispers?.campaignId !== campaign.id || !whispers.more || !oldest) return
  const asked = { roomId, campaignId: campaign.id, before: oldest.id, limit: 50 }
  const whispered = await api.campaign.whisperHistory.query(asked)
  if (useLive.getState().whispers?.entries[0]?.id === oldest.id) addWhisperPage(campaign.id, whispered)
}
