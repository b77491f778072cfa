// Reads dice as people write them. It takes all of the text, or refuses with the reason.
import { Refusal } from '../refusal.ts'
import type {
  Compare,
  Comparison,
  Expression,
  FunctionName,
  Modifier,
  Notation,
  Operator,
  Sides,
} from './expression.ts'
import { functionNames, MAX_DEPTH, MAX_EXPRESSION, MAX_LABEL, modifierOrder } from './expression.ts'
import { readLabel } from './label.ts'
import { cut, notUnderstood } from './not-understood.ts'

/**
 * Reads `2d6 + 3 fire`: an expression, and a label after it. `adv` and `dis` before or after the label throw the only d20 twice.
 * Throws `Refusal` with the reason.
 */
export function readNotation(text: string): Notation {
  if (text.length > MAX_EXPRESSION + MAX_LABEL) throw new Refusal('notation', 'These dice are too long to be read.')
  const reader = new Reader(text)
  const expression = reader.readAll()
  return readLabel(expression, text, reader.position)
}

/** Reads the dice that a text begins with. `rest` is the text after them. */
export function readDice(text: string): Notation & { rest: string } {
  if (text.length > 4_000) throw new Refusal('notation', 'This is too long to be read.')
  const reader = new Reader(text)
  const expression = reader.readAll()
  const [asked, rest] = [text.slice(0, reader.position), text.slice(reader.position)]
  if (/^[^\s,]/u.test(rest)) throw notUnderstood(text, reader.position)
  return { expression, label: '', text: asked.trim(), rest: rest.trim() }
}

/** Reads an expression without a label. */
export function readExpression(text: string): Expression {
  const { expression, label } = readNotation(text)
  if (label !== '') throw notUnderstood(text, text.lastIndexOf(label))
  return expression
}

