import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'

/**
 * Empty room above the first words of a story, for the picture of the scene, which lies over its top. The words stay where they are when
 * a picture comes or goes: a story too short to scroll gets so tall that its reader can scroll up to the first words, and the room stays
 * when the picture has gone. Null before the first picture. It belongs between the box that scrolls and the words.
 */
export function useRoomAbove(isUnderScene: boolean): ReactNode {
  const [leavesRoom, setLeavesRoom] = useState(isUnderScene)
  if (isUnderScene && !leavesRoom) setLeavesRoom(true)
  const room = useRef<HTMLDivElement>(null)
  const isFirst = useRef(true)
  useLayoutEffect(() => {
    const box = room.current?.parentElement
    const words = room.current?.nextElementSibling
    if (!isFirst.current && box && words instanceof HTMLElement) {
      const { paddingTop, paddingBottom } = getComputedStyle(box)
      words.style.minHeight = `${box.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom)}px`
      box.scrollTop += room.current?.offsetHeight ?? 0
    }
    isFirst.current = false
  }, [leavesRoom])
  return leavesRoom && <div ref={room} className="h-(--banner)" />
}
