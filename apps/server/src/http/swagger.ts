// The libraries of the OpenAPI pages. `api-pages.ts` imports this with the first visit, and nothing else does.
export { default as swagger } from '@fastify/swagger'
export { default as swaggerUi } from '@fastify/swagger-ui'
export { jsonSchemaTransform } from 'fastify-type-provider-zod'
