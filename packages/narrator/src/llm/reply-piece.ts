// A piece of a streamed reply: what is answered, and what endpoints that know the model's way to think tell apart from it.
import { z } from 'zod'

const Part = z.looseObject({ type: z.string(), text: z.string().optional() })

/** None of these but `content` is OpenAI's. `content` as a list is Mistral's: parts of type `text`, and `thinking`. */
const Delta = z.looseObject({
  content: z
    .union([z.string(), z.array(Part)])
    .nullish()
    .catch(null),
  reasoning_content: z.string().nullish().catch(null),
  reasoning: z.string().nullish().catch(null),
})

/** `thoughts`: null where the endpoint tells nothing of them. */
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
