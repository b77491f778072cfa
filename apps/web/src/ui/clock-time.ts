/** Hours and minutes in this person's format. */
export const clockTime = (at: number | string): string =>
  new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
