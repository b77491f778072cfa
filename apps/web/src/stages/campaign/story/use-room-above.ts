import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/**
 * Whether the story leaves room above its first words for the picture of the scene, which lies over its top. `room` is the empty element
 * above them. The words stay where they are when a picture comes or goes: a story too short to scroll gets so tall that its reader can
 * scroll up to the first words, and the room stays when the picture has gone.
 */
export function useRoomAbove(
  box: RefObject<HTMLElement | null>,
  room: RefObject<HTMLElement | null>,
  isUnderScene: boolean,
): boolean {
  const [leavesRoom, setLeavesRoom] = useState(isUnderScene)
  if (isUnderScene && !leavesRoom) setLeavesRoom(true)
  const isFirst = useRef(true)
  useLayoutEffect(() => {
    const element = box.current
    const words = element?.lastElementChild
    if (!isFirst.current && leavesRoom && element && words instanceof HTMLElement) {
      const { paddingTop, paddingBottom } = getComputedStyle(element)
      words.style.minHeight = `${element.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom)}px`
      element.scrollTop += room.current?.offsetHeight ?? 0
    }
    isFirst.current = false
  }, [box, room, leavesRoom])
  return leavesRoom
}
