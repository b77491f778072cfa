// Creatures for tests.

/** A stat block. */
export const wolf = {
  id: 'wolf',
  name: 'Grey Wolf',
  ac: 13,
  hp: 11,
  initiative: 2,
  cr: 0.25,
  xp: 50,
  abilities: { str: 12, dex: 15, con: 12, int: 3, wis: 12, cha: 6 },
  traits: [],
  actions: [],
}

/** A part of a prepared encounter. */
export const wolves = {
  name: 'Wolf',
  count: 2,
  figures: { kind: 'monster' as const, hp: 11, armourClass: 13, initiativeBonus: 2, xp: 50 },
}
