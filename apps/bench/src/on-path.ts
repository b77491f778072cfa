import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Whether a command is installed where a shell would find it. */
export const isOnPath = (command: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)))
