// The report about an imported file. The preview shows it before anything is stored; the import answers with it.
import type { CampaignSummary } from './room.ts'

/** `sceneCharacters`, `notesCharacters`: the lengths of the scene and the DM notes. `pagesBytes`: the sum of all pages. */
export type ImportCounts = {
  characters: number
  threats: number
  beats: number
  environment: number
  entries: number
  pages: number
  pagesBytes: number
  sceneCharacters: number
  notesCharacters: number
}

/** `kept`, `changed` and `leftOut` are sentences for the DM. A sentence names each part of the file that is lost. */
export type ImportReport = {
  name: string
  counts: ImportCounts
  kept: string[]
  changed: string[]
  leftOut: string[]
}

export type ImportAnswer = CampaignSummary & { report: ImportReport }
