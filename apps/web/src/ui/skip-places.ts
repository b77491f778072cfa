/** The places of a page that have a link of their own: the elements with `data-skip`, which is the link’s text. */
export const places = (): HTMLElement[] =>
  Array.from(document.querySelectorAll<HTMLElement>('[data-skip]')).filter((element) => element.checkVisibility())

/** Moves the focus there; an element that takes none by itself takes it from now on. */
export function focusOn(element: HTMLElement): void {
  if (element.tabIndex < 0) element.tabIndex = -1
  element.focus()
}
