const first = location.pathname

/** The name of the room of this invite, which the server wrote into the page that opened with it; null where it wrote none. */
export function invitedRoom(code: string): string | null {
  if (first !== `/join/${code}`) return null
  return document.querySelector<HTMLMetaElement>('meta[name="tablecast-room"]')?.content ?? null
}
