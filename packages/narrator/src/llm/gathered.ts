import type { ModelPart } from './language-model.ts'

type Held = { text: string; due: Promise<'due'> | null; timer: ReturnType<typeof setTimeout> | undefined }

/**
 * Joins texts that come within `ms`, so that not every token becomes a frame for every player. A `restart` drops the text that is
 * still gathered. When `parts` fails, the gathered text comes first.
 */
export async function* gathered(parts: AsyncIterator<ModelPart>, ms: number): AsyncGenerator<ModelPart> {
  const held: Held = { text: '', due: null, timer: undefined }
  try {
    for (let next = parts.next(); ;) {
      // A caller that leaves early does not wait for this promise.
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
