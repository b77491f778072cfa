import { shortened } from '@tablecast/text'
import { Refusal } from '../refusal.ts'

/** Says where reading stopped. */
export const notUnderstood = (text: string, from: number): Refusal => {
  const [read, rest] = [text.slice(0, from).trim(), text.slice(from).trim()]
  if (rest === '') return new Refusal('notation', `“${cut(read)}” is not finished. Write dice like 2d6+3.`)
  if (read === '') return new Refusal('notation', `“${cut(rest)}” is no dice. Write dice like 2d6+3, 1d20 or 4d6kh3.`)
  return new Refusal('notation', `“${cut(rest)}” after “${cut(read)}” is not understood. Write dice like 2d6+3.`)
}

export const cut = (text: string): string => shortened(text, 40)
