/** The tabs beside the story. */
export const consoleTabs = [
  ['table', 'Table'],
  ['encounters', 'Fights'],
  ['characters', 'Characters'],
  ['world', 'World'],
  ['maps', 'Maps'],
  ['handouts', 'Handouts'],
  ['notes', 'Notes'],
  ['pages', 'Pages'],
  ['narrator', 'Narrator'],
  ['preview', 'View as'],
] as const

export type TabName = (typeof consoleTabs)[number][0]
