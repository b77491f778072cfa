// The fighters that a DM has chosen together. The map chooses those who stand in an area.
import { create } from 'zustand'

export const useChosenFighters = create<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set() }))

export const chooseFighters = (ids: ReadonlySet<string>): void => useChosenFighters.setState({ ids })
