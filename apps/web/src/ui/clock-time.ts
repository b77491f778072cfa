/** Hours and minutes, as this person writes them. */
export const clockTime = (at: number | string): string =>
  new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
