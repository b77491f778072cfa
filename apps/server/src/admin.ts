// What the operator's commands share with the server; it brings in none of the rest.
export { type Config, isLoopback, options, parseConfig } from './config.ts'
export { prune } from './stages/campaign/pruning.ts'
export { newCode } from './rooms/invite-code.ts'
export { makeApiKey } from './stages/topics/api-key.ts'
