/** A player's character in full health, for an edit of a campaign. It lacks an id. */
export const aHero = {
  name: 'Hero',
  kind: 'pc' as const,
  hp: { current: 9, max: 9, temp: 0 },
  hpVisible: true,
  armourClass: null,
  conditions: [],
  initiative: null,
  visible: true,
  dmNotes: '',
}
