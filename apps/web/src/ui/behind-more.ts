// The part of a header that a phone shows only after a press on “More”: see `more-panel.tsx`.

/** True for a part of the panel while the panel is closed. */
export const isBehindMore = (element: Element): boolean =>
  element.matches('.more-panel *') && !element.checkVisibility()

/** The button that opens the closed panel around this element; null for an element that is shown. */
export function moreButtonOf(element: Element | null): HTMLElement | null {
  if (!element || !isBehindMore(element)) return null
  const id = element.closest('.more-panel')?.id ?? ''
  return document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(id)}"]`)
}
