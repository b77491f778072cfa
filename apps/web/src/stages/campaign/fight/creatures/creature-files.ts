// Files of other programs on their way to the server, which reads them.
import { type CreatureFile, MAX_CREATURE_ARCHIVE, MAX_CREATURE_FILES, MAX_CREATURE_TEXT } from '@tablecast/contracts'
import { Notice } from '../../../../api.ts'

/** One of the three. `label`: for the DM. */
export type CreatureSource = { label: string; text?: string; files?: CreatureFile[]; zip?: string }

/** Rejects with a `Notice` for files that are too large, too many, or no text. Nothing of a file that is too large is read. */
export async function sourceOf(files: readonly File[]): Promise<CreatureSource> {
  const [first, ...others] = files
  if (!first) throw new Notice('Choose a file.')
  const zip = await findZip(files)
  if (zip && others.length > 0) throw new Notice('Choose a ZIP file alone, without other files.')
  if (zip) return { label: zip.name, zip: await archiveOf(zip) }
  const bytes = files.reduce((sum, file) => sum + file.size, 0)
  if (bytes > MAX_CREATURE_TEXT)
    throw new Notice(
      `${files.length === 1 ? 'This file has' : 'These files have'} ${inMegabytes(bytes)}. Up to ${inMegabytes(MAX_CREATURE_TEXT)} can be read at once. Pack them as a ZIP file, or import them in parts.`,
    )
  if (files.length > MAX_CREATURE_FILES)
    throw new Notice(
      `Up to ${MAX_CREATURE_FILES.toLocaleString('en')} files can be read at once. Pack them as a ZIP file.`,
    )
  if (others.length === 0) return { label: first.name, text: await textOf(first) }
  const read = await Promise.all(
    files.map(async (file) => ({ path: file.name.slice(0, 300), text: await textOf(file) })),
  )
  return { label: `${files.length} files`, files: read }
}

/** Throws a `Notice` for a text that is too long. */
export function pastedSource(text: string): CreatureSource {
  if (text.length > MAX_CREATURE_TEXT)
    throw new Notice(
      `Up to ${MAX_CREATURE_TEXT.toLocaleString('en')} characters can be read at once. Paste it in parts.`,
    )
  return { label: 'the pasted text', text }
}

async function findZip(files: readonly File[]): Promise<File | null> {
  for (const file of files) {
    const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer())
    if (first === 0x50 && second === 0x4b) return file
  }
  return null
}

/** Bytes of a ZIP file: base64 makes four letters of three bytes. */
const MAX_ZIP_BYTES = (MAX_CREATURE_ARCHIVE / 4) * 3
const PART = 32_768

async function archiveOf(file: File): Promise<string> {
  if (file.size > MAX_ZIP_BYTES)
    throw new Notice(
      `This ZIP file has ${inMegabytes(file.size)}, and up to ${inMegabytes(MAX_ZIP_BYTES)} can be read. Pack the notes of the creatures alone, without pictures.`,
    )
  const bytes = new Uint8Array(await file.arrayBuffer())
  let letters = ''
  for (let at = 0; at < bytes.length; at += PART) letters += String.fromCharCode(...bytes.subarray(at, at + PART))
  return btoa(letters)
}

/** UTF-8, or UTF-16 with a mark of its byte order, which some editors of Windows write. */
async function textOf(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new Notice(`${file.name} is not text in UTF-8. Save it again in that encoding.`)
  }
}

const inMegabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1).replace('.0', '')} MB`
