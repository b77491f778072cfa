// Somebody who follows a document from top to bottom in a checkout of their own, and types each command as it is printed.
import { type Command } from './blocks.ts'
import { Program, type Surroundings } from './program.ts'
import { wayOf } from './ways.ts'

/** A text of the documents, and the text that stands for it here: a free port for 8000, a temporary folder for /var/lib. */
export type Replacement = readonly [printed: string | RegExp, here: string]

export class Reader implements AsyncDisposable {
  readonly #surroundings: Surroundings
  readonly #replacements: readonly Replacement[]
  readonly #programs: Program[] = []
  /** The server that runs now, if the document started one. */
  #server: Program | null = null
  /** Programs of the present block that should still run. */
  readonly #started = new Set<Program>()
  /** Commands that were carried out. */
  readonly done: string[] = []

  constructor(surroundings: Surroundings, replacements: readonly Replacement[]) {
    this.#surroundings = surroundings
    this.#replacements = replacements
  }

  here(text: string): string {
    return this.#replacements.reduce((changed, [printed, here]) => changed.replaceAll(printed, here), text)
  }

  /** The commands of a block, in order. A program that they start runs until the reader is disposed of or starts another server. */
  async follow(commands: readonly Command[]): Promise<void> {
    const talks: (() => Promise<void>)[] = []
    this.#started.clear()
    for (const command of commands) {
      const way = wayOf(command)
      if (!way) throw new Error(`nothing tries ${command.text}`)
      if (way.kind === 'not run') continue
      const text = this.here(command.text)
      if (way.needsNoServer) await this.stopServer()
      if (way.kind === 'run') await new Program(text, this.#surroundings).finished()
      else if (way.kind === 'serve') {
        const program = this.#start(text)
        if (way.needsNoServer) this.#server = program
        await program.prints((output) => output.includes(way.ready))
      } else talks.push(this.#talk(text, command.typed))
      this.done.push(command.text)
    }
    // A socket may have nothing to tell before the commands below it.
    for (const answered of talks) await answered()
    for (const program of this.#started) program.mustRun()
  }

  async stopServer(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = null
    this.#started.delete(server)
    await server[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#programs.map((program) => program[Symbol.asyncDispose]()))
  }

  #start(text: string): Program {
    const program = new Program(text, this.#surroundings)
    this.#programs.push(program)
    this.#started.add(program)
    return program
  }

  /** wscat types the lines itself once it is connected, and stays. Resolves when each is answered, and something came in any case. */
  #talk(text: string, typed: readonly string[]): () => Promise<void> {
    const lines = typed.map((line) => ` -x '${line}'`).join('')
    const program = this.#start(typed.length > 0 ? `${text}${lines} -w -1` : text)
    return () =>
      program.prints((output) => {
        if (output.includes('"type":"error"')) throw new Error(`${text}\n${output}`)
        const answered = typed.every((line) => {
          const id = /"request_id":"([^"]*)"/.exec(line)?.[1] ?? ''
          return output.includes(`"request_id":"${id}"`)
        })
        return answered && output.includes('\n')
      })
  }
}
