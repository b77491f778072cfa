import { type Roll, startOf } from '@tablecast/contracts'

/** A stretch of a roll. `natural`: the highest or lowest face of a twenty-sided die that counts. */
export type RollPart = { text: string; isDropped: boolean; natural: 20 | 1 | null }

/** Stories of older versions hold rolls of a hundred thousand dice. */
const MAX_OUTPUT = 1_000
/** Dice in brackets, `[6, 1d]`, or a dropped group of them, `([6, 2]+[7])d`. */
const DICE = /(\([^()]*\)d|\[[^\]]*\])/
const KIND = /(?<![a-z])\d*d(\d+)/gi

/** The output of a roll without its total. The dice library marks a dropped die with `d`. */
export function rollParts({ notation, output }: Pick<Roll, 'notation' | 'output'>): RollPart[] {
  if (output.length > MAX_OUTPUT) return [plain(`${startOf(output, MAX_OUTPUT)} …`)]
  const kinds = Array.from(notation.matchAll(KIND), ([, sides]) => sides)
  const text = output.replace(/ = .*$/, '')
  const start = text.indexOf(': ') + 2
  const pieces = text.slice(start).split(DICE)
  const places = text.slice(start).split('[').length - 1
  let place = 0
  return [
    plain(text.slice(0, start)),
    ...pieces.flatMap((piece) => {
      const isD20 = kinds.length === places && kinds[place] === '20'
      place += piece.split('[').length - 1
      if (piece.startsWith('(') && piece.endsWith(')d')) return { ...plain(piece.slice(0, -1)), isDropped: true }
      return piece.startsWith('[') && piece.endsWith(']') ? diceIn(piece, isD20) : plain(piece)
    }),
  ].filter((part) => part.text !== '')
}

const plain = (text: string): RollPart => ({ text, isDropped: false, natural: null })

function diceIn(list: string, isD20: boolean): RollPart[] {
  const dice = list.slice(1, -1).split(', ')
  return dice.flatMap((die, index) => {
    const [, value = die, marks = ''] = /^(-?\d+)(\D*)$/.exec(die) ?? []
    const isDropped = marks.includes('d')
    const natural = !isD20 || isDropped ? null : value === '20' ? 20 : value === '1' ? 1 : null
    const shown: RollPart = { text: value + marks.replace('d', ''), isDropped, natural }
    return [plain(index === 0 ? '[' : ', '), shown, ...(index === dice.length - 1 ? [plain(']')] : [])]
  })
}
