// An importer's report about a file: shown before anything is stored, and given with the answer once it is.
import type { CampaignSummary } from './room.ts'

/** `sceneCharacters`, `notesCharacters`: of the scene and the DM notes. `pagesBytes`: of all pages together. */
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

/** `kept`, `changed` and `leftOut` are sentences for the DM. Nothing of the file is lost that no sentence tells of. */
export type ImportReport = {
  name: string
  counts: ImportCounts
  kept: string[]
  changed: string[]
  leftOut: string[]
}

export type ImportAnswer = CampaignSummary & { report: ImportReport }
