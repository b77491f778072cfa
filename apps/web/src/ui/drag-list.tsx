import { type DragDropManager, StyleInjector } from '@dnd-kit/dom'
import { DragDropProvider } from '@dnd-kit/react'
import { isSortable } from '@dnd-kit/react/sortable'
import { type ReactNode, useEffect } from 'react'

/** A list whose items are dragged to another place, by mouse, touch or keyboard. */
export function DragList({ move, children }: { move: (from: number, to: number) => void; children: ReactNode }) {
  // A list may go away while an item is dragged.
  useEffect(() => () => void markPage(false), [])
  return (
    <DragDropProvider
      plugins={(usual) => [NoStyleElements, ...usual]}
      onDragStart={() => markPage(true)}
      onDragEnd={({ operation: { source }, canceled }) => {
        markPage(false)
        if (!canceled && isSortable(source)) move(source.initialIndex, source.index)
      }}
    >
      {children}
    </DragDropProvider>
  )
}

/** For the pointer over the whole page. A rule with `:has` would have each change of a page style all of it again. */
const markPage = (isDragging: boolean) => document.documentElement.toggleAttribute('data-dragging', isDragging)

/**
 * The library writes its rules into a style element, which the policy of our pages refuses: the dragged item would jump to the middle of
 * the page. The rules stand in drag-list.css.
 */
class NoStyleElements extends StyleInjector {
  constructor(manager: DragDropManager) {
    super(manager)
    manager.registry.plugins.unregister(StyleInjector)
  }
}
