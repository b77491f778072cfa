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
    found: /^(?:COMPAT_AUTH|compatAuth)$/,
    reason: 'COMPAT_AUTH is a variable that operators set; the option has its name',
  },
  {
    rule: 'so-many',
    path: /^packages\/(?:arena-engine\/src\/personas|market-sim\/src\/sample-market)\.ts$/,
    reason: 'agents say it in a game: it is a character’s voice',
  },
  ...['compat', 'retold', 'writer-lease'].map((rule) => ({
    rule,
    path: /^docs\/glossary\.md$/,
    reason: 'the glossary names the words that it replaces',
  })),
]
