// Lets a part of the DM's page look at pictures as players do: the preview must not show what they do not see.
import type { PlayerView } from '@tablecast/contracts'
import { createContext, use } from 'react'

const ViewContext = createContext<PlayerView | null>(null)

export const PlayersEyes = ViewContext.Provider

/** The players' view that pictures and faces are taken from here; null where they are taken from the page's own room. */
export const usePlayersEyes = () => use(ViewContext)
