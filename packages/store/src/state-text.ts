import { onceForFrozen } from '@tablecast/contracts'

/**
 * Each part takes a multiple of this number of characters, filled with spaces, which JSON allows between its parts. So a change of some
 * hit points moves nothing behind them, and SQLite writes the one page that differs, where it wrote all pages of the text.
 */
const STEP = 64

/** Reads as what `JSON.stringify` writes. The texts of frozen parts, such as the characters that a change left alone, are kept. */
export function stateText(state: object): string {
  // Added up, because a join of joined lists copies the whole text each time.
  let text = ''
  for (const [field, value] of Object.entries(state))
    if (value !== undefined) text += `${text && ','}${JSON.stringify(field)}:${fieldText(value)}`
  return `{${text}}`
}

function fieldText(value: unknown): string {
  if (!Array.isArray(value)) return partText(value)
  let text = ''
  for (const item of value) text += `${text && ','}${partText(item)}`
  return `[${text}]`
}

function paddedText(part: unknown): string {
  const text = JSON.stringify(part ?? null)
  const missing = Math.ceil(text.length / STEP) * STEP - text.length
  // A join makes one piece in memory. The two pieces of `padEnd` would be put together again with each change of another part.
  return [text, ' '.repeat(missing)].join('')
}

const objectText = onceForFrozen<object, string>(paddedText)

const partText = (part: unknown): string =>
  typeof part === 'object' && part !== null ? objectText(part) : paddedText(part)
