// Hostile Unicode.
import fc from 'fast-check'
import { repeated } from './repeated-text.ts'

export function unicode(maxLength: number): fc.Arbitrary<string> {
  const parts = [
    'é',
    'e\u0301',
    'Z\u0351\u036b\u0343\u036a\u0302',
    '\u202e',
    '\u2066',
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u2028',
    '\u2029',
    '\u0085',
    '\u00ad',
    'ﷺ',
    '👨‍👩‍👧‍👦',
    '🏴‍☠️',
    '𝕏',
    '\u{10ffff}',
    '\ue000',
    'ı',
    'İ',
    'ß',
    'ǆ',
    '\r',
    '\r\n',
    '\v',
    '\u0001',
    '\u001b[2J',
    '\u007f',
    '한',
    'ก็็็็็',
    '﷽',
  ]
  return repeated(
    fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 4 }).map((all) => all.join('')),
    maxLength,
    ['', 'a', ' '],
  )
}
