// A piece of a streamed reply: the answer, and the thoughts that some endpoints send in fields of their own.
import { z } from 'zod'

const Part = z.looseObject({ type: z.string(), text: z.string().optional() })

/** OpenAI has `content` alone. Mistral sends `content` as a list with parts of type `text` and `thinking`. */
const Delta = z.looseObject({
  content: z
    .union([z.string(), z.array(Part)])
    .nullish()
    .catch(null),
  reasoning_content: z.string().nullish().catch(null),
  reasoning: z.string().nullish().catch(null),
})

/** `thoughts`: null when the piece has no such field. */
export type ReplyPiece = { text: string; thoughts: string | null }

export function readPiece(delta: unknown): ReplyPiece {
  const parsed = Delta.safeParse(delta)
  if (!parsed.success) return { text: '', thoughts: null }
  const { content, reasoning_content: thought, reasoning } = parsed.data
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? [])
  const others = parts.filter(({ type }) => type !== 'text')
  const isTold = Boolean(thought) || Boolean(reasoning) || others.length > 0
  return {
    text: parts.map(({ type, text }) => (type === 'text' ? (text ?? '') : '')).join(''),
    thoughts: isTold ? thought || reasoning || JSON.stringify(others) : null,
  }
}
