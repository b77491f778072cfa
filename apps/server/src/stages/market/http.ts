// The market's REST endpoints.
import {
  AgentPage,
  AgentQuery,
  CandlePage,
  CandleQuery,
  CreateAgentBody,
  CreateDiscussionBody,
  CreateSectorBody,
  Discussion,
  DiscussionMessage,
  DiscussionPage,
  DiscussionQuery,
  Id,
  MarketAgent,
  MessagePage,
  PageQuery,
  PostMessageBody,
  ReplaceAgentBody,
  ReplaceDiscussionBody,
  ReplaceSectorBody,
  Sector,
  SectorPage,
  SectorQuery,
  TablecastError,
  UpdateAgentBody,
  UpdateDiscussionBody,
  UpdateSectorBody,
} from '@tablecast/contracts'
import type { DiscussionRow, Store, Repositories } from '@tablecast/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { lockUser } from '../../rooms/change-as-user.ts'
import { refusals } from '../../http/rest.ts'
import type { Collection } from './collection.ts'
import type { Market, MarketCaller } from './market.ts'

export type MarketHttpDeps = {
  market: Market
  store: Store
  /** The caller of a request. Throws UNAUTHORIZED where the operator demands a token. */
  callerOf(request: FastifyRequest): Promise<MarketCaller>
}

const tags = ['market']
const ById = z.object({ id: Id })
const IfMatch = z.looseObject({ 'if-match': z.string().max(200).optional() })

