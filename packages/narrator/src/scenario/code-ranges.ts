// Where a text is code, so that what looks like a mark in it is left alone.

/** A piece of one line, without its line break. */
export type Piece = { text: string; isCode: boolean }

const fence = /^(?:\s*>)*\s*(`{3,}|~{3,})/

/** The lines of a text, each in pieces: fenced blocks and spans are code. Linear in the length of the text. */
export function* linesInPieces(text: string): Generator<Piece[]> {
  let open: string | null = null
  for (const line of text.split('\n')) {
    const mark = fence.exec(line)?.[1] ?? null
    if (open !== null) {
      yield [{ text: line, isCode: true }]
      // Closed by the same character, at least as often.
      if (mark?.startsWith(open)) open = null
    } else if (mark !== null) {
      yield [{ text: line, isCode: true }]
      open = mark
    } else yield piecesOf(line)
  }
}

/** A span begins with so many backticks and ends with the next run of as many. */
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
  // The next run of the same length, looked up from the end.
  const nextOf = new Map<number, number>()
  const closing = runs.map(() => -1)
  for (let place = runs.length - 1; place >= 0; place--) {
    const length = runs[place]?.length ?? 0
    closing[place] = nextOf.get(length) ?? -1
    nextOf.set(length, place)
  }
  const spans: [number, number][] = []
  for (let place = 0; place < runs.length; place++) {
    const [first, last] = [runs[place], runs[closing[place] ?? -1]]
    if (!first || !last) continue
    spans.push([first.index, last.index + last.length])
    place = closing[place] ?? place
  }
  return spans
}
