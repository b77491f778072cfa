import { create } from 'zustand'

/** The handout that this person has opened in large; its id may be `SCENE`. */
export const useLooking = create<{ looked: { id: string } | null }>(() => ({ looked: null }))

export const lookAt = (id: string | null): void => useLooking.setState({ looked: id === null ? null : { id } })

/** The picture of the scene. Ids of handouts are longer. */
export const SCENE = 'scene'
