import { onceForFrozen } from '@tablecast/contracts'

/** The same as `JSON.stringify`. The texts of frozen parts, such as the characters that a change left alone, are kept. */
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

const objectText = onceForFrozen((part: object) => JSON.stringify(part))

const partText = (part: unknown): string =>
  typeof part === 'object' && part !== null ? objectText(part) : JSON.stringify(part ?? null)
