/** Names the kind of a refusal, for a page that reacts to it. */
export type RefusalCode = 'notation' | 'dice' | 'name' | 'several' | 'command' | 'operation'

/** Something that the rules do not do. The message is a sentence for the person who asked; `options` are names to choose from. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly options: readonly string[]

  constructor(code: RefusalCode, message: string, options: readonly string[] = []) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.options = options
  }
}
