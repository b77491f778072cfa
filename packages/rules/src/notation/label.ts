import { Refusal } from '../refusal.ts'
import { MAX_LABEL, type Expression, type Notation } from './expression.ts'
import { notUnderstood } from './not-understood.ts'
import { printExpression } from './print.ts'
import { twice } from './twice.ts'

const ADVANTAGE =
  /(?:^|[\s(])(?:(?:with|at) +)?(adv|advantage|dis|disadv|disadvantage)[\s),.]*$|^(?:(?:with|at) +)?(adv|advantage|dis|disadv|disadvantage)(?=$|[\s,:])[\s,:]*/iu

/** The rest of a notation after its expression: a label, with advantage or disadvantage before or after it. */
export function readLabel(expression: Expression, text: string, from: number): Notation {
  const [asked, rest] = [text.slice(0, from).trim(), text.slice(from)]
  if (rest.trim() === '') return { expression, label: '', text: asked }
  const marked = /^\s*(?:#|\/\/)\s*(.*)$/su.exec(rest)?.[1]
  if (marked !== undefined) return { expression, label: checked(marked), text: asked }
  // A letter that touches the dice is a slip, and so is a number or a sign after them.
  const words =
    /^(?:[\s,:]+|(?=(?:adv|dis|advantage|disadvantage)(?:[\s,:]|$)))(?=[\p{L}"“”'‘’([*_\p{Extended_Pictographic}])(.*)$/isu.exec(
      rest,
    )?.[1]
  if (words === undefined || /^\(?\d*\s*d\s*\d/iu.test(words)) throw notUnderstood(text, from)
  const found = ADVANTAGE.exec(words)
  const word = (found?.[1] ?? found?.[2])?.toLowerCase()
  if (!found || word === undefined) return { expression, label: checked(words), text: asked }
  const label = `${words.slice(0, found.index)} ${words.slice(found.index + found[0].length)}`.trim()
  if (ADVANTAGE.test(label)) throw new Refusal('notation', 'Advantage and disadvantage stand twice. Write one of them.')
  const both = twice(expression, word.startsWith('a') ? 'highest' : 'lowest')
  return { expression: both, label: checked(label), text: printExpression(both) }
}

function checked(label: string): string {
  const text = label.trim()
  if (text.length > MAX_LABEL) throw new Refusal('notation', `A label has at most ${MAX_LABEL} characters.`)
  return text
}
