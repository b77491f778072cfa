import type { Command } from '../command.ts'
import { backup } from './backup.ts'
import { createKey } from './create-key.ts'
import { doctor } from './doctor.ts'
import { invite } from './invite.ts'
import { listKeys } from './list-keys.ts'
import { media } from './media.ts'
import { pruneNow } from './prune.ts'
import { renewEpochs } from './renew-epochs.ts'
import { restore } from './restore.ts'
import { revokeKey } from './revoke-key.ts'
import { rooms } from './rooms.ts'

export const commands: Readonly<Record<string, Command>> = {
  backup,
  restore,
  doctor,
  rooms,
  media,
  invite,
  'create-key': createKey,
  'list-keys': listKeys,
  'revoke-key': revokeKey,
  prune: pruneNow,
  'renew-epochs': renewEpochs,
}