export function marketHttp(app: FastifyInstance, { market, store, callerOf }: MarketHttpDeps): void {
  const rest = app.withTypeProvider<ZodTypeProvider>()

  const editorOnly = async (request: FastifyRequest, action: string) => {
    const caller = await callerOf(request)
    if (!caller.isEditor) throw new TablecastError('FORBIDDEN', `Only an editor of the market may ${action}.`)
    return caller
  }

  resource(rest, {
    path: '/api/sectors',
    noun: 'sector',
    collection: market.sectors,
    one: Sector,
    create: CreateSectorBody,
    replace: ReplaceSectorBody,
    update: UpdateSectorBody,
    read: callerOf,
    mayCreate: (request) =>
      editorOnly(request, 'create sectors').then((caller) => ({ ...confirmed(caller), fields: {} })),
    mayChange: (request) =>
      editorOnly(request, 'change sectors').then((caller) => ({ ...confirmed(caller), allow() {} })),
  })
  resource(rest, {
    path: '/api/agents',
    noun: 'agent',
    collection: market.agents,
    one: MarketAgent,
    create: CreateAgentBody,
    replace: ReplaceAgentBody,
    update: UpdateAgentBody,
    read: callerOf,
    mayCreate: (request) =>
      editorOnly(request, 'create agents').then((caller) => ({ ...confirmed(caller), fields: {} })),
    mayChange: (request) =>
      editorOnly(request, 'change agents').then((caller) => ({ ...confirmed(caller), allow() {} })),
  })
  resource(rest, {
    path: '/api/discussions',
    noun: 'discussion',
    collection: market.discussions,
    one: Discussion,
    create: CreateDiscussionBody,
    replace: ReplaceDiscussionBody,
    update: UpdateDiscussionBody,
    read: callerOf,
    async mayCreate(request) {
      const caller = await callerOf(request)
      return { ...confirmed(caller), fields: { ownerId: caller.userId } }
    },
    async mayChange(request) {
      const caller = await callerOf(request)
      return {
        ...confirmed(caller),
        allow({ ownerId }: DiscussionRow) {
          if (!caller.isEditor && (ownerId === null || ownerId !== caller.userId))
            throw new TablecastError('FORBIDDEN', 'Only the user who opened a discussion may change it.')
        },
      }
    },
  })

  listing(rest, {
    path: '/api/sectors',
    plural: 'sectors',
    query: SectorQuery,
    page: SectorPage,
    read: callerOf,
    list: (query, page) => store.read(({ sectors }) => sectors.list({ ...page, search: query.search })),
  })
  listing(rest, {
    path: '/api/agents',
    plural: 'agents',
    query: AgentQuery,
    page: AgentPage,
    read: callerOf,
    list: ({ sectorId, status }, page) => store.read(({ agents }) => agents.list({ ...page, sectorId, status })),
  })
  listing(rest, {
    path: '/api/discussions',
    plural: 'discussions',
    query: DiscussionQuery,
    page: DiscussionPage,
    read: callerOf,
    list: ({ sectorId }, page) => store.read(({ discussions }) => discussions.list({ ...page, sectorId })),
  })

  rest.get(
    '/api/sectors/:id/candles',
    {
      schema: {
        tags,
        summary: 'Candles of a sector',
        description: 'Oldest first, one for each interval that has candles. Without `from`, the newest 300 intervals.',
        params: ById,
        querystring: CandleQuery,
        response: { 200: CandlePage, ...refusals(401, 404, 422, 503) },
      },
    },
    async (request) => {
      await callerOf(request)
      const { id: sectorId } = request.params
      const { interval } = request.query
      return { sectorId, interval, candles: await market.candles(sectorId, request.query) }
    },
  )

  rest.get(
    '/api/discussions/:id/messages',
    {
      schema: {
        tags,
        summary: 'Messages of a discussion',
        description: 'The newest page, oldest first. `nextCursor` leads to the next older page.',
        params: ById,
        querystring: PageQuery,
        response: { 200: MessagePage, ...refusals(400, 401, 404, 422, 503) },
      },
    },
    async (request) => {
      await callerOf(request)
      const { limit, cursor } = request.query
      return market.messages(request.params.id, { before: cursor ?? null, limit })
    },
  )

  rest.post(
    '/api/discussions/:id/messages',
    {
      schema: {
        tags,
        summary: 'Write a message in a discussion',
        description:
          'The server stores the message, then sends it to every subscriber. With an `id` of your own a repeat changes nothing.',
        params: ById,
        body: PostMessageBody,
        response: { 201: DiscussionMessage, ...refusals(400, 401, 403, 404, 409, 413, 422, 429, 503) },
      },
    },
    async (request, reply) => {
      const caller = await callerOf(request)
      const { id = null, content, type } = request.body
      const author = await authorOf(caller, request.body)
      const by = { userId: caller.userId, key: null }
      const message = await market.post(request.params.id, { id, content, type, ...author }, by)
      return reply.status(201).send(message)
    },
  )

  /** Users write under their own name. Anonymous programs and editors may write for an agent or under another name. */
  async function authorOf(
    caller: MarketCaller,
    author: { authorId?: string | undefined; authorName?: string | undefined },
  ) {
    const { authorId, authorName } = author
    if (authorId === undefined)
      return { authorId: caller.userId ?? 'guest', authorName: authorName ?? caller.name ?? 'Guest' }
    if (!caller.isEditor && authorId !== caller.userId)
      throw new TablecastError('FORBIDDEN', 'The author can only be you, unless you are an editor of the market.')
    const agent = await store.read(({ agents }) => agents.get(authorId))
    const known = agent?.name ?? (authorId === caller.userId ? caller.name : null)
    return { authorId, authorName: known ?? authorName ?? authorId }
  }
}

type Row = { id: string; version: number; createdAt: string; updatedAt: string }

/** `confirm` checks within the transaction that the caller's guest token has not been replaced by an account. */
type ConfirmedCaller = { confirm(tables: Repositories): Promise<void> }

const confirmed = ({ userId }: MarketCaller): ConfirmedCaller => ({
  confirm: async (tables) => {
    if (userId !== null) await lockUser(tables, userId)
  },
})

type Resource<R extends Row, C extends z.ZodType, P extends z.ZodType, U extends z.ZodType> = {
  path: string
  noun: string
  collection: Collection<R>
  one: z.ZodType
  create: C
  replace: P
  update: U
  read(request: FastifyRequest): Promise<unknown>
  /** Throws FORBIDDEN when the caller may not create. Resolves with the fields that depend on the caller. */
  mayCreate(request: FastifyRequest): Promise<ConfirmedCaller & { fields: object }>
  /** Throws FORBIDDEN when the caller may change no row. `allow` throws it for a row that the caller may not change. */
  mayChange(request: FastifyRequest): Promise<ConfirmedCaller & { allow(row: R): void }>
}

