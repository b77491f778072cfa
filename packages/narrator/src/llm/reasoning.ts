// Models that reason tell their thoughts before the answer, in tags of their own. Here the two are told apart, as they come.
//
// Tags are `<think>`, `<thinking>`, `<thought>`, `<reasoning>` and `<reflection>` in any case, with or without attributes, nested or
// not, and `[THINK]` and `◁think▷`. What is never closed is a thought to its end.

/** `restart`: what was given as text before was a thought, which nobody could know: its opening tag was not there. */
export type ReasoningPart = { type: 'text' | 'reasoning'; text: string } | { type: 'restart' }

/**
 * Where a reply begins. `inside`: in a thought, since the model's template opens it and the reply does not; nothing is text before a
 * closing tag. `perhaps`: nothing is given before a closing tag or the end.
 */
export type ReplyBegins = 'outside' | 'inside' | 'perhaps'

const NAMES = ['thinking', 'think', 'thoughts', 'thought', 'reasoning', 'reflection']
/** Also `<thinking_process>` and the like. */
const TAG = /^[<◁]\s{0,3}(\/?)\s{0,3}(?:thinking|think|thoughts?|reasoning|reflection)(?:[-_:][\w:-]*)?(?=[\s/>▷])/i
const BEGINNING_OF_TAG = /^[<◁]\s{0,3}\/?\s{0,3}([a-z]*)([-_:][\w:-]*)?$/i
/** In this spelling alone: `[think](…)` is a link. */
const BRACKETED = /^\[(\/?)THINK(?=\])/
const BRACKETS = ['[THINK]', '[/THINK]']
const OPENS = /[<[◁]/
const ENDS: Readonly<Record<string, string>> = { '<': '>', '[': ']', '◁': '▷' }

export class ReasoningFilter {
  /** How many thoughts are open, one in the other. */
  #depth: number
  /** The beginning may be a thought: it is held until that is known. */
  #isUnsure: boolean
  readonly #begins: ReplyBegins
  #held: ReasoningPart[] = []
  /** What may be the beginning of a tag. */
  #rest = ''
  /** Within a tag: its name was read, and its end was not. `last`: the newest character in it. */
  #tag: { kind: 'opening' | 'closing'; end: string; last: string } | null = null
  #hasText = false

  constructor(begins: ReplyBegins = 'outside') {
    this.#begins = begins
    this.#isUnsure = begins !== 'outside'
    this.#depth = this.#isUnsure ? 1 : 0
  }

  /** Nothing was given yet, since the beginning may be a thought. */
  get isUnsure(): boolean {
    return this.#isUnsure
  }

  take(piece: string): ReasoningPart[] {
    const found: ReasoningPart[] = []
    let left = this.#rest + piece
    this.#rest = ''
    while (left !== '') {
      if (this.#tag) {
        const tag = this.#tag
        const end = left.indexOf(tag.end)
        tag.last = (end < 0 ? left : left.slice(0, end)).slice(-1) || tag.last
        if (end < 0) break
        this.#tag = null
        if (tag.kind === 'closing') this.#close(found)
        // `<think/>` holds nothing.
        else if (tag.last !== '/') this.#open()
        left = left.slice(end + 1)
        continue
      }
      const at = left.search(OPENS)
      this.#add(found, at < 0 ? left : left.slice(0, at))
      if (at < 0) break
      left = left.slice(at)
      const named = TAG.exec(left) ?? BRACKETED.exec(left)
      if (named) {
        this.#tag = { kind: named[1] === '/' ? 'closing' : 'opening', end: ENDS[left.charAt(0)] ?? '>', last: '' }
        left = left.slice(named[0].length)
      } else if (mayBeTag(left)) {
        this.#rest = left
        break
      } else {
        this.#add(found, left.slice(0, 1))
        left = left.slice(1)
      }
    }
    return found
  }

  /** The endpoint tells thoughts by themselves, so that the reply is the answer alone. */
  isTold(): ReasoningPart[] {
    return this.#isUnsure ? this.#release() : []
  }

  /** No more comes. `isWhole`: it was not cut off at the length that was asked for. */
  end(isWhole: boolean): ReasoningPart[] {
    const found: ReasoningPart[] = []
    // A name that nothing follows is a tag that was cut off.
    const isCut = this.#tag !== null || TAG.test(`${this.#rest}>`)
    if (!isCut) this.#add(found, this.#rest)
    this.#rest = ''
    if (!this.#isUnsure) return found
    // Without a closing tag it was the answer after all, but for thoughts that it opened itself; unless it is known to be none.
    if (this.#begins === 'perhaps' && isWhole) return this.#release()
    return this.#forget()
  }

  #open(): void {
    const isFirst = this.#isUnsure && this.#depth === 1 && !this.#held.some(isMoreThanBlank)
    if (!isFirst) {
      this.#depth += 1
      return
    }
    // A reply that begins with the tag says itself where its thought begins and ends.
    this.#held = []
    this.#isUnsure = false
  }

  #close(found: ReasoningPart[]): void {
    if (this.#depth > 1) {
      this.#depth -= 1
      return
    }
    if (this.#isUnsure) found.push(...this.#forget())
    else if (this.#depth === 0 && this.#hasText) found.push({ type: 'restart' })
    this.#isUnsure = false
    this.#hasText = false
    this.#depth = 0
  }

  /** What was held is a thought. */
  #forget(): ReasoningPart[] {
    const thoughts = this.#held.map((part) => (part.type === 'text' ? { ...part, type: 'reasoning' as const } : part))
    this.#held = []
    return thoughts
  }

  #add(found: ReasoningPart[], text: string): void {
    if (text === '') return
    if (this.#isUnsure) {
      this.#held.push({ type: this.#depth === 1 ? 'text' : 'reasoning', text })
      return
    }
    const part = { type: this.#depth === 0 ? ('text' as const) : ('reasoning' as const), text }
    if (part.type === 'text' && isMoreThanBlank(part)) this.#hasText = true
    found.push(part)
  }

  #release(): ReasoningPart[] {
    const held = this.#held
    this.#held = []
    this.#isUnsure = false
    this.#depth = Math.max(0, this.#depth - 1)
    this.#hasText = held.some((part) => part.type === 'text' && isMoreThanBlank(part))
    return held
  }
}

/** A whole reply without its thoughts. */
export function withoutReasoning(reply: string): string {
  const filter = new ReasoningFilter()
  return textOf([...filter.take(reply), ...filter.end(true)])
}

/** What is left as text after all these parts. */
export function textOf(parts: readonly ReasoningPart[]): string {
  let text = ''
  for (const part of parts)
    if (part.type === 'restart') text = ''
    else if (part.type === 'text') text += part.text
  return text
}

const isMoreThanBlank = (part: ReasoningPart) => part.type !== 'restart' && part.text.trim() !== ''

function mayBeTag(text: string): boolean {
  if (text.startsWith('[')) return BRACKETS.some((tag) => tag.startsWith(text))
  const [, name, suffix] = BEGINNING_OF_TAG.exec(text.toLowerCase()) ?? []
  return name !== undefined && NAMES.some((known) => (suffix ? known === name : known.startsWith(name)))
}
