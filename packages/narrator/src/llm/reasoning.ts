// Reasoning models write their thoughts before the answer, in tags. This separates thoughts from the answer while they stream.
//
// Tags are `<think>`, `<thinking>`, `<thought>`, `<reasoning>` and `<reflection>` in any case, with or without attributes, nested or
// not, and `[THINK]` and `◁think▷`. A thought that is never closed lasts to the end.

/** `restart`: the texts before it were a thought whose opening tag was missing. */
export type ReasoningPart = { type: 'text' | 'reasoning'; text: string } | { type: 'restart' }

/**
 * Whether a reply begins in a thought, because the chat template opens it. `inside`: it does; there is no text before a closing tag.
 * `perhaps`: text is held back until a closing tag or the end.
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
  /** The number of open thoughts, one in the other. */
  #depth: number
  /** The beginning may be a thought, and is held back. */
  #isUnsure: boolean
  readonly #begins: ReplyBegins
  #held: ReasoningPart[] = []
  /** The end of the input, when a tag may begin there. */
  #rest = ''
  /** Within a tag: its name was read, and its end was not. `last`: the newest character in it. */
  #tag: { kind: 'opening' | 'closing'; end: string; last: string } | null = null
  #hasText = false

  constructor(begins: ReplyBegins = 'outside') {
    this.#begins = begins
    this.#isUnsure = begins !== 'outside'
    this.#depth = this.#isUnsure ? 1 : 0
  }

  /** True while the beginning is held back. */
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

  /** The endpoint sends thoughts in a field of their own, so the rest is the answer. */
  thoughtsAreSeparate(): ReasoningPart[] {
    return this.#isUnsure ? this.#release() : []
  }

  /** The reply has ended. `isWhole`: it did not end at the token limit. */
  end(isWhole: boolean): ReasoningPart[] {
    const found: ReasoningPart[] = []
    // A tag may be cut off by the end.
    const isCut = this.#tag !== null || TAG.test(`${this.#rest}>`)
    if (!isCut) this.#add(found, this.#rest)
    this.#rest = ''
    if (!this.#isUnsure) return found
    // No closing tag came, so the held text is the answer; thoughts with an opening tag stay thoughts.
    if (this.#begins === 'perhaps' && isWhole) return this.#release()
    return this.#forget()
  }

  #open(): void {
    const isFirst = this.#isUnsure && this.#depth === 1 && !this.#held.some(isMoreThanBlank)
    if (!isFirst) {
      this.#depth += 1
      return
    }
    // The reply opens its thought itself, so it is no longer unsure.
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

  /** The held text was a thought. */
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

/** The text that remains after these parts. */
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
