const SCREEN = /^\/r\/[^/]+\/(tv|overlay)\/?$/

/** The kind of screen that has this address; null for a page of people. */
export function screenAt(pathname: string): 'tv' | 'overlay' | null {
  const kind = SCREEN.exec(pathname)?.[1]
  return kind === 'tv' || kind === 'overlay' ? kind : null
}
