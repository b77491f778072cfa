import { shortened } from '@tablecast/contracts'
import type { RoomCall } from './outbox-calls.ts'

/** The call in a few words. */
export function callInWords(call: RoomCall): string {
  switch (call.do) {
    case 'say':
    case 'whisper':
      return `“${clipped(call.message)}”`
    case 'edit':
    case 'editOwn':
    case 'operate':
      return call.what
    case 'editEntry':
      return `New words: “${clipped(call.text)}”`
    case 'deleteEntry':
      return call.deleted ? 'An entry to delete' : 'An entry to put back'
  }
}

const clipped = (text: string): string => shortened(text, 81)
