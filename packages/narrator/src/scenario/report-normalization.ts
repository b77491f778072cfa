import type { NormalizedText } from '@tablecast/contracts'
import type { Scenario } from './reading.ts'
import { counted } from './words.ts'

/** Adds sentences to the report for the characters that were removed, replaced or composed before the text was read. */
export function reportNormalization(
  scenario: Scenario,
  { takenOut, isRepaired, isComposed }: Omit<NormalizedText, 'text'>,
): Scenario {
  const changed = [
    ...(takenOut > 0
      ? [
          takenOut === 1
            ? 'One character without a sign, such as a control character, was removed from the text.'
            : `${counted(takenOut, 'character')} without a sign, such as control characters, were removed from the text.`,
        ]
      : []),
    ...(isRepaired ? ['Broken characters were replaced with “\u{FFFD}”.'] : []),
    ...(isComposed ? ['Letters and their accents were joined into one character each (Unicode NFC).'] : []),
  ]
  return { ...scenario, report: { ...scenario.report, changed: [...changed, ...scenario.report.changed] } }
}
