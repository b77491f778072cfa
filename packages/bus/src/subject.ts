import { BusError, MAX_PAYLOAD_BYTES } from './bus.ts'

const TOKEN = '[^\\s.*>]+'
const SUBJECT = new RegExp(`^${TOKEN}(\\.${TOKEN})*$`)
const PATTERN = new RegExp(`^(${TOKEN}|\\*)(\\.(${TOKEN}|\\*))*(\\.>)?$|^>$`)

export function checkSubject(subject: string): void {
  if (!SUBJECT.test(subject)) throw new BusError('BAD_SUBJECT', `not a subject: ${JSON.stringify(subject)}`)
}

export function checkPattern(pattern: string): void {
  if (!PATTERN.test(pattern)) throw new BusError('BAD_SUBJECT', `not a pattern: ${JSON.stringify(pattern)}`)
}

export const isPattern = (pattern: string): boolean => /(^|\.)[*>](\.|$)/.test(pattern)

/** https://docs.nats.io/nats-concepts/subjects#wildcards */
export function matches(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.')
  const tokens = subject.split('.')
  for (const [index, want] of wanted.entries()) {
    if (want === '>') return tokens.length > index
    if (index >= tokens.length || (want !== '*' && want !== tokens[index])) return false
  }
  return tokens.length === wanted.length
}

export function checkSize(bytes: number): void {
  if (bytes > MAX_PAYLOAD_BYTES) throw new BusError('TOO_LARGE', `over ${MAX_PAYLOAD_BYTES} bytes`)
}
