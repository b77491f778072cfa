// The live state that components read: the link, the room and the roster. The connection alone writes it.
import {
  emptyRoster,
  type LiveRoster,
  type NarrativeEntry,
  type NarratorTurn,
  type TurnForPlayers,
} from '@tablecast/contracts'
import type { AppRouter } from '@tablecast/server'
import type { TRPCClient } from '@trpc/client'
import { create } from 'zustand'
import { initialLink, type Link } from './link-machine.ts'
import type { OwnView } from './own-view.ts'
import { type Whispers, withPage } from './whispers.ts'
import { prependPage, type RoomState } from './room-state.ts'

export type Live = {
  link: Link
  room: RoomState | null
  roster: LiveRoster
  /** The time of the newest message, in milliseconds since 1970. */
  heardAt: number
  healed: number
  received: number
  away: string[]
  /** The turn that the narrator writes, or that waits for the DM. */
  narrating: NarratorTurn | TurnForPlayers | null
  /** A person has used the page, or it has been live for a moment: parts that nobody needs at first sight may load. */
  mayLoadMore: boolean
  /** A player's whispers; a DM has them in the story. */
  whispers: Whispers | null
  /** The view of this player alone: see `own-view.ts`. */
  own: OwnView | null
  /** Of the newest connection, for streams that only a part of the page needs. Null for a page that polls. */
  client: TRPCClient<AppRouter> | null
}

export const emptyLive: Live = {
  link: initialLink,
  room: null,
  roster: emptyRoster,
  heardAt: 0,
  healed: 0,
  received: 0,
  away: [],
  narrating: null,
  mayLoadMore: false,
  whispers: null,
  own: null,
  client: null,
}

export const useLive = create<Live>(() => emptyLive)

export const addOlderPage = (campaignId: string, page: { entries: NarrativeEntry[]; more: boolean }): void =>
  useLive.setState(({ room }) => ({ room: room && prependPage(room, campaignId, page) }))

export const addWhisperPage = (campaignId: string, page: { entries: NarrativeEntry[]; more: boolean }): void =>
  useLive.setState(({ whispers }) => ({ whispers: withPage(whispers, campaignId, page) }))

export const dismissAway = (): void => useLive.setState({ away: [] })

/** True when the page may not show the newest state. */
export const isStale = ({ link }: Live): boolean => link.kind !== 'live'
