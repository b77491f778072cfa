// The parts of the server that the operator's commands use, without the rest of it.
export { type Config, isLoopback, options, parseConfig } from './config.ts'
export { cleanPictures } from './stages/campaign/pictures/cleaning.ts'
export { prune } from './stages/campaign/pruning.ts'
export { newCode } from './rooms/invite-code.ts'
export { makeApiKey } from './stages/topics/api-key.ts'
