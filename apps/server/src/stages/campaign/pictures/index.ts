// Pictures of a campaign: their uploads, their content and their addresses.
import { join } from 'node:path'
import { mediaFolder, type MediaStore, openMediaStore, PictureReader, RecentContent } from '@tablecast/media'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../../../config.ts'
import type { Host } from '../../../host.ts'
import { PictureAddresses } from './addresses.ts'
import { Faces } from './faces.ts'
import { picturesHttp } from './http.ts'
import { PictureTelemetry } from './picture-telemetry.ts'
import { UploadLimits } from './upload-limits.ts'
import { Uploads } from './uploads.ts'

export type CampaignPictures = AsyncDisposable & {
  media: MediaStore
  reader: PictureReader
  telemetry: PictureTelemetry
  uploads: Uploads
  limits: UploadLimits
  /** The folder of files that are under way. */
  folder: string
  /** The counts of this node for operators. */
  counts(): Promise<{ bytes: number | null; kept: number; refused: number; failed: number; encoderDeaths: number }>
  rest(app: FastifyInstance): void
}

const IDLE_TIMEOUT_MS = 30_000
const MAX_MEMORY_BYTES = 600_000_000
const MAX_WAITING = 16
/** About four photos with all their sizes. */
const MAX_RECENT_BYTES = 12_000_000

export async function openPictures({ store, rooms, auth, log }: Host, config: Config): Promise<CampaignPictures> {
  await using opened = new AsyncDisposableStack()
  const telemetry = new PictureTelemetry(log)
  const media = openMediaStore(store, { dataDir: config.DATA_DIR })
  const recent = new RecentContent(media, MAX_RECENT_BYTES)
  const folder = join(mediaFolder(config.DATA_DIR), 'tmp')
  const reader = opened.use(
    new PictureReader({
      folder,
      maxPixels: config.MEDIA_MAX_PIXELS,
      encoder: {
        deadlineMs: config.MEDIA_SECONDS * 1_000,
        mapDeadlineMs: config.MEDIA_MAP_SECONDS * 1_000,
        idleMs: IDLE_TIMEOUT_MS,
        maxMemoryBytes: MAX_MEMORY_BYTES,
        maxWaiting: MAX_WAITING,
        died: (why) => telemetry.encoderDied(why),
      },
    }),
  )
  const limits = new UploadLimits(config.UPLOADS_PER_HOUR)
  const uploads = new Uploads(
    {
      store,
      memberships: rooms.memberships,
      media,
      recent,
      reader,
      limits,
      telemetry,
    },
    {
      who: config.UPLOADS,
      maxFileBytes: config.MEDIA_PICTURE_MAX_BYTES,
      maxMapBytes: config.MEDIA_MAP_MAX_BYTES,
      maxRoomBytes: config.MEDIA_ROOM_MAX_BYTES,
      maxServerBytes: config.MEDIA_MAX_BYTES,
      minFreeBytes: config.MEDIA_MIN_FREE_BYTES,
      folder,
    },
  )
  await uploads.tidy()
  const addresses = new PictureAddresses({ store, media: recent, faces: new Faces(media, reader) })
  const owned = opened.move()
  return {
    media,
    reader,
    telemetry,
    uploads,
    limits,
    folder,
    counts: async () => ({
      // The disk or the database may fail. The other counts are of use all the same.
      bytes: await media.usedBytes().catch(() => null),
      kept: telemetry.outcomes.get('kept') ?? 0,
      refused: telemetry.outcomes.get('refused') ?? 0,
      failed: telemetry.outcomes.get('failed') ?? 0,
      encoderDeaths: telemetry.encoderDeaths,
    }),
    rest: (app) => picturesHttp(app, { auth, uploads, addresses }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
