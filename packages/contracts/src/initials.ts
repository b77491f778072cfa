/** For a narrow list of turns: “G12” of “Goblin 12”, “OM” of “Old Marrow”, “S” of “Sable”. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const [first = ''] = words
  const last = words.length > 1 ? (words.at(-1) ?? '') : ''
  return `${letterOf(first)}${/^\d{1,3}$/.test(last) ? last : letterOf(last)}`
}

const letterOf = (word: string): string => (/^./u.exec(word)?.[0] ?? '').toUpperCase()
