// The slash commands of a fight: text to operations, with all names resolved.
export { commandTexts, type Command, type Table } from './command.ts'
export { readCommand } from './read.ts'
export { boxOperation, readDamageBox, type BoxEntry } from './damage-box.ts'
