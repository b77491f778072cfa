/**
 * A name as it is compared: without case, accents, quotes, and whatever dash or space it was typed with. Two names that fold to
 * the same are the same name for a command.
 */
export const fold = (name: string): string => (PLAIN.test(name) ? name.toLowerCase() : foldLetters(name))

/** Most names: a fight compares thousands of them. */
const PLAIN = /^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$/

const foldLetters = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('đ', 'd')
    .replaceAll('ð', 'd')
    .replaceAll('þ', 'th')
    .replaceAll('ı', 'i')
    .replaceAll(/["'`´‘’‚‛“”„‟«»‹›′″ʼʻ]/gu, '')
    .replaceAll(/[\p{Pd}\u2212\s_]+/gu, ' ')
    .trim()