/** The endpoints that create, get, replace, update and delete rows of one kind. */
function resource<R extends Row, C extends z.ZodType, P extends z.ZodType, U extends z.ZodType>(
  app: FastifyInstance,
  { path, noun, collection, one, create, replace, update, read, mayCreate, mayChange }: Resource<R, C, P, U>,
): void {
  const rest = app.withTypeProvider<ZodTypeProvider>()
  const answer = (reply: FastifyReply, status: number, row: R) =>
    reply.status(status).header('etag', etagOf(row)).send(row)
  const changing = { params: ById, headers: IfMatch, tags }
  const refused = refusals(400, 401, 403, 404, 409, 412, 413, 422, 429, 503)

  rest.post(
    path,
    { schema: { tags, summary: `Create a ${noun}`, body: create, response: { 201: one, ...refused } } },
    async (request, reply) => {
      const { fields: more, confirm } = await mayCreate(request)
      // The contract's schema has just parsed it.
      const { id = null, ...fields } = request.body as { id?: string } & Omit<R, keyof Row>
      const row = await collection.create(
        id,
        { ...(fields as Omit<R, keyof Row>), ...more },
        async (tables, insert) => {
          await confirm(tables)
          return insert()
        },
      )
      return answer(reply.header('location', `${path}/${row.id}`), 201, row)
    },
  )

  rest.get(
    `${path}/:id`,
    {
      schema: { tags, summary: `Get a ${noun}`, params: ById, response: { 200: one, ...refusals(401, 404, 422, 503) } },
    },
    async (request, reply) => {
      await read(request)
      return answer(reply, 200, await collection.get(request.params.id))
    },
  )

  for (const [method, schema, summary] of [
    ['PUT', replace, `Replace a ${noun}`],
    ['PATCH', update, `Change some fields of a ${noun}`],
  ] as const)
    rest.route({
      method,
      url: `${path}/:id`,
      schema: { ...changing, summary, body: schema, response: { 200: one, ...refused } },
      handler: async (request, reply) => {
        const may = await mayChange(request)
        const version = versionOf(request.headers['if-match'])
        const row = await collection.change(request.params.id, request.body as Partial<Omit<R, keyof Row>>, {
          version,
          ...may,
        })
        return answer(reply, 200, row)
      },
    })

  rest.delete(
    `${path}/:id`,
    { schema: { ...changing, summary: `Delete a ${noun}`, response: { 204: z.null(), ...refused } } },
    async (request, reply) => {
      const may = await mayChange(request)
      await collection.remove(request.params.id, { version: versionOf(request.headers['if-match']), ...may })
      return reply.status(204).send(null)
    },
  )
}

const etagOf = ({ version }: Row) => `"${version}"`

/** RFC 9110 §13.1.1: the version that the caller has seen; null for any; -1, which no row has, for an ETag that is not ours. */
function versionOf(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null
  const version = /^"(\d{1,15})"$/.exec(ifMatch.trim())?.[1]
  return version === undefined ? -1 : Number(version)
}

type Listing<Q extends z.ZodType<z.infer<typeof PageQuery>>> = {
  path: string
  plural: string
  query: Q
  page: z.ZodType
  read(request: FastifyRequest): Promise<unknown>
  /** The rows with an id after `after`, sorted by id. */
  list(query: z.infer<Q>, page: { after: string | undefined; limit: number }): Promise<Row[]>
}

/** The endpoint that lists rows of one kind page by page. */
function listing<Q extends z.ZodType<z.infer<typeof PageQuery>>>(
  app: FastifyInstance,
  { path, plural, query, page, read, list }: Listing<Q>,
): void {
  const response = { 200: page, ...refusals(400, 401, 422, 503) }
  app.get(
    path,
    { schema: { tags, summary: `List ${plural}`, querystring: query, response } },
    async (request, reply) => {
      await read(request)
      // The contract's schema has just parsed it.
      const wanted = request.query as z.infer<Q>
      const { cursor, limit } = wanted
      // One row more than the page shows whether there is a next page.
      const found = await list(wanted, { after: cursor, limit: limit + 1 })
      const shown = found.slice(0, limit)
      return reply.send({ [plural]: shown, nextCursor: found.length > limit ? (shown.at(-1)?.id ?? null) : null })
    },
  )
}
