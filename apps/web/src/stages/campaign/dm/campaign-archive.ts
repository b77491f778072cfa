// A campaign with its pictures travels as a ZIP file, over plain HTTP.
import type { ImportAnswer, ImportReport } from '@tablecast/contracts'
import { authorization, Notice } from '../../../api.ts'
import { sentenceOf, withNewToken } from '../../../rest.ts'

const BROKEN_OFF = 'The connection broke off. Try again.'

/** Rejects with a `Notice` in the words of the server. */
export async function exportArchive(roomId: string, campaignId: string): Promise<{ fileName: string; content: Blob }> {
  const response = await asked(`${campaignsOf(roomId)}/${encodeURIComponent(campaignId)}/export.zip`)
  const [, name = ''] = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '') ?? []
  return { fileName: decodeURIComponent(name) || 'campaign.zip', content: await response.blob() }
}

/** The report that an import would return. Stores nothing. Rejects with a `Notice` in the words of the server. */
export async function previewArchive(roomId: string, file: Blob): Promise<ImportReport> {
  const response = await asked(`${campaignsOf(roomId)}/import/preview`, { method: 'POST', body: file })
  // The server of this page wrote it.
  return (await response.json()) as ImportReport
}

/** A repeat with the same key makes no second campaign. Rejects with a `Notice` in the words of the server. */
export async function importArchive(roomId: string, key: string, file: Blob): Promise<ImportAnswer> {
  const address = `${campaignsOf(roomId)}/import?${new URLSearchParams({ key }).toString()}`
  const response = await asked(address, { method: 'POST', body: file })
  // The server of this page wrote it.
  return (await response.json()) as ImportAnswer
}

const campaignsOf = (roomId: string): string => `/api/rooms/${encodeURIComponent(roomId)}/campaigns`

async function asked(address: string, request: RequestInit = {}): Promise<Response> {
  const response = await withNewToken(() =>
    fetch(address, { ...request, headers: authorization() }).catch(() => Promise.reject(new Notice(BROKEN_OFF))),
  )
  if (response.ok) return response
  throw new Notice(sentenceOf(await response.json().catch(() => null)) ?? BROKEN_OFF)
}
