import {
  busOptions,
  logOptions,
  modelOptions,
  narratorOptions,
  type Options,
  redisOptions,
  storeOptions,
  type Values,
} from '@tablecast/config'
import { accessOptions } from './access-options.ts'
import { arenaOptions } from './arena-options.ts'
import { bodyOptions } from './body-options.ts'
import { connectionOptions } from './connection-options.ts'
import { listeningOptions } from './listening-options.ts'
import { marketOptions } from './market-options.ts'
import { noticeOptions } from './notice-options.ts'
import { observationOptions } from './observation-options.ts'
import { pictureOptions } from './picture-options.ts'
import { roomOptions } from './room-options.ts'
import { signalsOptions } from './signals-options.ts'
import { topicsOptions } from './topics-options.ts'

/** The settings as data: `--help`, `.env.example` and the tables of the docs come from them, in this order. */
export const options = {
  ...listeningOptions,
  ...storeOptions,
  ...busOptions,
  ...redisOptions,
  ...logOptions,
  ...observationOptions,
  ...accessOptions,
  ...connectionOptions,
  ...bodyOptions,
  ...roomOptions,
  ...pictureOptions,
  ...noticeOptions,
  ...topicsOptions,
  ...signalsOptions,
  ...arenaOptions,
  ...marketOptions,
  ...modelOptions,
  ...narratorOptions,
} satisfies Options

export type Config = Values<typeof options>
