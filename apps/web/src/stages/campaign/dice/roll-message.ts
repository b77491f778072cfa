// The message that rolls dice: it goes through the story like any other, so it is in the log, in order, and once.
import { startOf } from '@tablecast/contracts'

export type Mode = 'plain' | 'advantage' | 'disadvantage'
/** `notation`: dice, and maybe words behind them: `1d8+3 slashing`. `label`: the name of the roll. */
export type AskedRoll = { notation: string; label?: string; mode?: Mode; isSecret?: boolean }

/** As the notation of the server has it. */
const MAX_LABEL = 100
const SINGLE_D20 = /(?<![\d)dkl])1?d20(?![\dk%])/i

/** `/roll 2d20kh1+5 # Stealth (Mira)`. The sign before the label lets it begin with anything, such as a number. */
export function rollMessage({ notation, label = '', mode = 'plain', isSecret = false }: AskedRoll): string {
  const [dice, words] = splitWords(notation)
  const thrown = mode === 'plain' ? dice : dice.replace(SINGLE_D20, mode === 'advantage' ? '2d20kh1' : '2d20kl1')
  const named = startOf([words, label].filter(Boolean).join(' · '), MAX_LABEL).trim()
  return `${isSecret ? '/gmroll' : '/roll'} ${thrown}${named ? ` # ${named}` : ''}`
}

/** Advantage is for one d20. Other dice are rolled without it. */
export const takesMode = (notation: string): boolean => SINGLE_D20.test(splitWords(notation)[0])

function splitWords(notation: string): [string, string] {
  const text = notation.trim()
  const at = text.search(/\s+(?:#|\/\/|\p{L}{2}(?!\d))/u)
  if (at < 0) return [text, '']
  return [text.slice(0, at), text.slice(at).replace(/^\s*(?:#|\/\/)?\s*/u, '')]
}

/** `1d20+5`, `1d20`, `1d20-1`. */
export const d20With = (bonus: number): string => `1d20${bonus === 0 ? '' : bonus > 0 ? `+${bonus}` : bonus}`
