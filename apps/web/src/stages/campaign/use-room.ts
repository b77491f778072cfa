import type { RoomDetails } from '@tablecast/contracts'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, Notice, queries } from '../../api.ts'
import { addOlderPage, addWhisperPage, useLive } from '../../live/live-store.ts'
import { RoomConnection } from '../../live/room-connection.ts'
import { readSession } from '../../auth/session.ts'

/** The room of this page, and its live connection for as long as the page is shown. */
export function useRoom(roomId: string): { details: RoomDetails | undefined; error: unknown; reload: () => void } {
  const isSignedIn = readSession() !== null
  const { data, error, refetch } = useQuery({
    ...queries.rooms.get.queryOptions({ roomId }),
    enabled: isSignedIn,
    staleTime: Infinity,
    // A server that is starting answers soon.
    retry: (count, failure) => count < 30 && failure.data === undefined,
    retryDelay: 1_000,
  })
  const role = data?.role
  const userId = data?.me.userId
  const connection = useRef<RoomConnection>(null)
  useEffect(() => {
    if (!role || !userId) return
    const opened = new RoomConnection(roomId, { userId, role })
    connection.current = opened
    return () => opened.close()
  }, [roomId, role, userId])

  // Someone came or went, or a role changed: the list of members is asked for again.
  const members = useLive(({ roster }) => roster.map(({ userId: id, role: has }) => id + has).join())
  useEffect(() => {
    if (members) void refetch()
  }, [members, refetch])
  return { details: data, error: isSignedIn ? error : new Notice('You are signed out.'), reload: () => void refetch() }
}

/** Reads the page of entries before the oldest one known. */
export async function loadOlder(roomId: string): Promise<void> {
  const campaign = useLive.getState().room?.campaign
  if (!campaign) return
  const before = campaign.entries[0]?.id ?? null
  addOlderPage(campaign.id, await api.campaign.history.query({ roomId, campaignId: campaign.id, before, limit: 50 }))
  const { whispers } = useLive.getState()
  const oldest = whispers?.entries[0]
  if (whispers?.campaignId !== campaign.id || !whispers.more || !oldest) return
  const asked = { roomId, campaignId: campaign.id, before: oldest.id, limit: 50 }
  addWhisperPage(campaign.id, await api.campaign.whisperHistory.query(asked))
}
