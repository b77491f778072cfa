import type { DragEvent } from 'react'

export type NewToken = { characterId: string | null; name: string }

/** The kind of data in a drag from a list to the map: the id of a character. */
export const TOKEN_DRAG = 'application/x-tablecast-token'

/** Lets an element be dragged to the map. Not for buttons: Firefox drags none. */
export const draggedToMap = (characterId: string) => ({
  draggable: true,
  onDragStart: (event: DragEvent) => event.dataTransfer?.setData(TOKEN_DRAG, characterId),
})
