const wordsOf = (text: string): string[] => text.toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/**
 * From 1, when the label begins with what was typed, down to 0, when a typed word begins no word of the command. A match of letters that
 * stand apart would find too much: “scene” is in “campaignS … CrEate … reNamE”.
 */
export function matchCommand(typed: string, label: string, words: string): number {
  const asked = wordsOf(typed)
  const own = wordsOf(label)
  const begins = (part: string) => (word: string) => word.startsWith(part)
  if (label.toLocaleLowerCase().startsWith(typed.trim().toLocaleLowerCase())) return 1
  if (asked.every((part) => own.some(begins(part)))) return 0.8
  return asked.every((part) => [...own, ...wordsOf(words)].some(begins(part))) ? 0.5 : 0
}
