import { flag, oneOf, type Options } from '@tablecast/config'
import { z } from 'zod'

export const DEFAULT_FEEDS = 'levels=LEVEL_SIGNALS/levels.signals'

export const signalsOptions = {
  SIGNALS_FEEDS: {
    schema: z.string().transform((text, context) => {
      if (text.trim() === 'none') return []
      const feeds = text
        .split(',')
        .map((part) => /^([A-Za-z0-9_-]{1,64})=([^\s.*>/]{1,64})\/([^\s*>/]{1,128})$/.exec(part.trim()))
        .map((match) => match && { name: match[1] ?? '', stream: match[2] ?? '', subject: match[3] ?? '' })
      if (feeds.some((feed) => feed === null))
        context.addIssue('must be name=STREAM/subject, several separated by commas, or none')
      return feeds.filter((feed) => feed !== null)
    }),
    fallback: DEFAULT_FEEDS,
    does: 'Signals: feeds as name=STREAM/subject, or none; /ws/stream serves the first; each stream has to exist',
  },
  SIGNALS_CONSUMER: {
    schema: oneOf('durable', 'broadcast'),
    fallback: '',
    does: 'Signals: durable (one node reads, and continues where it was) or broadcast (each node reads by itself); durable unless several nodes share a database',
  },
  SIGNALS_DEMO: {
    schema: flag,
    fallback: 'false',
    does: 'Signals: without NATS_URL, publish a generated series on the first feed',
  },
} satisfies Options
