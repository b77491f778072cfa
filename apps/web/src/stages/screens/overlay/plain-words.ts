// The words of an entry without the marks of Markdown, for a caption of a few lines. The parser would be half of the overlay’s code.

/** The end of a long text, from the beginning of a sentence where there is one. */
export function plainWords(markdown: string, most = 240): string {
  const words = markdown
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/^\s{0,3}(?:#{1,6}|>|[-*+]|\d{1,3}[.)])\s+/gm, '')
    .replaceAll(/[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  if (words.length <= most) return words
  const end = words.slice(-most)
  const sentence = /[.!?…]["”’]?\s+(?=\S)/.exec(end)
  return sentence ? end.slice(sentence.index + sentence[0].length) : `…${end.slice(end.indexOf(' '))}`
}
