// The topics' REST endpoints.
import {
  allows,
  TablecastError,
  AllTopicStats,
  CreateTopicBody,
  TopicCreated,
  TopicDeleted,
  TopicList,
  TopicName,
} from '@tablecast/contracts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { refusals } from '../../http/rest.ts'
import type { TopicCaller } from './api-keys.ts'
import type { Topics } from './topics.ts'

export type TopicHttpDeps = {
  topics: Topics
  /** The caller of a request. Throws UNAUTHORIZED where the operator demands a token. */
  callerOf(request: FastifyRequest): Promise<TopicCaller>
}

const tags = ['topics']

export function topicsHttp(app: FastifyInstance, { topics, callerOf }: TopicHttpDeps): void {
  const rest = app.withTypeProvider<ZodTypeProvider>()

  /** Only people create and delete topics. Throws FORBIDDEN for a key. */
  const personOf = async (request: FastifyRequest) => {
    const { userId, keyId } = await callerOf(request)
    if (keyId !== null) throw new TablecastError('FORBIDDEN', 'An API key can not make or delete topics.')
    return userId
  }
  /** A key sees only the topics that it has a right in. */
  const topicsFor = async (request: FastifyRequest) => {
    const { rights } = await callerOf(request)
    return topics
      .list()
      .filter(({ name }) => !rights || allows(rights, 'subscribe', name) || allows(rights, 'publish', name))
  }

  rest.post(
    '/topics',
    {
      schema: {
        tags,
        summary: 'Create a topic',
        body: CreateTopicBody,
        response: { 201: TopicCreated, ...refusals(400, 401, 409, 422, 429) },
      },
    },
    async (request, reply) => {
      const { name } = request.body
      await topics.create(name, await personOf(request))
      void reply.status(201)
      return { status: 'created' as const, topic: name }
    },
  )

  rest.delete(
    '/topics/:name',
    {
      schema: {
        tags,
        summary: 'Delete a topic',
        description: 'The server informs the subscribers and ends their subscriptions.',
        params: z.object({ name: TopicName }),
        response: { 200: TopicDeleted, ...refusals(401, 403, 404, 422) },
      },
    },
    async (request) => {
      const { name } = request.params
      await topics.remove(name, await personOf(request))
      return { status: 'deleted' as const, topic: name }
    },
  )

  rest.get(
    '/topics',
    { schema: { tags, summary: 'List the topics', response: { 200: TopicList, ...refusals(401) } } },
    async (request) => {
      return { topics: (await topicsFor(request)).map(({ name, subscribers }) => ({ name, subscribers })) }
    },
  )

  rest.get(
    '/stats',
    { schema: { tags, summary: 'Counts of each topic', response: { 200: AllTopicStats, ...refusals(401) } } },
    async (request) => {
      const seen = await topicsFor(request)
      const all = seen.map(({ name, ownerId: _owner, createdAt: _at, ...stats }) => [name, stats] as const)
      return { topics: Object.fromEntries(all) }
    },
  )
}
