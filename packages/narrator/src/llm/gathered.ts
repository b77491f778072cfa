import type { ModelPart } from './language-model.ts'

type Held = { text: string; due: Promise<'due'> | null; timer: ReturnType<typeof setTimeout> | undefined }

/**
 * The same parts, with texts that come within `ms` in one: else each token would be a frame to each player. What turns out to have been
 * a thought while it was gathered is given to nobody. When `parts` fails, what was gathered comes first.
 */
export async function* gathered(parts: AsyncIterator<ModelPart>, ms: number): AsyncGenerator<ModelPart> {
  const held: Held = { text: '', due: null, timer: undefined }
  try {
    for (let next = parts.next(); ;) {
      // Whoever leaves meanwhile does not wait for it.
      next.catch(() => {})
      const come = await (held.due ? Promise.race([next, held.due]) : next)
      if (come === 'due') {
        yield* given(held)
        continue
      }
      if (come.done) break
      const part = come.value
      next = parts.next()
      if (part.type === 'text') {
        hold(held, part.text, ms)
        continue
      }
      if (part.type === 'restart') held.text = ''
      yield* given(held)
      yield part
    }
  } catch (error) {
    yield* given(held)
    throw error
  } finally {
    clearTimeout(held.timer)
  }
  yield* given(held)
}

function hold(held: Held, text: string, ms: number): void {
  held.text += text
  held.due ??= new Promise((resolve) => {
    held.timer = setTimeout(() => resolve('due'), ms)
  })
}

function given(held: Held): ModelPart[] {
  clearTimeout(held.timer)
  const { text } = held
  held.due = null
  held.text = ''
  return text === '' ? [] : [{ type: 'text', text }]
}
