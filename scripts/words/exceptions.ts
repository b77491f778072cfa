/** A finding that stays, and why. */
export interface Exception {
  rule: string
  path: RegExp
  /** The text that was found; without it every finding of the rule in these files. */
  found?: RegExp
  reason: string
}

export const exceptions: readonly Exception[] = [
  {
    rule: 'compat',
    path: /./,
    found: /^COMPAT_AUTH$/,
    reason: 'COMPAT_AUTH is a variable that operators set',
  },
  {
    rule: 'so-many',
    path: /^packages\/(?:arena-engine\/src\/personas|market-sim\/src\/sample-market)\.ts$/,
    reason: 'agents say it in a game: it is a character’s voice',
  },
  {
    rule: 'told',
    path: /^packages\/(?:arena-engine\/src\/personas|narrator\/src\/llm\/prompt)\.ts$/,
    reason: 'a character says it in a game, and a prompt says it to a model',
  },
  {
    rule: 'door',
    path: /\bmaps?\b|tile-contract|pictures\/(?:http|uploads)\.ts$|sample-room\.integration\.test\.ts$|canary\.integration\.test\.ts$/,
    reason: 'maps have doors',
  },
  {
    rule: 'door',
    path: /./,
    found: /^(?:openDoors|setDoor)$/,
    reason: 'maps have doors',
  },
  ...['what-subject', 'over-into'].map((rule) => ({
    rule,
    path: /^packages\/store\/src\/migrations\/0\d+_\w+\.ts$/,
    reason: 'a shipped migration is never edited',
  })),
  { rule: 'compat', path: /^docs\/glossary\.md$/, reason: 'the glossary names the words that it replaces' },
]
