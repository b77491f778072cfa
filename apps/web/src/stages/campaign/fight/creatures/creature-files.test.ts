import { describe, expect, it } from 'vitest'
import { pastedSource, sourceOf } from './creature-files.ts'

const file = (name: string, ...parts: (string | Uint8Array<ArrayBuffer>)[]) => new File(parts, name)

describe('files that a DM chooses', () => {
  it('go as text, as files or as a ZIP file by their content', async () => {
    expect(await sourceOf([file('a.json', '{}')])).toEqual({ label: 'a.json', text: '{}' })
    expect(await sourceOf([file('a.json', '{}'), file('b.md', 'x')])).toEqual({
      label: '2 files',
      files: [
        { path: 'a.json', text: '{}' },
        { path: 'b.md', text: 'x' },
      ],
    })
    expect(await sourceOf([file('named.json', 'PK\u0003\u0004')])).toEqual({
      label: 'named.json',
      zip: btoa('PK\u0003\u0004'),
    })
  })

  it('are read in UTF-16 with a mark, and refused in other encodings', async () => {
    const utf16 = new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00])
    expect(await sourceOf([file('a.json', utf16)])).toMatchObject({ text: '{}' })
    await expect(sourceOf([file('a.txt', new Uint8Array([0xe9, 0x20]))])).rejects.toThrow('a.txt is not text in UTF-8')
  })

  it('are refused before they are read when they are too large or too many', async () => {
    /** A file of which no byte may be read. */
    class Huge extends File {
      override get size() {
        return 100_000_000
      }
      override arrayBuffer(): Promise<ArrayBuffer> {
        throw new Error('it was read')
      }
    }
    await expect(sourceOf([new Huge(['{}'], 'huge.json')])).rejects.toThrow('This file has 100 MB. Up to 4 MB')
    await expect(sourceOf([new Huge(['PK'], 'vault.zip')])).rejects.toThrow('This ZIP file has 100 MB')
    await expect(sourceOf([file('a.zip', 'PK'), file('b.md', 'x')])).rejects.toThrow('Choose a ZIP file alone')
    await expect(sourceOf(Array.from({ length: 1_001 }, () => file('a.md', 'x')))).rejects.toThrow('Up to 1,000 files')
    expect(() => pastedSource('x'.repeat(4_000_001))).toThrow('Paste it in parts')
  })
})