/** Whether a text in brackets means dice, as `[[1d20 + 5]]` does, and is no name, such as `[[Mayor Voss]]`. */
export const looksLikeDice = (text: string): boolean => /^[\s({+-]*(?:\d|d\s*[\d%(]|df\b)/i.test(plain(text))

/** One character for one, so that positions stay: phones and books write other signs for minus, times and digits. */
const plain = (text: string): string =>
  text
    .replaceAll(/[\u2010-\u2015\u2212\ufe63\uff0d]/g, '-')
    .replaceAll(/[×✕]/g, '*')
    .replaceAll('÷', '/')
    .replaceAll('≥', '>')
    .replaceAll('≤', '<')
    .replaceAll(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll(/\s/g, ' ')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

class Reader {
  readonly #given: string
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#given = text
    this.#text = plain(text)
  }

  get position(): number {
    return this.#at
  }

  readAll(): Expression {
    const expression = this.#sum()
    if (this.#at > MAX_EXPRESSION) throw new Refusal('notation', 'These dice are too long to be read.')
    return expression
  }

  #sum(): Expression {
    let left = this.#product()
    for (;;) {
      const operator = this.#take(/ *([+-])/y)?.[1]
      if (operator !== '+' && operator !== '-') return left
      left = { kind: 'binary', operator, left, right: this.#product() }
    }
  }

  #product(): Expression {
    let left = this.#signed()
    for (;;) {
      const operator = this.#take(/ *(\*(?!\*)|\/(?!\/)|%)/y)?.[1]
      if (operator !== '*' && operator !== '/' && operator !== '%') return left
      left = { kind: 'binary', operator, left, right: this.#signed() }
    }
  }

  #signed(): Expression {
    const sign = this.#take(/ *([+-])/y)?.[1]
    if (sign === undefined) return this.#power()
    return this.#deeper(() => {
      const of = this.#signed()
      return sign === '-' ? { kind: 'negate', of } : of
    })
  }

  #power(): Expression {
    const left = this.#operand()
    if (!this.#take(/ *(?:\*\*|\^)/y)) return left
    return this.#deeper(() => ({ kind: 'binary', operator: '**' satisfies Operator, left, right: this.#signed() }))
  }

  #operand(): Expression {
    this.#take(/ +/y)
    if (this.#take(/\{/y)) return this.#deeper(() => this.#group())
    const called = this.#take(/([a-z]{2,8}) *\(/y)?.[1]
    if (called !== undefined && called !== 'd') return this.#deeper(() => this.#call(called))
    const before = this.#at
    const count = this.#countBefore()
    const isDie = this.#take(/ *d(?= *(?:\d|%|\(|f))/y)
    if (isDie) return this.#dice(count ?? { kind: 'number', value: 1 })
    if (count) return count
    throw notUnderstood(this.#given, before)
  }

  #countBefore(): Expression | null {
    const digits = this.#take(/\d+(?:\.\d{1,6})?|\.\d{1,6}/y)?.[0]
    if (digits !== undefined) return this.#number(digits)
    return this.#take(/\(/y) ? this.#deeper(() => this.#inBrackets()) : null
  }

  #inBrackets(): Expression {
    const inner = this.#sum()
    this.#expect(/ *\)/y)
    return inner
  }

  #number(digits: string): Expression {
    const value = Number(digits)
    if (!(value <= Number.MAX_SAFE_INTEGER)) throw new Refusal('notation', `The number ${cut(digits)} is too large.`)
    return { kind: 'number', value }
  }

  #dice(count: Expression): Expression {
    const sides = this.#sides()
    const modifiers = this.#modifiers()
    return { kind: 'dice', count, sides, modifiers }
  }

  #sides(): Sides {
    this.#take(/ +/y)
    if (this.#take(/%/y)) return { kind: 'number', value: 100 }
    const fate = this.#take(/f(\.[12])?/y)
    if (fate) return fate[1] === '.1' ? 'F1' : 'F'
    const digits = this.#take(/\d+/y)?.[0]
    if (digits !== undefined) return this.#number(digits)
    this.#expect(/\(/y)
    return this.#deeper(() => this.#inBrackets())
  }

  #group(): Expression {
    const parts = [this.#sum()]
    while (this.#take(/ *,/y)) parts.push(this.#sum())
    this.#expect(/ *\}/y)
    const at = this.#at
    const modifiers = this.#modifiers()
    const other = modifiers.find(({ kind }) => !GROUP_MODIFIERS.has(kind))
    if (other) throw notUnderstood(this.#given, at)
    if (parts.length === 1 && modifiers.length > 0)
      throw new Refusal('notation', 'Braces choose among several rolls: write them like {4d6, 2d8}kh1.')
    return { kind: 'group', parts, modifiers }
  }

  #call(asked: string): Expression {
    const name = functionNames.find((known) => known === asked)
    if (!name) throw new Refusal('notation', `There is no function ${asked}: dice know ${functionNames.join(', ')}.`)
    const of = [this.#sum()]
    while (this.#take(/ *,/y)) of.push(this.#sum())
    this.#expect(/ *\)/y)
    if (!isCountOfArguments(name, of.length))
      throw new Refusal('notation', `The function ${name} does not take ${of.length} values.`)
    return { kind: 'call', name, of }
  }

  #modifiers(): Modifier[] {
    const found = new Map<Modifier['kind'], Modifier>()
    for (;;) {
      const at = this.#at
      const modifier = this.#modifier()
      if (!modifier) break
      if (found.has(modifier.kind)) {
        throw new Refusal('notation', `“${cut(this.#given.slice(at).trim())}” says again what the dice before it say.`)
      }
      found.set(modifier.kind, modifier)
    }
    if (found.has('failure') && !found.has('success'))
      throw new Refusal('notation', 'Failures are counted with successes only: write them like 5d10>=8f=1.')
    return modifierOrder.flatMap((kind) => found.get(kind) ?? [])
  }

  #modifier(): Modifier | null {
    return this.#wordModifier() ?? this.#signModifier()
  }

  /**
   * A letter that follows ends it, so that `1d20dread` is a slip. After a space it needs a value: `2d6 k3` keeps three dice, but
   * `2d6 K` and `1d20 d6` do not mean `k` and `d`.
   */
  #wordModifier(): Modifier | null {
    const at = this.#at
    const isApart = this.#take(/ +/y) !== null
    const modifier = this.#keepOrDrop(isApart) ?? this.#bound() ?? this.#again(isApart) ?? this.#mark(isApart)
    if (!modifier) this.#at = at
    return modifier
  }

  #keepOrDrop(isApart: boolean): Modifier | null {
    const found = isApart
      ? (this.#take(/(k|d)([hl])(\d+)?(?![a-z\d.])/y) ?? this.#take(/(k)()(\d+)(?![a-z\d.])/y))
      : this.#take(/(k|d)([hl])?(\d+)?(?!\.)/y)
    const spelled =
      found ??
      this.#take(/(keep|drop)(?: +the)? +(highest|lowest)(?: +(\d+))?(?![a-z\d.])/y) ??
      this.#take(/(keep|drop) +()(\d+)(?![a-z\d.])/y)
    if (!spelled) return null
    const [, word = '', end, digits] = spelled
    return keepOrDrop(word.startsWith('k') ? 'keep' : 'drop', end || undefined, digits)
  }

  #bound(): Modifier | null {
    const found = this.#take(/(min|max)(-?\d+(?:\.\d{1,6})?)/y)
    return found ? { kind: found[1] === 'min' ? 'min' : 'max', value: Number(found[2]) } : null
  }

  #again(isApart: boolean): Modifier | null {
    const word = this.#take(isApart ? /(ro|r|uo|u)(?![a-z])/y : /(ro|r|uo|u)/y)?.[1]
    if (word === undefined) return null
    const compare = this.#compare() ?? this.#bareValue()
    if (isApart && !compare) return null
    return { kind: word.startsWith('r') ? 'reroll' : 'unique', once: word.length === 2, compare }
  }

  #mark(isApart: boolean): Modifier | null {
    const sorted = isApart ? undefined : this.#take(/(sa|sd|s)/y)?.[1]
    if (sorted !== undefined) return { kind: 'sort', descending: sorted === 'sd' }
    const word = this.#take(isApart ? /(cs|cf)(?![a-z])/y : /(cs|cf)/y)?.[1]
    if (word === undefined) return null
    const compare = this.#compare() ?? this.#bareValue()
    if (isApart && !compare) return null
    return { kind: word === 'cs' ? 'criticalSuccess' : 'criticalFailure', compare }
  }

  #signModifier(): Modifier | null {
    const exploding = this.#take(/ *(!!?)(p)?/y)
    if (exploding) {
      const [, marks, penetrates] = exploding
      return {
        kind: 'explode',
        compounds: marks === '!!',
        penetrates: penetrates !== undefined,
        compare: this.#compare(),
      }
    }
    const success = this.#compare()
    if (success) return { kind: 'success', compare: success }
    const at = this.#at
    if (!this.#take(/ *f(?= *[<>=\d])/y)) return null
    const failure = this.#compare() ?? this.#bareValue()
    if (!failure) throw notUnderstood(this.#given, at)
    return { kind: 'failure', compare: failure }
  }

  #compare(): Compare | null {
    const found = this.#take(/ *(<>|<=|>=|=|<|>) *(-?\d+(?:\.\d{1,6})?)/y)
    if (!found) return null
    const [, sign = '', value = ''] = found
    const start = this.#at - value.length
    const given = this.#given.slice(0, start).trimEnd().at(-1)
    const comparison: Comparison = given === '≥' ? '>=' : given === '≤' ? '<=' : comparisonOf(sign)
    return { comparison, value: Number(value) }
  }

  /** `r1` and `cs20` mean the number itself. */
  #bareValue(): Compare | null {
    const value = this.#take(/\d+/y)?.[0]
    return value === undefined ? null : { comparison: '=', value: Number(value) }
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw new Refusal('notation', 'These dice stand in too many brackets.')
    const result = read()
    this.#depth--
    return result
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found) this.#at = pattern.lastIndex
    return found
  }

  #expect(pattern: RegExp): void {
    if (!this.#take(pattern)) throw notUnderstood(this.#given, this.#at)
  }
}

const GROUP_MODIFIERS: ReadonlySet<Modifier['kind']> = new Set(['keep', 'drop', 'success', 'failure', 'sort'])

function keepOrDrop(kind: 'keep' | 'drop', end: string | undefined, digits: string | undefined): Modifier {
  const count = digits === undefined ? 1 : Number(digits)
  if (count > 1_000) throw new Refusal('notation', `There are no ${digits} dice to ${kind}.`)
  const isLow = end === undefined ? kind === 'drop' : end.startsWith('l')
  return { kind, end: isLow ? 'lowest' : 'highest', count }
}

const comparisons: readonly Comparison[] = ['=', '<>', '<', '<=', '>', '>=']
const comparisonOf = (sign: string): Comparison => comparisons.find((known) => known === sign) ?? '='

function isCountOfArguments(name: FunctionName, count: number): boolean {
  if (name === 'max' || name === 'min') return count >= 1
  return count === (name === 'pow' ? 2 : 1)
}
