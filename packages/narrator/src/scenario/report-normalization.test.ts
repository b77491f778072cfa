import { describe, expect, it } from 'vitest'
import { readScenario } from '../scenario.ts'

const changed = (markdown: string) => readScenario(markdown).report.changed
const own = (scene: string) => `---\ntablecast: campaign\n---\n\n# Bell\n\n## Scene\n\n${scene}\n`
const COMPOSED = 'Letters and their accents were joined into one character each (Unicode NFC).'
const REPLACED = 'Broken characters were replaced with “\u{FFFD}”.'

describe('the report of an import', () => {
  for (const [form, text] of Object.entries({ adventure: (scene: string) => `## Scene\n\n${scene}`, export: own })) {
    it(`counts the characters without a sign that an ${form} lost, such as NUL and text-direction overrides`, () => {
      const one = 'One character without a sign, such as a control character, was removed from the text.'
      for (const character of ['\u0000', '\u0007', '\u202E', '\u2066', '\uFDD0'])
        expect([character, changed(text(`Rain${character}.`))]).toEqual([character, [one]])
      const { state, report } = readScenario(text('A\u0000 bell\u202E rings\u0007.'))
      expect(state.scene).toBe('A bell rings.')
      expect(report.changed).toEqual([
        '3 characters without a sign, such as control characters, were removed from the text.',
      ])
    })

    it(`says that letters of an ${form} were composed with their accents`, () => {
      const { state, report } = readScenario(text('Re\u0301becca waits.'))
      expect(state.scene).toBe('R\u00E9becca waits.')
      expect(report.changed).toEqual([COMPOSED])
    })

    it(`says that broken characters of an ${form} were replaced`, () => {
      const { state, report } = readScenario(text('A \uD83D dragon.'))
      expect(state.scene).toBe('A \uFFFD dragon.')
      expect(report.changed).toEqual([REPLACED])
    })

    it(`says nothing about the line ends and the byte order mark of an ${form}`, () => {
      expect(changed(`\uFEFF${text('Rain.\n\nFog.').replaceAll('\n', '\r\n')}`)).toEqual([])
    })
  }

  it('names every kind of change once, before the changes of the reader', () => {
    expect(changed('## Scene\n\nE\u0301 \uD83D\u0000 ==now==')).toEqual([
      'One character without a sign, such as a control character, was removed from the text.',
      REPLACED,
      COMPOSED,
      '1 highlighted passage became bold.',
    ])
  })

  it('names the first things of a kind, and the true number of the others', () => {
    const guards = Array.from({ length: 1_234 }, (_, place) => `- Guard ${place}: HP 7`).join('\n')
    const { leftOut } = readScenario(`## Characters\n\n${guards}`).report
    expect(leftOut).toEqual([
      `A campaign holds 100 characters; on the pages alone are: ${Array.from({ length: 7 }, (_, place) => `Guard ${place + 100}: HP 7`).join(', ')} and 1,127 more.`,
    ])
  })

  it('names the kinds of callouts, which a title replaces', () => {
    const callouts = '> [!warning] Beware\n\n> [!NOTE]- Fold\n\n> [!note|wide]\n> Words\n\n> [!read aloud] Rain'
    expect(changed(`## Lore\n\n${callouts}`)).toEqual([
      '4 callouts became quotes, by kind: “warning”, “note” (2) and “read aloud”.',
    ])
  })
})
