// Finds the code in a text. Nothing in code is a link, a comment or another mark.

/** A part of one line, without the line break. */
export type Piece = { text: string; isCode: boolean }

const fence = /^(?:\s*>)*\s*(`{3,}|~{3,})/

/** Splits each line of a text into pieces: fenced blocks and spans are code. Takes time in proportion to the length of the text. */
export function* linesInPieces(text: string): Generator<Piece[]> {
  let open: string | null = null
  for (const line of text.split('\n')) {
    const mark = fence.exec(line)?.[1] ?? null
    if (open !== null) {
      yield [{ text: line, isCode: true }]
      // A fence ends with the same character, repeated at least as often.
      if (mark?.startsWith(open)) open = null
    } else if (mark !== null) {
      yield [{ text: line, isCode: true }]
      open = mark
    } else yield piecesOf(line)
  }
}

/** A span begins with a run of backticks and ends with the next run of the same length. */
function piecesOf(line: string): Piece[] {
  if (!line.includes('`')) return [{ text: line, isCode: false }]
  const runs = [...line.matchAll(/`+/g)].map(({ 0: run, index }) => ({ length: run.length, index }))
  const pieces: Piece[] = []
  let at = 0
  for (const [from, to] of spansOf(runs)) {
    if (from > at) pieces.push({ text: line.slice(at, from), isCode: false })
    pieces.push({ text: line.slice(from, to), isCode: true })
    at = to
  }
  if (at < line.length) pieces.push({ text: line.slice(at), isCode: false })
  return pieces
}

type Run = { length: number; index: number }

function spansOf(runs: readonly Run[]): [number, number][] {
  // From the end, so that the next run of each length is known in one pass.
  const nextOf = new Map<number, number>()
  const closing = runs.map(() => -1)
  for (let index = runs.length - 1; index >= 0; index--) {
    const length = runs[index]?.length ?? 0
    closing[index] = nextOf.get(length) ?? -1
    nextOf.set(length, index)
  }
  const spans: [number, number][] = []
  for (let index = 0; index < runs.length; index++) {
    const [first, last] = [runs[index], runs[closing[index] ?? -1]]
    if (!first || !last) continue
    spans.push([first.index, last.index + last.length])
    index = closing[index] ?? index
  }
  return spans
}
