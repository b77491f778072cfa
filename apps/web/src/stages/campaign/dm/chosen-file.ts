// Reads a file that a DM chose: asks the server for the report, and imports the file on request.
import { type ImportAnswer, type ImportReport, MAX_SCENARIO } from '@tablecast/contracts'
import { api, newKey, Notice } from '../../../api.ts'
import { importArchive, previewArchive } from './campaign-archive.ts'

export type ChosenFile = { report: ImportReport; take(): Promise<ImportAnswer> }

/** Stores nothing. Rejects with a `Notice`, or with the server's refusal. */
export async function previewFile(roomId: string, file: File): Promise<ChosenFile> {
  // One key for every attempt: a second attempt must not make a second campaign.
  const key = newKey()
  if (await isZip(file))
    return { report: await previewArchive(roomId, file), take: () => importArchive(roomId, key, file) }
  const text = await textOf(file)
  if (isMarkdown(file.name, text)) {
    if (text.length > MAX_SCENARIO)
      throw new Notice(
        `A scenario may have ${MAX_SCENARIO.toLocaleString('en')} characters, and this one has ${text.length.toLocaleString('en')}. Import it in parts.`,
      )
    const report = await api.campaign.previewScenario.query({ roomId, markdown: text })
    return { report, take: () => api.campaign.importScenario.mutate({ roomId, key, markdown: text }) }
  }
  const document = jsonOf(text)
  const report = await api.campaign.previewImport.query({ roomId, document })
  return { report, take: () => api.campaign.import.mutate({ roomId, key, document }) }
}

async function isZip(file: File): Promise<boolean> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  return first === 0x50 && second === 0x4b
}

async function textOf(file: File): Promise<string> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
  } catch {
    throw new Notice('This file is not text in UTF-8. Save it again in that encoding.')
  }
  if (text.trim() === '') throw new Notice('The file is empty.')
  return text
}

function isMarkdown(name: string, text: string): boolean {
  if (/\.(md|markdown|txt)$/i.test(name)) return true
  return !/\.json$/i.test(name) && !text.trimStart().startsWith('{')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Notice('This is not a campaign. Choose a file that was exported here, or a scenario in Markdown.')
  }
}
