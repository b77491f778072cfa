// The stat blocks of a room as files of other programs.
import { buffer } from 'node:stream/consumers'
import { asImprovedInitiative, asVault } from '@tablecast/bestiary/export'
import type { CreaturesExport, ExportCreaturesInput } from '@tablecast/contracts'
import type { Orchestrator } from '@tablecast/orchestrator'
import { ZipFile } from 'yazl'
import type { z } from 'zod'

type Request = z.infer<typeof ExportCreaturesInput>

/** Throws NOT_FOUND for a room without stat blocks of its own, VALIDATION_FAILED for too many, CAMPAIGN_NOT_FOUND. */
export async function exportCreatures(
  { fights }: Pick<Orchestrator, 'fights'>,
  { roomId, campaignId, format }: Request,
): Promise<CreaturesExport> {
  const blocks = await fights.blocks.all(roomId)
  if (format === 'improved-initiative')
    return { fileName: 'improved-initiative.json', text: JSON.stringify(asImprovedInitiative(blocks)), zip: null }
  const encounters = campaignId ? await fights.encounters.list(roomId, campaignId) : []
  const zip = new ZipFile()
  const notes = asVault(
    blocks,
    encounters.map(({ name, plan }) => ({ name, notes: plan.notes, creatures: plan.creatures })),
  )
  for (const { path, text } of notes) zip.addBuffer(Buffer.from(text), path)
  zip.end()
  return { fileName: 'creatures.zip', text: null, zip: (await buffer(zip.outputStream)).toString('base64') }
}
