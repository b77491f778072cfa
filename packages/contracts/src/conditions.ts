// A character's conditions: each stands once, whatever its case.

const plain = (text: string) => text.trim().toLowerCase()

export const withoutCondition = (conditions: readonly string[], condition: string): string[] =>
  conditions.filter((known) => plain(known) !== plain(condition))

/** The newest at the end. */
export const withCondition = (conditions: readonly string[], condition: string): string[] => [
  ...withoutCondition(conditions, condition),
  condition,
]
