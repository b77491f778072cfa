// A character's conditions. The list holds each condition once; case does not count.

const plain = (text: string) => text.trim().toLowerCase()

export const withoutCondition = (conditions: readonly string[], condition: string): string[] =>
  conditions.filter((known) => plain(known) !== plain(condition))

/** Puts the condition at the end of the list. */
export const withCondition = (conditions: readonly string[], condition: string): string[] => [
  ...withoutCondition(conditions, condition),
  condition,
]
