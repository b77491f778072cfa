// Whether the story stands beside a map, or the map has its room.
import { create } from 'zustand'

export const useStoryBeside = create<{ isOpen: boolean }>(() => ({ isOpen: true }))

export const toggleStory = (): void => useStoryBeside.setState(({ isOpen }) => ({ isOpen: !isOpen }))
