// Frames that the documents print, against the contract of the socket that takes them: ```json topics and the like.
import { PlainDmMessage, PlainPlayerMessage, StatePatch, TopicFrame } from '@tablecast/contracts'
import type { z } from 'zod'
import type { Block } from './blocks.ts'

const schemas: Readonly<Record<string, z.ZodType>> = {
  'json dm': PlainDmMessage,
  'json player': PlainPlayerMessage,
  'json topics': TopicFrame,
  'json patch': StatePatch,
}

export const isFrames = ({ info }: Block): boolean => info in schemas

/** The problem of each frame that its contract refuses: one frame a line. */
export function frameProblems({ document, line, info, text }: Block): string[] {
  return text
    .trimEnd()
    .split('\n')
    .flatMap((frame, index) => {
      const result = schemas[info]?.safeParse(JSON.parse(frame))
      return result?.success
        ? []
        : [`${document}:${line + index}: ${result?.error.message ?? `no contract for ${info}`}`]
    })
}
